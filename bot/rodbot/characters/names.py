"""Completion of names, with a short memory: typing ten letters costs one or two calls, not ten.

A completion's value is the character's id. It grants nothing: the backend asks at every use who acts."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord
from discord.app_commands import Choice

from rodbot.core import caller as facts
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.caller import Facts
from rodbot.core.models import Name, Names
from rodbot.core.text import clip

log = logging.getLogger(__name__)

REMEMBERED = 5.0
ENTRIES = 4096
DEADLINE = 2.0
MOST = 25
Ask = Callable[[str], Awaitable[Names]]
Completion = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    names: tuple[Name, ...]
    all: bool


class NameCache:
    """Answers by person, place and kind, for a few seconds. An answer that was whole serves longer queries
    too."""

    def __init__(self, seconds: float = REMEMBERED, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[tuple[str, ...], dict[str, _Kept]] = {}

    async def get(self, key: tuple[str, ...], q: str, ask: Ask) -> tuple[Name, ...]:
        q = q.casefold().strip()
        known = self._known(key, q)
        if known is not None:
            return known
        answer = await ask(q)
        self._keep(key, q, answer)
        return answer.results

    def forget(self, person: str) -> None:
        """After a change by that person, whose names may be others now."""
        for key in [key for key in self._kept if key[0] == person]:
            del self._kept[key]

    def _known(self, key: tuple[str, ...], q: str) -> tuple[Name, ...] | None:
        kept = self._kept.get(key, {})
        for length in range(len(q), -1, -1):
            entry = kept.get(q[:length])
            if entry and entry.until > self._clock() and (entry.all or length == len(q)):
                return _matching(entry.names, q)
        return None

    def _keep(self, key: tuple[str, ...], q: str, answer: Names) -> None:
        if len(self._kept) >= ENTRIES:
            del self._kept[next(iter(self._kept))]
        whole = not answer.more and len(answer.results) < MOST
        self._kept.setdefault(key, {})[q] = _Kept(self._clock() + self._seconds, answer.results, whole)


def _matching(names: tuple[Name, ...], q: str) -> tuple[Name, ...]:
    """Anywhere in the name, those that begin with it first."""
    found = [n for n in names if q in n.name.casefold()]
    return tuple(sorted(found, key=lambda n: not n.name.casefold().startswith(q)))


def completion(splats: tuple[str, ...] = (), deleted: bool = False) -> Completion:
    """Autocomplete for an option that names a character."""

    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice[str]]:
        return await in_time(_names(interaction, current, splats, deleted))

    return complete


async def in_time(choices: Awaitable[list[Choice[str]]]) -> list[Choice[str]]:
    """Completions or, when the backend is slow or refuses, an empty list: never a failure in the person's
    face."""
    try:
        return await asyncio.wait_for(choices, DEADLINE)
    except (BackendError, BackendDown, TimeoutError) as error:
        log.info("No completions: %s", error or "too slow")
    except Exception:
        # The outermost handler of a completion: the person goes on typing, the log has the rest.
        log.exception("No completions")
    return []


async def _names(
    interaction: discord.Interaction[Any], current: str, splats: tuple[str, ...], deleted: bool
) -> list[Choice[str]]:
    who, bot = facts.of(interaction), facts.bot(interaction)
    player, splat = chosen_player(interaction), ",".join(splats)
    place = (who.guild["id"] if who.guild else "", who.channel_id or "")
    key = (who.actor["id"], *place, splat, player, "deleted" if deleted else "")

    async def ask(q: str) -> Names:
        return await bot.backend.names(who, q, splat=splat, player=player, deleted=deleted)

    names = await bot.names.get(key, current, ask)
    return [Choice(name=clip(n.label, 100), value=n.id) for n in names[:MOST]]


def chosen_player(interaction: discord.Interaction[Any]) -> str:
    """The id in the option `player` so far, or nothing."""
    player = getattr(interaction.namespace, "player", None)
    return str(player.id) if player is not None else ""


def traits(option: str = "name") -> Completion:
    """Autocomplete for a trait of the character in another option."""

    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice[str]]:
        character = getattr(interaction.namespace, option, None) or None
        return await in_time(_traits(interaction, facts.of(interaction), character, current))

    return complete


async def _traits(
    interaction: discord.Interaction[Any], who: Facts, character: str | None, current: str
) -> list[Choice[str]]:
    found = await facts.bot(interaction).backend.traits(who, character, current)
    labels = [(f"{t.label}: {t.now}" if t.now else t.label, t.path) for t in found[:MOST]]
    return [Choice(name=clip(label, 100), value=path) for label, path in labels if len(path) <= 100]
