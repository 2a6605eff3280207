"""`/vampire new|set|update` and its like for every character type, made from the schema alone.

Types of one edition that share a command (a human and a ghoul are both mortals) share a group; `new` then
asks for the type.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters.names import completion
from rodbot.characters.replies import reply
from rodbot.core import caller as facts
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.caller import Facts
from rodbot.core.models import Answer, Field, Json, Schema, Splat
from rodbot.core.options import MAX_OPTIONS, Option, absolute, adjust_by, changes, command, relative, set_to
from rodbot.core.respond import Reply, run
from rodbot.core.text import plain, units

MAX_GROUP = 8000
MAX_NAME = 50
EXPERIENCE = "experience.total"
Name = Range[str, 1, MAX_NAME]


def groups(schema: Schema, edition: str, taken: Collection[str] = frozenset()) -> list[app_commands.Group]:
    """The command groups that a server of this edition sees. A word of `taken` gets the edition's number behind it:
    where several editions meet, `/vampire20` is the one of the 20th."""
    shared: dict[str, list[Splat]] = {}
    for splat in schema.splats:
        if splat.edition == edition:
            shared.setdefault(splat.command, []).append(splat)
    number = "".join(filter(str.isdigit, edition))
    named = {f"{name}{number}" if name in taken else name: splats for name, splats in shared.items()}
    return [_fitting(name, splats) for name, splats in named.items()]


def _fitting(name: str, splats: list[Splat]) -> app_commands.Group:
    """Discord takes 8,000 characters a command; a type with very many traits gets its labels for
    descriptions."""
    group = _group(name, splats)
    return group if weight(group) <= MAX_GROUP else _group(name, [_terse(splat) for splat in splats])


def weight(group: app_commands.Group) -> int:
    """What Discord counts: names, descriptions and choice values."""
    total = units(group.name + group.description)
    for made in group.commands:
        total += units(made.name + made.description)
        for option in getattr(made, "parameters", ()):
            total += units(option.display_name + str(option.description))
            total += sum(units(c.name + str(c.value)) for c in option.choices)
    return total


def _terse(splat: Splat) -> Splat:
    return replace(splat, fields=tuple(replace(field, description=field.label) for field in splat.fields))


def _group(name: str, splats: list[Splat]) -> app_commands.Group:
    label = " or ".join(dict.fromkeys(splat.label for splat in splats))
    edition = splats[0].edition
    made = app_commands.Group(name=name, description=f"Characters of type {label}, {edition} edition"[:100])
    kind = _Kind(name, label, tuple(splats))
    made.add_command(command("new", f"Create a character of type {label}", *_new(kind)))
    made.add_command(command("set", f"Set values of a character of type {label}", *_set(kind)))
    made.add_command(
        command("update", f"Change values of a character of type {label} by an amount", *_update(kind))
    )
    return made


@dataclass(frozen=True, slots=True)
class _Kind:
    """One command and the character types behind it. The types of one command share their common fields'
    paths."""

    command: str
    label: str
    splats: tuple[Splat, ...]

    @property
    def fields(self) -> list[Field]:
        by_name = {field.name: field for splat in reversed(self.splats) for field in splat.fields}
        order = dict.fromkeys(field.name for splat in self.splats for field in splat.fields)
        return [by_name[name] for name in order if not by_name[name].path.startswith("experience.")]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(splat.slug for splat in self.splats)

    @property
    def slug(self) -> str | None:
        """What a lookup is limited to; a group of several types leaves it to the name."""
        return self.slugs[0] if len(self.slugs) == 1 else None


Made = tuple[Sequence[Option], Callable[[discord.Interaction[Any], dict[str, Any]], Any]]


def _new(kind: _Kind) -> Made:
    first = [Option("name", Name, "What the character is called", required=True)]
    if len(kind.splats) > 1:
        labels = tuple(splat.label for splat in kind.splats)
        first.append(Option("type", Literal[labels], "The type of character", required=True))
    required = [absolute(field, required=True) for field in kind.fields if field.required]
    rest = [absolute(field) for field in kind.fields if not field.required]
    options = _cut([*first, *required], rest, [_experience(), _colour(), _image(), _notes()])

    async def new(interaction: discord.Interaction[Any], values: dict[str, Any]) -> None:
        slug = _chosen_slug(kind, values.get("type"))
        await run(interaction, _create(interaction, slug, options, values))

    return options, new


def _set(kind: _Kind) -> Made:
    change_name = Option("change_name", Name, "A new name for the character", change=set_to("name"))
    last = [_experience(), change_name, _colour(), _image(), _notes()]
    options = _cut([_name(kind)], [absolute(field) for field in kind.fields], last)
    return options, _changer(kind, options)


def _update(kind: _Kind) -> Made:
    exp = Option(
        "exp", Range[int, -2000, 2000], "Experience: + earned, − spent", change=adjust_by(EXPERIENCE)
    )
    player = Option("player", discord.User, "Whose character it is (for storytellers)")
    changed = [option for field in kind.fields if (option := relative(field))]
    options = _cut([_name(kind)], changed, [exp, _notes(), player])
    return options, _changer(kind, options)


def _cut(first: list[Option], middle: list[Option], last: list[Option]) -> list[Option]:
    """Discord takes 25 options; what does not fit is reached by `/character trait`."""
    taken = {option.name for option in (*first, *last)}
    free = [option for option in middle if option.name not in taken]
    return [*first, *free[: MAX_OPTIONS - len(first) - len(last)], *last]


def _name(kind: _Kind) -> Option:
    return Option(
        "name", Name, "Which character; your default one if left out", complete=completion(kind.slugs)
    )


def _experience() -> Option:
    return Option("exp", Range[int, 0, 10_000], "Total Experience", change=set_to(EXPERIENCE))


def _colour() -> Option:
    return Option("color", Range[str, 7, 7], "Colour of the card, such as #8a0303", change=set_to("theme"))


def _image() -> Option:
    return Option("image", discord.Attachment, "A portrait")


def _notes() -> Option:
    return Option("notes", Range[str, 1, 300], "A note to show with this change; it is not kept on the sheet")


def _chosen_slug(kind: _Kind, label: str | None) -> str:
    return next((splat.slug for splat in kind.splats if splat.label == label), kind.splats[0].slug)


async def _create(
    interaction: discord.Interaction[Any], slug: str, options: Sequence[Option], values: dict[str, Any]
) -> Reply:
    who, bot = facts.of(interaction), facts.bot(interaction)
    answer = await bot.backend.create(who, slug, values["name"], changes(options, values))
    bot.names.forget(who.actor["id"])
    return await _finished(interaction, who, answer, values)


def _changer(
    kind: _Kind, options: Sequence[Option]
) -> Callable[[discord.Interaction[Any], dict[str, Any]], Any]:
    async def change(interaction: discord.Interaction[Any], values: dict[str, Any]) -> None:
        await run(interaction, _change(interaction, kind, changes(options, values), values))

    return change


async def _change(
    interaction: discord.Interaction[Any], kind: _Kind, operations: list[Json], values: dict[str, Any]
) -> Reply:
    """One request: the change, or with nothing to change a look. A portrait alone needs no other change."""
    who, bot = facts.of(interaction), facts.bot(interaction)
    player = str(values["player"].id) if values.get("player") else None
    if operations:
        answer = await bot.backend.change(who, values["name"], operations, splat=kind.slug, player=player)
        if values.get("change_name"):
            bot.names.forget(who.actor["id"])
    elif values.get("image") and values["name"]:
        answer = await bot.backend.avatar(who, values["name"], values["image"].url)
        return reply(interaction, answer, _noted(values))
    else:
        answer = await bot.backend.look(who, values["name"], player)
    return await _finished(interaction, who, answer, values)


async def _finished(
    interaction: discord.Interaction[Any], who: Facts, answer: Answer, values: dict[str, Any]
) -> Reply:
    """The card; a portrait is a second call, and its failure does not hide that the first one was done."""
    lines = _noted(values)
    if values.get("image"):
        try:
            pictured = await facts.bot(interaction).backend.avatar(who, answer.id, values["image"].url)
            answer = replace(answer, card=pictured.card)
        except (BackendError, BackendDown) as error:
            why = error.detail if isinstance(error, BackendError) else "the service did not answer in time."
            lines.append(f"• The portrait was not taken: {plain(why, 200)}")
    return reply(interaction, answer, lines)


def _noted(values: dict[str, Any]) -> list[str]:
    return [f"**Notes** {plain(values['notes'], 300)}"] if values.get("notes") else []
