"""Forms that were sent. They are known by their custom id alone, so one that was open during a restart still counts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import discord
from pydantic import BaseModel

from contract.translation import N_, _
from rodbot.core.discord_types import Interaction, Item, custom_id_of
from rodbot.core.reply import Reply
from rodbot.core.respond import Work, respond

_TARGET = re.compile(r"[0-9a-f-]{32,36}")
OUTDATED = N_("This form is from an older version of the bot. Please use the command again.")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form: its custom ids are `name:id`, `handle` gets the id and the values of the fields."""

    name: str
    handle: Callable[[Interaction, str, dict[str, str]], Work]
    # Whether the answer replaces the message that the form was opened from.
    edit: bool = True


class FormModal(discord.ui.Modal):
    """A form whose values come back through `submit`, so that a restart in between loses nothing."""

    def __init__(self, name: str, target: str, title: str, *items: Item) -> None:
        super().__init__(title=title, custom_id=f"{name}:{target}")
        for item in items:
            self.add_item(item)


async def submit(interaction: Interaction, forms: tuple[Form, ...]) -> None:
    """Hand the values of a sent form to its handler."""
    name, _colon, target = custom_id_of(interaction).partition(":")
    form = next((form for form in forms if form.name == name), None)
    if form and _TARGET.fullmatch(target):
        handle, edit, values = form.handle, form.edit, dict(_values(interaction))

        async def run(interaction: Interaction) -> None:
            await respond(interaction, handle(interaction, target, values), edit=edit, repeat=run)

        await run(interaction)
    else:
        await respond(interaction, _outdated())


async def _outdated() -> Reply:
    return Reply(content=_(OUTDATED))


class _Field(BaseModel):
    custom_id: str
    value: str = ""
    values: list[str] = []


class _Row(BaseModel):
    """A text input stands in a row, a menu under a label."""

    components: list[_Field] = []
    component: _Field | None = None


class _Sent(BaseModel):
    components: list[_Row] = []


def _values(interaction: Interaction) -> Iterator[tuple[str, str]]:
    """Custom id and value of each field; of a menu the first that was chosen."""
    for row in _Sent.model_validate(interaction.data).components:
        for field in [*row.components, *([row.component] if row.component else [])]:
            yield field.custom_id, field.value or next(iter(field.values), "")
