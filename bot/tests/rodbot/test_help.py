"""Help: every example works as typed, and `/help` leads through the topics."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from contract.help import TOPICS, Example, Step
from contract.schema import Schema
from contract.translation import speaking
from main.templatetags.commands import as_typed
from rodbot.account.help import topic_lines
from rodbot.account.help import typed as help_typed
from rodbot.client import RodBot
from rodbot.command_sets import CommandSets
from rodbot.core import descriptions
from rodbot.core.mentions import use_ids
from rodbot.core.text import units
from rolls.schema import schema
from sandbox.defaults import MIRA
from sandbox.person import Person
from sandbox.reply import parts
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import FakeBackend

Payload = dict[str, Any]
SETS = CommandSets(Schema.model_validate(schema()))
EXAMPLES = [example for topic in TOPICS for step in topic.steps for example in step.examples]
TEXT, WHOLE, YES_OR_NO, PERSON, CHANNEL = 3, 4, 5, 6, 7


@pytest.fixture
async def tree() -> app_commands.CommandTree[Any]:
    return app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))


def leaf(payloads: list[Payload], name: str) -> Payload:
    found: Payload = {"options": payloads}
    for word in name.split():
        found = next(part for part in found["options"] if part["name"] == word)
    return found


def problems(example: Example, payloads: list[Payload]) -> Iterator[str]:
    options = {option["name"]: option for option in leaf(payloads, example.name).get("options", ())}
    yield from (
        f"{name} is missing"
        for name, option in options.items()
        if option.get("required") and name not in example.options
    )
    for name, value in example.options.items():
        if name not in options:
            yield f"there is no option {name}"
        elif not fits(options[name], value):
            yield f"{name} does not take {value}"


def fits(option: Payload, value: str) -> bool:
    """Whether Discord would take it."""
    if option.get("choices"):
        return value in {choice["name"] for choice in option["choices"]}
    if option["type"] == WHOLE:
        low, high = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
        return value.lstrip("-").isdecimal() and low <= int(value) <= high
    if option["type"] == TEXT:
        return option.get("min_length", 1) <= len(value) <= option.get("max_length", 6000)
    signs = {YES_OR_NO: ("True", "False"), PERSON: "@", CHANNEL: "#"}
    return value.startswith(signs[option["type"]])


def test_every_example_works_as_typed(tree: app_commands.CommandTree[Any]) -> None:
    payloads = {edition: descriptions.for_server(SETS.of(edition), tree) for edition in SETS.editions}
    found = [
        f"{edition}: {example.command}: {problem}"
        for example in EXAMPLES
        for edition in ([example.edition] if example.edition else SETS.editions)
        for problem in problems(example, payloads[edition])
    ]
    assert len(EXAMPLES) > 60
    assert found == []


GUIDE = (Path(__file__).parents[3] / "docs" / "COMMANDS.md").read_text()
SECTIONS = {
    "5th edition": "5th",
    "20th edition": "20th",
    "Chronicles of Darkness": "cod",
    "Fantasy": "fantasy",
}


def written() -> Iterator[Example]:
    """What docs/COMMANDS.md says to type, in the editions of its section."""
    for section in GUIDE.split("\n## ")[2:]:
        edition = SECTIONS.get(section.partition("\n")[0], "")
        yield from (Example(typed, edition) for typed in re.findall(r"`(/[^`]+)`", section))


def leaves(payloads: list[Payload], before: str = "") -> Iterator[str]:
    for part in payloads:
        name = f"{before}{part['name']}"
        parts = [option for option in part.get("options", ()) if option["type"] in (1, 2)]
        yield from leaves(parts, f"{name} ") if parts else [name]


def test_the_guide_names_every_command_with_options_that_there_are(
    tree: app_commands.CommandTree[Any],
) -> None:
    payloads = {edition: descriptions.for_server(SETS.of(edition), tree) for edition in SETS.editions}
    found, named = [], set()
    for example in written():
        for edition in [example.edition] if example.edition else SETS.editions:
            named |= {(edition, example.name), (edition, example.name.partition(" ")[0])}
            if " " in example.command or not list(leaves([leaf(payloads[edition], example.name)]))[1:]:
                found += [f"{edition}: {example.command}: {p}" for p in problems(example, payloads[edition])]
    assert found == []
    assert len(named) > 200
    typed = {
        (edition, name)
        for edition in SETS.editions
        for name in leaves([part for part in payloads[edition] if part.get("type", 1) == 1])
    }
    of_splats = {
        (edition, name) for edition, name in typed if name.partition(" ")[2] in ("new", "set", "update")
    }
    assert typed - of_splats - named == set()
    assert {(edition, name.partition(" ")[0]) for edition, name in of_splats} - named == set()


def test_an_example_is_read_as_it_is_typed() -> None:
    typed = Example("/macro save name:Claws and teeth pool:strength + brawl")
    assert typed.name == "macro save"
    assert typed.options == {"name": "Claws and teeth", "pool": "strength + brawl"}


def test_the_page_shows_each_example_as_discord_does() -> None:
    with speaking("de"):
        for example in EXAMPLES:
            for edition in [example.edition] if example.edition else SETS.editions:
                assert as_typed(example) == help_typed(example, SETS.of(edition)), (edition, example.command)


def test_every_topic_fits_into_one_message() -> None:
    def length(step: Step) -> int:
        return len(step.text) + sum(len(example.command) + 3 for example in step.examples) + 10

    assert len({topic.slug for topic in TOPICS}) == len(TOPICS) < 25
    assert max(sum(map(length, topic.steps)) for topic in TOPICS) < 1900
    assert max(len(topic.title) for topic in TOPICS) <= 100


async def test_help_leads_through_the_topics_without_the_backend(mira: Person, fake: FakeBackend) -> None:
    fake.requests.clear()
    overview = await mira.slash("help")
    assert overview.ephemeral
    assert "What do you want to do?" in overview.text
    assert "**Roll dice**: " in overview.text
    rolling = await mira.select(overview, "Roll dice")
    assert rolling.message["id"] == overview.message["id"]
    assert "**1.** " in rolling.text
    assert re.search(r"</v roll:\d+> `pool:strength \+ brawl difficulty:3 rouse:1`", rolling.text)
    assert "/dice roll" not in rolling.text, "another edition is played here"
    assert (await mira.slash("help", topic="rolls")).text == rolling.text
    assert fake.requests == []


async def test_help_offers_only_what_can_be_typed_there(mira: Person, vesna: Person) -> None:
    alone = await mira.slash("help", channel="@dm", topic="commands")
    assert "server" not in alone.text
    assert "undo" in alone.text
    here = await mira.slash("help", topic="commands")
    assert "`/vampire` new, set, update" in here.text
    assert "Set up a server" in (await vesna.slash("help")).text.partition("###")[0]
    assert "Set up a server" not in (await mira.slash("help")).text.partition("###")[0]


async def test_a_command_is_mentioned_by_the_id_that_it_has_in_the_place(
    mira: Person, bot: RodBot, fake: FakeBackend
) -> None:
    registered = {command["name"]: command["id"] for command in await mira.commands()}
    assert f"</help:{registered['help']}>" in (await mira.slash("help", topic="commands")).text
    alone = {command["name"]: command["id"] for command in await mira.commands(dm=True)}
    assert f"</help:{alone['help']}>" in (await mira.slash("help", channel="@dm", topic="commands")).text
    nothing = await mira.slash("macro list")
    assert f"Save one with </macro save:{registered['macro']}>." in nothing.text
    bot.registration.ids.clear()
    assert "Save one with `/macro save`." in (await mira.slash("macro list")).text


async def test_a_command_with_a_name_of_its_own_is_read_by_that(mira: Person, box: Sandbox) -> None:
    """Discord shows mentions in English alone, and others cannot be clicked."""
    box.world.locales[MIRA] = "de"
    assert "`/makro speichern`" in (await mira.slash("macro list")).text


def test_every_topic_fits_with_its_mentions() -> None:
    for edition in SETS.editions:
        commands = SETS.of(edition)
        use_ids({command.name: 10**18 for command in commands})
        for topic in TOPICS:
            assert units("\n".join([topic.title, *topic_lines(topic, commands)])) < 1900, (
                edition,
                topic.slug,
            )


async def test_help_has_the_same_topic_on_the_web(mira: Person, bot: RodBot) -> None:
    topic = await mira.slash("help", topic="rolls")
    links = [part["url"] for part in parts(topic.message["components"]) if part.get("url")]
    assert links == [f"{bot.config.site_url}/help/#rolls", bot.invite_url]
