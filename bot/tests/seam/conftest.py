"""The real Django backend in a process of its own, and rodbot's real client beside it."""

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract import endpoints
from contract.acting import Acting, ActingGuild, ActingMember, DiscordUser, GuildMember, Interaction
from contract.endpoints import AnswerT, Endpoint, InputT
from contract.guilds import Guild, Members, MembersMirrored, MirroredServer, OneGuild, OneMember
from rodbot.core.backend import Backend
from rodbot.core.caller import Caller
from scripts import dev
from scripts.common import BACKEND, BOT, free_port
from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
from scripts.migrated import migrated
from scripts.supervisor import Supervisor
from testing.patreon import SIGNED_WITH
from tests.character_calls import CharacterCalls

GUILD = 700000000000000001
CHANNEL = "700000000000000002"
TELLER_ROLE = "700000000000000009"
PLAYER, OTHER, OWNER = "100000000000000011", "100000000000000022", "100000000000000033"
NAMES = {PLAYER: "nadia", OTHER: "otto", OWNER: "olga"}
WEB_SERVER = """
import os
from chronicle.services import create_server
from discordauth.models import CustomUser
from timeline.services import Cause
owner = CustomUser.objects.get(discord_id=os.environ["OWNER"])
create_server(owner, os.environ["NAME"], cause=Cause(actor=owner, door="web"))
"""
_interactions = itertools.count(900000000000000001)


@dataclass(frozen=True)
class Running:
    url: str
    key: str
    parts: Supervisor
    env: Mapping[str, str]

    def make_web_server(self, owner: str, name: str) -> None:
        """One without Discord, which this process can't make: of somebody who has acted once."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", WEB_SERVER],
            cwd=BACKEND,
            env={**self.env, "OWNER": owner, "NAME": name},
            check=True,
            timeout=60,
        )


@pytest.fixture(scope="session")
def django() -> Iterator[Running]:
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="rod-seam-")))
        port = free_port()
        url = f"http://localhost:{port}"
        env = os.environ | environment_for_tests(folder) | {"SITE_URL": url, "PYTHONUNBUFFERED": "1"}
        env |= {"PATREON_WEBHOOK_SECRET": SIGNED_WITH}
        env |= WITHOUT_LIMITS | {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)])}
        parts = cleanup.enter_context(Supervisor(folder / "logs", show=False))
        migrated(env)
        dev.start_backend(port, env, parts)
        yield Running(url, env["API_KEY"], parts, env)


class Mirror:
    """What the Discord process reports of guilds, in few words."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def put_server(self, guild: int, body: dict[str, Any]) -> MirroredServer:
        facts = Guild.model_validate(body | {"guild_id": str(guild)})
        return (await self._backend.report(endpoints.MIRROR_GUILD, facts)).server

    async def delete_server(self, guild: int) -> None:
        await self._backend.report(endpoints.LEAVE_GUILD, OneGuild(guild_id=str(guild)))

    async def put_members(
        self, guild: int, members: list[GuildMember], **span: str | None
    ) -> MembersMirrored:
        batch = Members(guild_id=str(guild), members=members).model_copy(update=span)
        return await self._backend.report(endpoints.MIRROR_MEMBERS, batch)

    async def delete_member(self, guild: int, user: str) -> None:
        await self._backend.report(endpoints.REMOVE_MEMBER, OneMember(guild_id=str(guild), user_id=user))


@pytest.fixture
def sync(backend: Backend) -> Mirror:
    return Mirror(backend)


@pytest.fixture
async def backend(django: Running) -> AsyncIterator[Backend]:
    client = Backend(django.url, django.key)
    yield client
    await client.close()


class Calls:
    """The calls of one interaction."""

    def __init__(self, backend: Backend, caller: Caller) -> None:
        self._backend = backend
        self.caller = caller
        self.characters = CharacterCalls(backend, caller)

    async def call(self, endpoint: Endpoint[InputT, AnswerT], given: InputT) -> AnswerT:
        return await self._backend.call(endpoint, self.caller, given)


Who = Callable[..., Calls]


def caller_of(person: str, *, roles: tuple[str, ...] = (), guild: int | None = GUILD) -> Caller:
    """A caller as the bot would make it; each is of another interaction. No guild is a direct message."""
    member = ActingMember(roles=list(roles), permissions="0")
    place = ActingGuild(id=str(guild), name="Seam", owner_id=OWNER, member=member) if guild else None
    return Caller(
        Acting(
            actor=DiscordUser(id=person, username=NAMES[person]),
            guild=place,
            channel_id=CHANNEL if guild else None,
            interaction=Interaction(id=str(next(_interactions)), command="/test"),
        )
    )


@pytest.fixture
def nadia(backend: Backend) -> Who:
    return lambda **more: Calls(backend, caller_of(PLAYER, **more))


@pytest.fixture
def otto(backend: Backend) -> Who:
    return lambda **more: Calls(backend, caller_of(OTHER, **more))


@pytest.fixture
def olga(backend: Backend) -> Who:
    """Owner of the guild, hence administrator."""
    return lambda **more: Calls(backend, caller_of(OWNER, **more))


@pytest.fixture
def server_body() -> dict[str, Any]:
    channels = [{"id": CHANNEL, "name": "table", "type": 0, "position": 0}]
    roles = [{"id": TELLER_ROLE, "name": "Teller", "color": 0, "position": 1, "permissions": "0"}]
    return {"name": "Seam", "icon": None, "owner_id": OWNER, "channels": channels, "roles": roles}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    running = getattr(item, "funcargs", {}).get("django")
    if report.failed and isinstance(running, Running):
        report.sections.append(("last lines of the backend", running.parts.last_output()))
    return report
