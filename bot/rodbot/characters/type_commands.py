"""`/vampire new|set|update` and its like for every character type, made from the schema alone.

Types of one edition that share a command (a human and a ghoul are both mortals) share a group; `new` then
asks for the type.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import endpoints
from contract.characters import (
    ChangeCharacter,
    CharacterChanged,
    CharacterInput,
    CreateCharacter,
    SetPortrait,
)
from contract.schema import FieldSchema, Schema, SplatSchema, TraitSchema
from contract.servers import EDITION_LABELS
from contract.translation import N_, _
from rodbot.characters.cards import Answer, reply
from rodbot.characters.names import character_names, forget_names
from rodbot.characters.trait_options import absolute, adjust_by, changes, relative, set_to
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.options import MAX_OPTIONS, Option, Values, command
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import escape, units
from rodbot.core.words import words

MAX_GROUP = 8000
MAX_NAME = 50
EXPERIENCE = "experience.total"
Name = Range[str, 1, MAX_NAME]


def groups(schema: Schema, edition: str, taken: Collection[str] = frozenset()) -> list[app_commands.Group]:
    """The command groups of this edition. A name in `taken` gets the edition's number appended: where several editions
    meet, `/vampire20` is the one of the 20th."""
    shared: dict[str, list[SplatSchema]] = {}
    for splat in schema.splats:
        if splat.edition == edition:
            shared.setdefault(splat.command, []).append(splat)
    number = "".join(filter(str.isdigit, edition)) or edition
    named = {f"{name}{number}" if name in taken else name: splats for name, splats in shared.items()}
    return [_fitting(name, splats) for name, splats in named.items()]


def _fitting(name: str, splats: list[SplatSchema]) -> app_commands.Group:
    """Discord takes 8,000 characters a command; a type with very many traits has labels for descriptions."""
    group = _group(name, splats)
    return group if weight(group) <= MAX_GROUP else _group(name, [_terse(splat) for splat in splats])


def weight(group: app_commands.Group) -> int:
    """The length that Discord counts: names, descriptions and choice values."""
    total = units(group.name + group.description)
    for child in group.commands:
        total += units(child.name + child.description)
        for option in getattr(child, "parameters", ()):
            total += units(option.display_name + str(option.description))
            total += sum(units(choice.name + str(choice.value)) for choice in option.choices)
    return total


def _terse(splat: SplatSchema) -> SplatSchema:
    """With labels for descriptions."""
    fields = [field.model_copy(update={"description": field.label}) for field in splat.tracker_fields]
    tracked = TraitSchema(slug="tracked", label="", tracker=True, fields=tuple(fields))
    return splat.model_copy(update={"traits": (tracked,)})


def _group(name: str, splats: list[SplatSchema]) -> app_commands.Group:
    label = " / ".join(dict.fromkeys(splat.label for splat in splats))
    edition = EDITION_LABELS.get(splats[0].edition, splats[0].edition)
    about = words(N_("Characters: {type}, {edition}"), type=label, edition=edition)
    group = app_commands.Group(name=name, description=about)
    kind = _Kind(name, label, tuple(splats))
    group.add_command(command("new", words(N_("New character: {type}"), type=label), *_new(kind)))
    group.add_command(command("set", words(N_("Set a character’s values: {type}"), type=label), *_set(kind)))
    group.add_command(
        command(
            "update", words(N_("Raise or lower a character’s values: {type}"), type=label), *_update(kind)
        )
    )
    return group


@dataclass(frozen=True, slots=True)
class _Kind:
    """One command and the character types behind it, whose common fields have the same paths."""

    command: str
    label: str
    splats: tuple[SplatSchema, ...]

    @property
    def fields(self) -> list[FieldSchema]:
        by_name = {field.name: field for splat in reversed(self.splats) for field in splat.tracker_fields}
        order = dict.fromkeys(field.name for splat in self.splats for field in splat.tracker_fields)
        return [by_name[name] for name in order if not by_name[name].path.startswith("experience.")]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(splat.slug for splat in self.splats)

    @property
    def slug(self) -> str | None:
        """The type that a lookup is limited to; None where several types share the command."""
        return self.slugs[0] if len(self.slugs) == 1 else None


# The options of a command, and what it does.
Declaration = tuple[Sequence[Option], Callable[[Interaction, Values], Work]]


def _new(kind: _Kind) -> Declaration:
    first = [Option("name", Name, "Name of the character", required=True)]
    if len(kind.splats) > 1:
        labels = tuple(splat.label for splat in kind.splats)
        first.append(Option("type", Literal[labels], "Type of character", required=True))
    required = [absolute(field, required=True) for field in kind.fields if field.required]
    rest = [absolute(field) for field in kind.fields if not field.required]
    options = _cut([*first, *required], rest, [_experience(), _colour(), _image(), _notes()])

    async def new(interaction: Interaction, values: Values) -> Reply:
        slug = _chosen_slug(kind, values.get("type"))
        created = CreateCharacter(splat=slug, name=values["name"], changes=changes(options, values))
        answer = await call(interaction, endpoints.CREATE_CHARACTER, created)
        forget_names(interaction)
        return await _finished(interaction, answer, values)

    return options, new


def _set(kind: _Kind) -> Declaration:
    change_name = Option("change_name", Name, "New name for the character", change=set_to("name"))
    last = [_experience(), change_name, _colour(), _image(), _notes()]
    options = _cut([_name(kind)], [absolute(field) for field in kind.fields], last)
    return options, _changer(kind, options)


def _update(kind: _Kind) -> Declaration:
    exp = Option(
        "exp", Range[int, -2000, 2000], "Experience: + earned, − spent", change=adjust_by(EXPERIENCE)
    )
    player = Option("player", discord.User, "Whose character it is (for storytellers)")
    changed = [option for field in kind.fields if (option := relative(field))]
    options = _cut([_name(kind)], changed, [exp, _notes(), player])
    return options, _changer(kind, options)


def _cut(first: list[Option], middle: list[Option], last: list[Option]) -> list[Option]:
    """At most 25 options; `/character trait` reaches what does not fit."""
    taken = {option.name for option in (*first, *last)}
    free = [option for option in middle if option.name not in taken]
    return [*first, *free[: MAX_OPTIONS - len(first) - len(last)], *last]


def _name(kind: _Kind) -> Option:
    return Option(
        "name", Name, "Character (default: your default character)", complete=character_names(kind.slugs)
    )


def _experience() -> Option:
    return Option("exp", Range[int, 0, 10_000], "Total Experience", change=set_to(EXPERIENCE))


def _colour() -> Option:
    return Option("color", Range[str, 7, 7], "Colour of the card, such as #8a0303", change=set_to("theme"))


def _image() -> Option:
    return Option("image", discord.Attachment, "Portrait")


def _notes() -> Option:
    return Option("notes", Range[str, 1, 300], "Note to show with this change (not saved on the sheet)")


def _chosen_slug(kind: _Kind, label: str | None) -> str:
    return next((splat.slug for splat in kind.splats if splat.label == label), kind.splats[0].slug)


def _changer(kind: _Kind, options: Sequence[Option]) -> Callable[[Interaction, Values], Work]:
    """One request: the change, or with nothing to change a look. A portrait alone needs no other change."""

    async def change(interaction: Interaction, values: Values) -> Reply:
        operations, name = changes(options, values), values["name"]
        player = str(values["player"].id) if values.get("player") else None
        answer: Answer
        if operations:
            given = ChangeCharacter(character=name, changes=operations, splat=kind.slug, player=player)
            answer = await call(interaction, endpoints.CHANGE_CHARACTER, given)
            if values.get("change_name"):
                forget_names(interaction)
        elif values.get("image") and name:
            answer = await _set_portrait(interaction, name, values)
            return reply(interaction, answer, _notes_line(values))
        else:
            shown = CharacterInput(character=name, player=player)
            answer = await call(interaction, endpoints.GET_CHARACTER, shown)
        return await _finished(interaction, answer, values)

    return change


async def _finished(interaction: Interaction, answer: Answer, values: Values) -> Reply:
    """The card. A portrait is a second call, and its failure does not hide that the first one was done."""
    lines = _notes_line(values)
    if values.get("image"):
        try:
            pictured = await _set_portrait(interaction, str(answer.character.id), values)
            answer = answer.model_copy(update={"card": pictured.card})
        except (BackendError, BackendDown) as error:
            lines.append(f"• {_portrait_failed(error)}")
    return reply(interaction, answer, lines)


def _portrait_failed(error: BackendError | BackendDown) -> str:
    if isinstance(error, BackendDown):
        return _("The portrait wasn’t saved: the service didn’t answer in time.")
    return _("The portrait wasn’t saved: {reason}", reason=escape(error.refusal.detail, 200))


async def _set_portrait(interaction: Interaction, character: str, values: Values) -> CharacterChanged:
    """May come second after a change by the same interaction, hence the suffix."""
    given = SetPortrait(character=character, url=values["image"].url)
    return await call(interaction, endpoints.SET_PORTRAIT, given, "-avatar")


def _notes_line(values: Values) -> list[str]:
    if not values.get("notes"):
        return []
    return [_("**Notes** {notes}", notes=escape(values["notes"], 300))]
