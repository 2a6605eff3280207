"""Many servers and many people at once, on a simulated clock and with Discord's limits (cases DISC-03, DISC-09)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import discord
import pytest

from contract.feed_frames import Decision, NotificationOffer
from contract.people import NotificationClaimed
from rodbot.core.descriptions import Described
from rodbot.core.languages import Languages
from rodbot.core.pacing import Urgency
from rodbot.feed.notifications import Notifications
from rodbot.servers.registration import Place, Registration
from tests.rodbot.simulated import Discord, simulate

APPLICATION = 7
OLD = Described.of([{"name": name, "type": 1, "description": "Old"} for name in ("vampire", "mortal")])
NEW = Described.of([{"name": name, "type": 1, "description": "New"} for name in ("vampire", "mage")])


class Process:
    """The part of the Discord process that registers commands."""

    def __init__(self, world: Discord, guilds: int, wanted: Described) -> None:
        self.world = world
        self.wanted: dict[Place, Described] = dict.fromkeys(range(1, guilds + 1), wanted)
        self.refusals: list[Place] = []
        self.settled: dict[int, bool] = {}
        self.registration = Registration(
            world.client,
            lambda: APPLICATION,
            self.wanted.get,
            lambda place, error: self.refusals.append(place),
            self.settled.__setitem__,
        )

    def registered(self, place: Place) -> bool:
        return self.world.commands.get(path(place)) == self.wanted[place].payloads

    async def until(self, place: Place) -> float:
        """Wait until a place has its commands; return when that was."""
        while not self.registered(place):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return asyncio.get_running_loop().time()

    async def run(self, pressed: int = 0) -> float:
        """Register everywhere; somebody presses something in one server after a second. Returns how long they wait."""
        working = asyncio.create_task(self.registration.run())
        for place in self.wanted:
            self.registration.ask(place)
        await asyncio.sleep(1)
        waited = 0.0
        if pressed:
            began = asyncio.get_running_loop().time()
            self.registration.ask(pressed, Urgency.PRESSED)
            waited = await self.until(pressed) - began
        while not self.registration.idle:  # noqa: ASYNC110
            await asyncio.sleep(1)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        return waited


def path(place: Place) -> str:
    return f"/applications/{APPLICATION}/guilds/{place}/commands"


async def new_commands(guilds: int) -> tuple[Process, float]:
    """All servers have old commands, and get new ones while people play."""
    world = Discord()
    process = Process(world, guilds, NEW)
    world.commands = {path(place): OLD.payloads for place in process.wanted}
    return process, await process.run(pressed=guilds)


async def start(guilds: int) -> tuple[Process, float]:
    """The process starts; all servers have their commands but the one where somebody presses something."""
    world = Discord()
    process = Process(world, guilds, NEW)
    world.commands = {path(place): NEW.payloads for place in process.wanted}
    world.commands[path(guilds)] = OLD.payloads
    return process, await process.run(pressed=guilds)


def check(process: Process, waited: float) -> None:
    assert all(map(process.registered, process.wanted))
    assert process.world.refused <= 0.01
    assert waited <= 5
    assert not process.refusals


def test_disc_03_a_thousand_servers_get_new_commands_while_running() -> None:
    process, waited = simulate(lambda: new_commands(1000))
    check(process, waited)
    assert process.world.log[-1][0] <= 60


def test_disc_03_a_start_with_a_thousand_servers() -> None:
    process, waited = simulate(lambda: start(1000))
    check(process, waited)
    assert [method for _, method, _, _ in process.world.log].count("PUT") == 1


@pytest.mark.long
@pytest.mark.parametrize("what", [new_commands, start])
def test_disc_03_ten_thousand_servers(what: Any) -> None:
    check(*simulate(lambda: what(10_000)))


def test_disc_03_without_pacing_the_limits_are_met() -> None:
    """The proof that the simulation would show a storm."""

    async def storm() -> float:
        world = Discord(paced=False)
        calls = (world.client.get_guild_commands(APPLICATION, guild) for guild in range(300))
        await asyncio.gather(*calls, return_exceptions=True)
        return world.refused

    assert simulate(storm) > 0.1


def test_disc_03_a_server_that_changes_its_mind_never_meets_the_limit_of_a_day() -> None:
    async def to_and_fro() -> Process:
        first, second = (
            Described.of([{"name": f"{word}{n}", "type": 1, "description": "x"} for n in range(30)])
            for word in ("old", "new")
        )
        process = Process(Discord(), 1, first)
        working = asyncio.create_task(process.registration.run())
        for wanted in [first, second] * 6 + [first]:
            process.wanted[1] = wanted
            process.registration.ask(1)
            await asyncio.sleep(60)
        assert not process.registered(1)
        await asyncio.sleep(25 * 3600)
        assert process.registered(1)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        return process

    process = simulate(to_and_fro)
    assert not process.refusals
    assert {status for _, _, _, status in process.world.log} == {200}


@contextlib.asynccontextmanager
async def working(process: Process) -> AsyncIterator[None]:
    task = asyncio.create_task(process.registration.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def test_what_changes_while_a_server_is_in_hand_is_registered_right_after() -> None:
    async def change_in_between() -> float:
        process = Process(Discord(), 1, OLD)
        async with working(process):
            process.registration.ask(1)
            await asyncio.sleep(0.1)
            process.wanted[1] = NEW
            for urgency in (Urgency.BACKGROUND, Urgency.PRESSED):
                process.registration.ask(1, urgency)
            taken = await process.until(1)
            await asyncio.sleep(60)
            assert process.registration.idle
            assert [method for _, method, _, _ in process.world.log] == ["GET", "PUT"] * 2
        return taken

    assert simulate(change_in_between) < 1


def test_disc_05_a_set_that_was_one_too_many_today_is_tried_again_tomorrow() -> None:
    async def tomorrow() -> Process:
        process = Process(Discord(), 2, NEW)
        process.world.limits.may_create(path(1), 199)
        async with working(process):
            process.registration.ask(1)
            await asyncio.sleep(3600)
            assert not process.registered(1)
            await asyncio.sleep(25 * 3600)
            assert process.registered(1)
        return process

    process = simulate(tomorrow)
    assert process.refusals == [1]
    assert [status for _, method, _, status in process.world.log if method == "PUT"] == [400, 200]


def test_disc_05_a_refusal_that_lasts_for_days_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Discord, "answer", lambda *_: (403, {"code": 50001, "message": "Missing Access"}))

    async def days() -> Process:
        process = Process(Discord(), 1, NEW)
        async with working(process):
            process.registration.ask(1)
            await asyncio.sleep(3.5 * 24 * 3600)
        return process

    process = simulate(days)
    assert (process.refusals, len(process.world.log)) == ([1], 4)


def test_disc_03_a_defect_in_one_server_leaves_the_others_their_commands() -> None:
    async def defect() -> Process:
        process = Process(Discord(), 40, NEW)
        process.wanted[7] = cast(Described, "no description")
        async with working(process):
            for place in process.wanted:
                process.registration.ask(place)
            await asyncio.sleep(60)
            assert all(process.registered(place) for place in process.wanted if place != 7)
            process.wanted[7] = NEW
            await asyncio.sleep(600)
            assert process.registered(7)
        return process

    assert simulate(defect).refusals == [7]


def test_disc_05_more_new_commands_than_discord_takes_today_is_told_once() -> None:
    async def full() -> Process:
        process = Process(Discord(), 1, NEW)
        process.world.limits.may_create(path(1), 199)
        working = asyncio.create_task(process.registration.run())
        for _ in range(5):
            process.registration.ask(1)
            process.registration.is_outdated(1)
            await asyncio.sleep(3600)
        assert process.refusals == [1]
        # Another day it is tried again, and whenever the commands change.
        await asyncio.sleep(24 * 3600)
        process.wanted[1] = OLD
        process.registration.ask(1)
        assert await process.until(1)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        return process

    process = simulate(full)
    assert [status for _, method, _, status in process.world.log if method == "PUT"] == [400, 200, 200]


def test_disc_09_sixty_direct_messages_are_paced() -> None:
    async def send() -> Discord:
        world = Discord()
        client = SimpleNamespace(get_guild=lambda pk: object(), create_dm=Conversations(world).create)
        backend = SimpleNamespace(report=_claimed)
        notifications = Notifications(cast(discord.Client, client), cast(Any, backend), Languages())
        for person in range(1, 61):
            notifications.deliver(offer(person))
        await notifications.settled()
        return world

    world = simulate(send)
    times = [at for at, method, address, _ in world.log if address.endswith("/messages")]
    assert len(times) == 60
    assert world.limits.refused == 0
    assert all(sum(at <= other < at + 10 for other in times) <= 30 for at in times)


async def _claimed(endpoint: object, given: object) -> NotificationClaimed:
    return NotificationClaimed(taken=True)


class Conversations:
    """Opens a direct channel and writes in it, by discord.py's own client."""

    def __init__(self, world: Discord) -> None:
        self._http = world.client

    async def create(self, person: discord.Object) -> Any:
        await self._http.start_private_message(person.id)

        async def send(content: str, **values: object) -> None:
            parameters = discord.http.handle_message_parameters(content)
            await self._http.send_message(person.id, params=parameters)

        return SimpleNamespace(send=send)


def offer(person: int) -> NotificationOffer:
    decision = Decision(
        kind="approved", by="Vesna", chronicle="Prague", characters=["Owl"], url="http://x/", text=""
    )
    return NotificationOffer(
        type="notification", id=uuid4(), guild_id="1", user_id=str(person), decision=decision
    )
