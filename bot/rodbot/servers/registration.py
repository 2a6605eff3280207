"""Registers commands at Discord where they differ, one server after the other, those that somebody waits for first.

Discord's own copy is compared before anything is sent: a stored hash would be wrong after someone resets the
application, and the process keeps no state. What Discord refuses is reported once, and tried again when the commands
have changed; a day later too, where the commands are not the cause.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from rodbot.core.descriptions import Described, digest
from rodbot.core.localised import Payload
from rodbot.core.pacing import URGENCY, Urgency

log = logging.getLogger(__name__)

WORKERS = 16
# Discord counts the commands that are new in a server. Past this many in a day it refuses all.
CREATIONS, DAY = 200, 24 * 3600.0
BACKOFF = (2.0, 300.0)
TRANSIENT = (discord.DiscordServerError, aiohttp.ClientError, OSError)
TOO_MANY_REQUESTS = 429
# Refusals that are over another day: the number of new commands, and a bot that was invited without commands.
OVER_TOMORROW = frozenset({30034, 50001})
# A command that is typed; the others are in menus.
CHAT = 1
# A server, or None for direct messages.
Place = int | None


class Registration:
    """`wanted` gives the commands of a place, None while nothing is known of it; `report` gets what Discord refuses.

    `settled` hears of each server whether Discord has its commands now, or refuses them.
    """

    def __init__(
        self,
        http: HTTPClient,
        application: Callable[[], int],
        wanted: Callable[[Place], Described | None],
        report: Callable[[Place, Exception], None],
        settled: Callable[[int, bool], None],
    ) -> None:
        self._http = http
        self._application = application
        self._wanted = wanted
        self._report = report
        self._settled = settled
        self._queue: asyncio.PriorityQueue[tuple[Urgency, int, Place]] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._waiting: dict[Place, Urgency] = {}
        self._working: set[Place] = set()
        # By place: the ids of the commands that can be typed, by name.
        self.ids: dict[Place, dict[str, int]] = {}
        # By place: the digest of what stands at Discord, of what it refused, and of the refusal that was reported.
        self._registered: dict[Place, str] = {}
        self._refused: dict[Place, str] = {}
        self._reported: dict[Place, str] = {}
        self._failures: dict[Place, int] = {}
        # By server: when how many commands were new there.
        self._creations: dict[Place, list[tuple[float, int]]] = {}

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self._waiting and not self._working

    def ask(self, place: Place, urgency: Urgency = Urgency.BACKGROUND) -> None:
        """Queue a place, and return at once. Several calls for one place become one."""
        if self._waiting.get(place, Urgency.BACKGROUND + 1) > urgency:
            self._waiting[place] = urgency
            self._queue.put_nowait((urgency, next(self._numbers), place))

    def is_outdated(self, place: Place) -> None:
        """Somebody saw a command that is none any more: what was known of Discord's copy is wrong."""
        self._registered.pop(place, None)
        self.ids.pop(place, None)
        self.ask(place, Urgency.PRESSED)

    def forget(self, place: Place) -> None:
        """Drop all that is known of a server that the bot has left."""
        self.ids.pop(place, None)
        for known in (self._waiting, self._registered, self._refused, self._reported, self._failures):
            known.pop(place, None)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as workers:
            for _ in range(WORKERS):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while True:
            urgency, _, place = await self._queue.get()
            # Meanwhile it may have become more urgent, or be done.
            if self._waiting.get(place) != urgency:
                continue
            # Who works on it takes it up again.
            if place in self._working:
                continue
            del self._waiting[place]
            self._working.add(place)
            URGENCY.set(urgency)
            try:
                await self._register(place)
            except Exception as error:
                # A defect in one place: an end of this worker would end the others too, with what they have in hand.
                log.exception("Registering the commands of %s failed", place or "direct messages")
                if place not in self._failures:
                    self._report(place, error)
                self._again(place, error)
            finally:
                self._working.discard(place)
                self._resume(place)

    def _resume(self, place: Place) -> None:
        """Queue a place again that was asked for while somebody worked on it."""
        if place in self._waiting:
            self._queue.put_nowait((self._waiting[place], next(self._numbers), place))

    async def _register(self, place: Place) -> None:
        wanted = self._wanted(place)
        if wanted is None:
            return
        if wanted.digest in (self._registered.get(place), self._refused.get(place)):
            return
        try:
            if await self._put(place, wanted):
                self._registered[place] = wanted.digest
                self._say(place, registered=True)
            self._refused.pop(place, None)
            self._failures.pop(place, None)
        except TRANSIENT as error:
            self._again(place, error)
        except discord.HTTPException as error:
            if error.status == TOO_MANY_REQUESTS:
                self._again(place, error)
                return
            self._refuse(place, wanted.digest, error)

    async def _put(self, place: Place, wanted: Described) -> bool:
        """Whether Discord has these commands now. False where it would take no more today."""
        known = [dict(command) for command in await self._known(place)]
        if digest(known) == wanted.digest:
            self.ids[place] = _ids(known)
            return True
        new = len({_key(command) for command in wanted.payloads} - {_key(command) for command in known})
        if not self._may_create(place, new):
            return False
        application, payloads = self._application(), wanted.payloads
        if place is None:
            made = await self._http.bulk_upsert_global_commands(application, payload=payloads)
        else:
            made = await self._http.bulk_upsert_guild_commands(application, place, payload=payloads)
        self.ids[place] = _ids(map(dict, made))
        log.info("Registered %d commands for %s", len(wanted.payloads), place or "direct messages")
        return True

    async def _known(self, place: Place) -> list[Any]:
        """With their languages, which discord.py's own calls leave out."""
        path = "/applications/{application}/commands"
        if place is not None:
            path = "/applications/{application}/guilds/{guild_id}/commands"
        route = Route("GET", path, application=self._application(), guild_id=place)
        found: list[Any] = await self._http.request(route, params={"with_localizations": "true"})
        return found

    def _may_create(self, place: Place, new: int) -> bool:
        """Count new commands; past a day's number the place waits until there is room."""
        now = asyncio.get_running_loop().time()
        made = [(at, count) for at, count in self._creations.get(place, []) if now - at < DAY]
        if made and new and sum(count for _, count in made) + new > CREATIONS:
            log.warning("Guild %s has had its new commands for today; the others wait", place)
            asyncio.get_running_loop().call_later(made[0][0] + DAY - now, self.ask, place)
            return False
        self._creations[place] = [*made, (now, new)] if new else made
        return True

    def _refuse(self, place: Place, refused: str, error: discord.HTTPException) -> None:
        self._refused[place] = refused
        self._say(place, registered=False)
        log.error("Discord refuses the commands of %s: %s", place or "direct messages", error)
        if self._reported.get(place) != refused:
            self._reported[place] = refused
            self._report(place, error)
        if error.code in OVER_TOMORROW:
            asyncio.get_running_loop().call_later(DAY, self._another_day, place, refused)

    def _say(self, place: Place, *, registered: bool) -> None:
        if place is not None:
            self._settled(place, registered)

    def _another_day(self, place: Place, refused: str) -> None:
        if self._refused.get(place) == refused:
            del self._refused[place]
            self.ask(place)

    def _again(self, place: Place, error: Exception) -> None:
        failures = self._failures[place] = self._failures.get(place, 0) + 1
        wait = min(BACKOFF[0] * 2**failures, BACKOFF[1])
        log.warning("The commands of %s are registered in %d s: %s", place or "direct messages", wait, error)
        asyncio.get_running_loop().call_later(wait, self.ask, place)


def _ids(commands: Iterable[Payload]) -> dict[str, int]:
    return {
        name: int(command["id"]) for command in commands for name, kind in [_key(command)] if kind == CHAT
    }


def _key(command: Payload) -> tuple[str, int]:
    return command["name"], command.get("type") or CHAT
