"""The names and descriptions of commands in every language of the catalogue, as Discord takes them.

Discord wants names of commands and options in small letters without blanks, different among siblings in each language,
and counts the longest language of each text toward the size of a command. A name that does not fit stays English.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from discord import app_commands
from discord.app_commands import locale_str

from contract.command_names import COMMANDS, LONGEST, OPTIONS, name_in, option_called, parted
from contract.translation import ENGLISH, LANGUAGES, _, language, speaking
from rodbot.core.discord_types import AppCommand, ChatCommand, Command, CommandTree
from rodbot.core.text import clip
from rodbot.core.words import spoken

Payload = dict[str, Any]
MENU, CHOICE, DESCRIPTION = 32, 100, 100
MENUS = "menu"
_FITTING = re.compile(rf"[-_'\w]{{1,{LONGEST}}}")


@dataclass(frozen=True, slots=True)
class Part:
    """A command, option or choice: what is sent of it, and where its words are from.

    `kind` is the context in which its name is translated. `label` is words that it is named by instead, as those of a
    trait are: `Blood Potency`.
    """

    payload: Payload
    kind: str = ""
    label: str = ""
    description: str | locale_str = ""
    inner: list["Part"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name in the current language."""
        name = str(self.payload["name"])
        if self.kind == OPTIONS:
            return option_called(name, self.label)
        return name_in(self.kind, name) if self.kind else _(name)

    def fits(self, name: str) -> bool:
        if self.kind in (COMMANDS, OPTIONS):
            return bool(_FITTING.fullmatch(name)) and name == name.lower()
        return 1 <= len(name) <= (MENU if self.kind == MENUS else CHOICE)


def payloads(commands: Iterable[AppCommand], tree: CommandTree) -> list[Payload]:
    """What Discord is sent of these commands, in every language."""
    parts = [part_of(command, command.to_dict(tree)) for command in commands]
    for code in LANGUAGES:
        if code != ENGLISH:
            with speaking(code):
                _localise(parts, code)
    return [part.payload for part in parts]


def part_of(command: AppCommand, payload: Payload) -> Part:
    if isinstance(command, app_commands.ContextMenu):
        return Part(payload, MENUS)
    described = command._locale_description or command.description
    if isinstance(command, app_commands.Group):
        children = zip(command.commands, payload["options"], strict=True)
        return Part(
            payload,
            COMMANDS,
            description=described,
            inner=[part_of(child, inner) for child, inner in children],
        )
    return Part(payload, COMMANDS, description=described, inner=list(_options(command, payload)))


def _options(command: Command, payload: Payload) -> Iterator[Part]:
    for parameter, option in zip(command.parameters, payload["options"], strict=True):
        described = parameter.locale_description or parameter.description
        choices = [Part(choice) for choice in option.get("choices", ())]
        yield Part(option, OPTIONS, _label(parameter), described, choices)


def _label(parameter: app_commands.Parameter) -> str:
    name = parameter.locale_name
    return str(name.extras.get("label", "")) if name else ""


def description_of(command: ChatCommand) -> str:
    """Its description in the current language."""
    return spoken(command._locale_description or command.description)


def _localise(parts: Iterable[Part], code: str) -> None:
    """Add the words of the current language, which is called `code`, to siblings and all inside."""
    taken = {(part.kind, part.payload["name"]) for part in parts}
    for part in parts:
        name = part.name
        if part.fits(name) and (part.kind, name) not in taken:
            taken.add((part.kind, name))
            part.payload.setdefault("name_localizations", {})[code] = name
        described = clip(spoken(part.description), DESCRIPTION) if part.description else ""
        if described and described != part.payload["description"]:
            part.payload.setdefault("description_localizations", {})[code] = described
        _localise(part.inner, code)


def option_names(command: Command) -> dict[str, str]:
    """What each option of a command is called in the current language, by its name."""
    parts = [
        Part({"name": parameter.display_name}, OPTIONS, _label(parameter)) for parameter in command.parameters
    ]
    code = language()
    if code != ENGLISH:
        _localise(parts, code)
    return {
        part.payload["name"]: part.payload.get("name_localizations", {}).get(code, part.payload["name"])
        for part in parts
    }


def texts(parts: Iterable[Part]) -> Iterator[tuple[str | None, str]]:
    """Context and text of all that is looked up, for the catalogue."""
    for part in parts:
        if not part.label:
            name = part.payload["name"]
            yield part.kind or None, parted(name)[0] if part.kind else name
        described = part.description
        if isinstance(described, locale_str):
            yield None, described.extras.get("sentence", described.message)
            yield from ((None, text) for text in described.extras.get("data", {}).values())
        elif described:
            yield None, described
        yield from texts(part.inner)
