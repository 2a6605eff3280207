"""Commands in every language: what Discord is sent of them, and that replies call them by the same names."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from contract.command_names import called
from contract.schema import Schema
from contract.translation import LANGUAGES, speaking
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rodbot.core.words import spoken, words
from rolls.schema import schema
from sandbox.errors import ApiError, FormErrors
from sandbox.validation.commands import check_command
from sandbox.validation.forms import Form
from scripts import translations

Payload = dict[str, Any]
SETS = CommandSets(Schema.model_validate(schema()))
TYPED = re.compile(r"`(/[^`{}]+)`")


@pytest.fixture(scope="module")
def payloads() -> list[Payload]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents(guilds=True)))
    main = SETS.editions[0]
    sets = [*(SETS.of(edition) for edition in SETS.editions), SETS.of(main, *SETS.editions)]
    return [payload for commands in sets for payload in descriptions.for_server(commands, tree)]


def inside(payload: Payload, path: str = "") -> Iterator[tuple[str, Payload]]:
    """Each command, group and option by its path."""
    here = f"{path} {payload['name']}".strip()
    yield here, payload
    for option in payload.get("options", ()):
        yield from inside(option, here)


def test_discord_takes_every_command_in_every_language(payloads: list[Payload]) -> None:
    """Patterns, lengths, names that differ among siblings, and at most 8,000 characters in the longest languages."""
    errors = FormErrors()
    for index, payload in enumerate(payloads):
        check_command(Form(payload, (index,), errors))
    errors.check()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_localizations": {"de": "Groß"}},
        {"name_localizations": {"xx": "name"}},
        {"name_localizations": {"de": "zwei wörter"}},
        {"description_localizations": {"de": "x" * 101}},
        {
            "options": [
                {
                    "type": 1,
                    "name": f"s{number}",
                    "description": "d",
                    "options": [
                        {
                            "type": 3,
                            "name": f"o{n}",
                            "description": "d",
                            "description_localizations": {"de": "x" * 99},
                        }
                        for n in range(25)
                    ],
                }
                for number in range(4)
            ]
        },
    ],
)
def test_the_sandbox_refuses_what_discord_would(wrong: Payload) -> None:
    form = Form({"name": "a", "description": "d", **wrong})
    check_command(form)
    with pytest.raises(ApiError):
        form.check()


def test_every_command_and_description_is_there_in_german(payloads: list[Payload]) -> None:
    """Of traits and rolls the names follow from their labels; a name that is the same word in German counts too."""
    missing = {
        path
        for payload in payloads
        for path, part in inside(payload)
        if part.get("type") in (None, 1, 2) and part.get("description")
        if "de" not in part.get("description_localizations", {})
    }
    assert not missing


def test_siblings_differ_in_each_language(payloads: list[Payload]) -> None:
    for language in LANGUAGES:
        for payload in payloads:
            for path, part in inside(payload):
                names = [
                    option.get("name_localizations", {}).get(language, option["name"])
                    for option in part.get("options", ())
                ]
                assert len(set(names)) == len(names), (path, language)


def test_german_sentences_name_commands_that_german_readers_see(payloads: list[Payload]) -> None:
    with speaking("de"):
        known = {called(path) for payload in payloads for path, part in inside(payload)}
    sentences = translations.translated("de", ("rodbot",)).values()
    typed = {
        name.split(":")[0].rpartition(" ")[0] if ":" in name else name
        for sentence in sentences
        for text in ((sentence,) if isinstance(sentence, str) else sentence)
        for name in TYPED.findall(text)
    }
    assert typed
    assert not typed - known


def test_a_description_is_made_in_each_language() -> None:
    made = words("New character: {type}", type="Vampire")
    assert made.message == "New character: Vampire"
    with speaking("de"):
        assert spoken(made).startswith("Neuer Charakter: ")
        assert called("/init reroll") == "/ini neuwurf"
    assert called("/init reroll") == "/init reroll"
