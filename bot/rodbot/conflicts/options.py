"""The options of `/init …`, with their completions from the conflict of the channel."""

import asyncio
from collections.abc import Callable, Iterable

from discord.app_commands import Choice

from contract import conflicts, desk, endpoints
from contract.conflicts import Conflict, GetConflict
from contract.translation import _
from rodbot.characters.names import character_names
from rodbot.core.calls import call
from rodbot.core.completion import Completion, choices, completion, matching, within_deadline
from rodbot.core.discord_types import Interaction
from rodbot.core.options import Option, Short, field_option
from rodbot.core.suggestions import MAX_SHOWN
from rodbot.dice.options import load_pools

Pairs = Iterable[tuple[str, str]]


# Completion


def _of_conflict(pick: Callable[[Conflict], Pairs]) -> Completion:
    """Autocomplete of something of the conflict in this channel: pairs of a value and its label."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await within_deadline(_picked(interaction, current, pick))

    return complete


async def _picked(
    interaction: Interaction, current: str, pick: Callable[[Conflict], Pairs]
) -> list[Choice[str]]:
    answer = await call(interaction, endpoints.GET_CONFLICT, GetConflict())
    return choices(matching(pick(answer.conflict), current))


def _participants(conflict: Conflict) -> Pairs:
    """The caller's own first."""
    ordered = sorted(conflict.participants, key=lambda participant: not participant.yours)
    return [(participant.id, participant.name) for participant in ordered]


def _correctable(conflict: Conflict) -> Pairs:
    """Those whose numbers the caller may correct."""
    return [
        (participant.id, participant.name)
        for participant in conflict.participants
        if participant.yours or conflict.rights.run
    ]


def _effects(conflict: Conflict) -> Pairs:
    return [
        (effect.id, f"{effect.name}: {effect.text}" if effect.name else effect.text)
        for effect in conflict.effects
    ]


def _categories(conflict: Conflict) -> Pairs:
    return [(category.slug, _(category.label)) for category in conflict.categories]


_own_characters = character_names()


async def _characters(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The caller's own characters; for storytellers those of the table after them."""
    own, table = await asyncio.gather(
        _own_characters(interaction, current), within_deadline(_at_the_table(interaction, current))
    )
    known = {choice.value for choice in own}
    return [*own, *(choice for choice in table if choice.value not in known)][:MAX_SHOWN]


async def _at_the_table(interaction: Interaction, current: str) -> list[Choice[str]]:
    found = await call(interaction, endpoints.GET_DESK, desk.GetDesk(search=current[:50]))
    return choices((str(row.id), f"{row.name} — {row.owner.name}") for row in found.characters)


# Options

NAME = field_option(
    conflicts.RollInitiative,
    "name",
    "Character, or any name (default: your default character)",
    complete=_characters,
)
EXTRA_ACTIONS = field_option(conflicts.RollInitiative, "extra_actions", "Extra actions, besides the first")
NUMBERS = (
    field_option(
        conflicts.RollInitiative,
        "rating",
        "Dexterity + Wits or Initiative modifier (default: from the sheet)",
        name="dexterity_wits",
    ),
    field_option(conflicts.RollInitiative, "modifier", "Bonus or penalty"),
    EXTRA_ACTIONS,
    field_option(
        conflicts.RollInitiative,
        "pool",
        "If one roll of a pool decides: a number, or traits",
        complete=completion(load_pools, "pool", option="name"),
    ),
)
HIDDEN = field_option(conflicts.RollInitiative, "hidden", "Storytellers: hide them from everybody else")
PARTICIPANT = field_option(
    conflicts.MoveConflict,
    "participant",
    "Participant (default: you)",
    complete=_of_conflict(_participants),
)
SOMEBODY = field_option(
    conflicts.ChangeParticipant, "participant", "Participant", complete=_of_conflict(_participants)
)
CATEGORY = field_option(
    conflicts.Declare,
    "category",
    "5th edition: the kind of action, which decides the order",
    complete=_of_conflict(_categories),
)
TARGET = field_option(
    conflicts.AddEffect,
    "participant",
    "Who it affects (default: everybody)",
    complete=_of_conflict(_participants),
)
EFFECT = field_option(conflicts.LiftEffect, "effect", "Effect", complete=_of_conflict(_effects))
CORRECTED = Option(
    "name", Short, "Whose roll to correct", True, _of_conflict(_correctable), field="participant"
)
