"""The platform with Discord before it: the sandbox, the Discord process, and a front that may hold answers back."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.defaults import NIGHT_COURT
from sandbox.person import Person
from sandbox.server import Sandbox
from scripts import environment
from tests.faults.proxy import Proxy
from tests.faults.stack import Part, Platform


@dataclass
class House:
    """The sandbox, the Discord process, and the front between it and the platform."""

    platform: Platform
    box: Sandbox
    bot: Part
    front: Proxy
    people: list[Person] = field(default_factory=list)

    async def come(self, name: str) -> Person:
        person = Person(self.box.base_url, user=name, guild="Night Court", channel="table", timeout=20)
        await person.connect()
        self.people.append(person)
        return person

    async def start_bot(self) -> None:
        await self.bot.start_beside()
        await self.box.wait_for_bot(30)

    async def until(self, ready: Callable[[], Any], seconds: float = 20) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := ready()):  # noqa: ASYNC110  (asks other processes)
                await asyncio.sleep(0.05)
        return found

    def holds(self, username: str, roles: list[str]) -> bool:
        found: list[str] = self.platform.clerk("roles", guild=NIGHT_COURT, username=username)
        return found == roles

    def in_database(self, character: str) -> dict[str, Any]:
        state: dict[str, Any] = self.platform.clerk("state", character=character)
        return state

    async def new_vampire(self, person: Person, name: str) -> str:
        vampire = next(command for command in await person.commands() if command["name"] == "vampire")
        new = next(part for part in vampire["options"] if part["name"] == "new")
        required = {part["name"]: part.get("min_value", 1) for part in new["options"] if part.get("required")}
        await person.slash("vampire new", **required | {"name": name})
        character: str = self.platform.clerk("named", name=name)
        return character


@asynccontextmanager
async def open_house(platform: Platform, folder: Path) -> AsyncIterator[House]:
    """The Discord process is not started yet."""
    front = Proxy(platform.http_port, platform.gateway_ports[0])
    await front.start()
    async with Sandbox(public_host="localhost", acknowledge=4.0) as box:
        address = f"http://127.0.0.1:{front.port}"
        env = os.environ | platform.env | box.env() | {"BACKEND_URL": address, "LOG_LEVEL": "INFO"}
        command = [environment.python(), "-m", "rodbot"]
        bot = Part("rodbot", command, env, folder / "rodbot.log", lambda: True)
        running = House(platform, box, bot, front)
        try:
            yield running
        finally:
            await asyncio.to_thread(bot.stop)
            for person in running.people:
                await person.close()
            await front.stop()
            print(bot.last_words())
