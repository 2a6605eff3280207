"""Autocomplete of options: short of a deadline, cached, and an empty list where anything goes wrong.

A suggestion's value grants nothing: the backend decides at every use who may do what."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from discord.app_commands import Choice

from contract.lookup import fitting
from contract.translation import _
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.discord_types import Async, Interaction
from rodbot.core.suggestions import MAX_SHOWN, Suggestion, Suggestions
from rodbot.core.text import clip

log = logging.getLogger(__name__)

DEADLINE = 2.0
MAX_VALUE = 100
Completion = Callable[[Interaction, str], Async[list[Choice[str]]]]
# Values and labels for what was typed so far, and for the value of another option.
Load = Callable[[Interaction, str | None, str], Awaitable[Sequence[tuple[str, str]]]]


async def within_deadline(choices: Awaitable[list[Choice[str]]]) -> list[Choice[str]]:
    """The choices, or an empty list when the backend is slow or refuses."""
    try:
        return await asyncio.wait_for(choices, DEADLINE)
    except (BackendError, BackendDown, TimeoutError) as error:
        log.info("No completions: %s", error or "too slow")
    except Exception:
        # The outermost handler of a completion: the person goes on typing, the log has the rest.
        log.exception("No completions")
    return []


def completion(load: Load, kind: str, option: str = "") -> Completion:
    """Autocomplete from the backend; `option` names the other option that the suggestions depend on."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await within_deadline(_complete(interaction, load, kind, option, current))

    return complete


async def _complete(
    interaction: Interaction, load: Load, kind: str, option: str, current: str
) -> list[Choice[str]]:
    caller = caller_of(interaction)
    other = (getattr(interaction.namespace, option, None) or None) if option else None
    place = caller.reading()
    key = (place.actor, place.guild or "", kind, other or "")

    async def suggest(query: str) -> Suggestions:
        pairs = await load(interaction, other, query)
        return Suggestions(tuple(Suggestion(value, label, label) for value, label in pairs))

    suggestions = await bot_of(interaction).suggestions.get(key, current, suggest)
    return choices((suggestion.value, suggestion.label) for suggestion in suggestions)


def choices(pairs: Iterable[tuple[str, str]]) -> list[Choice[str]]:
    """Values and their labels as Discord takes them: at most 25, none empty or too long."""
    fitting = [
        Choice(name=clip(label, MAX_VALUE), value=value)
        for value, label in pairs
        if 0 < len(value) <= MAX_VALUE
    ]
    return fitting[:MAX_SHOWN]


def matching(pairs: Iterable[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    """The pairs whose label fits what was typed, the best first."""
    return fitting(typed, pairs, lambda pair: pair[1])


def value_completion(values: Sequence[str]) -> Completion:
    """Autocomplete from a known list of words, the best first."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        words = [(value, _(value)) for value in values]
        return choices(matching(words, current) or matching([(value, value) for value in values], current))

    return complete
