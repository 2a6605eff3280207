"""Forms that were sent. They are known by their custom id alone, so one that was open during a restart still counts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import discord

from rodbot.core.bot import Interaction
from rodbot.core.reply import Reply
from rodbot.core.respond import Work, respond

OUTDATED = "This form is from an earlier version of the bot. Please use the command again."


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form: its custom ids are `name:id`, `handle` gets the id and the values of the fields."""

    name: str
    handle: Callable[[Interaction, str, dict[str, str]], Work]
    # Whether the answer replaces the message that the form was opened from.
    edit: bool = True


class FormModal(discord.ui.Modal):
    """A form whose values come back through `submit`, so that a restart in between loses nothing."""

    def __init__(self, name: str, target: str, title: str, *items: discord.ui.Item[Any]) -> None:
        super().__init__(title=title, custom_id=f"{name}:{target}")
        for item in items:
            self.add_item(item)


async def submit(interaction: Interaction, forms: tuple[Form, ...]) -> None:
    """Hand the values of a sent form to its handler."""
    data = cast(dict[str, Any], interaction.data or {})
    match = re.fullmatch(r"(?P<name>[a-z]+):(?P<target>[0-9a-f-]{32,36})", str(data.get("custom_id", "")))
    form = next((form for form in forms if match and form.name == match["name"]), None)
    if match and form:
        work = form.handle(interaction, match["target"], dict(_values(data)))
        await respond(interaction, work, edit=form.edit)
    else:
        await respond(interaction, _outdated())


async def _outdated() -> Reply:
    return Reply(content=OUTDATED)


def _values(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for row in data.get("components") or ():
        for part in [*(row.get("components") or ()), *([row["component"]] if "component" in row else [])]:
            chosen = next(iter(part.get("values") or ()), "")
            yield str(part.get("custom_id")), str(part.get("value") or chosen)
