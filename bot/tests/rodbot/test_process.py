"""The process as a whole: its settings, its start, its end, and what it may not import."""

import ast
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

import pytest

import rodbot
from contract.dotenv import ConfigError
from rodbot.core.config import load
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend, running
from tests.rodbot.table import until

ROOT = Path(rodbot.__file__).parent
GOOD = {"DISCORD_BOT_TOKEN": "the-token", "API_KEY": "new,old"}
SANDBOX = {
    "DISCORD_API_BASE": "http://localhost:8090/api/v10",
    "DISCORD_GATEWAY": "ws://localhost:8090/gateway",
    "DISCORD_CDN": "http://localhost:8090/cdn",
}
BACKEND = {"api", "bot", "chronicle", "discordauth", "gateway", "haven", "main", "rod", "rules", "timeline"}


@pytest.mark.req("CARD-04")
@pytest.mark.parametrize("module", sorted(ROOT.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_knows_django_or_the_backend_or_a_database(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").split(".")[0])
    assert not imported & (
        BACKEND | {"django", "rest_framework", "channels", "sqlite3", "MySQLdb", "psycopg"}
    )


def test_settings_come_from_the_environment() -> None:
    config = load(**GOOD)
    assert config.api_key.get_secret_value() == "new"
    assert config.backend_url == "http://localhost:8080"
    assert config.gateway_url == "ws://localhost:8080/ws/gateway/"
    assert not config.sandbox


def test_a_stand_in_for_discord_makes_the_sandbox_profile() -> None:
    config = load(**GOOD, **SANDBOX, BACKEND_URL="https://rod.example/", DISCORD_DEBUG_CHANNEL="12")
    assert config.sandbox
    assert config.gateway_url == "wss://rod.example/ws/gateway/"
    assert config.debug_channel == 12


def test_discords_own_address_is_no_sandbox() -> None:
    assert not load(**GOOD, DISCORD_API_BASE="https://discord.com/api/v10/").sandbox


def test_by_an_internal_address_the_backend_is_asked_in_the_name_of_the_site() -> None:
    """As the reverse proxy asks it: production answers to its public host alone, and by https."""
    inside = {"BACKEND_URL": "http://127.0.0.1:8080", "SITE_URL": "https://play.example:8146"}
    config = load(**GOOD, **inside, GATEWAY_URL="http://127.0.0.1:8081/")
    assert config.site_headers == {"Host": "play.example:8146", "X-Forwarded-Proto": "https"}
    assert config.gateway_url == "ws://127.0.0.1:8081/ws/gateway/"
    assert load(**GOOD, SITE_URL="http://localhost:8080").site_headers == {}


def test_secrets_do_not_show() -> None:
    assert "the-token" not in repr(load(**GOOD))
    assert "new" not in repr(load(**GOOD))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DISCORD_BOT_TOKEN": " "}, "DISCORD_BOT_TOKEN is not set"),
        ({"API_KEY": ""}, "API_KEY is not set"),
        ({"BACKEND_URL": "localhost:8080"}, "BACKEND_URL must be an address"),
        ({"DISCORD_DEBUG_CHANNEL": "#errors"}, "digits only"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"DISCORD_SHARD_RANGE": "0-3"}, "DISCORD_SHARDS is not"),
        ({"DISCORD_SHARDS": "2", "DISCORD_SHARD_RANGE": "1-2"}, "the last of DISCORD_SHARDS=2 is 1"),
        ({"DISCORD_API_BASE": "http://localhost:8090/api/v10"}, "DISCORD_GATEWAY is not set"),
        (SANDBOX | {"DISCORD_GATEWAY": "http://localhost:8090/gateway"}, "DISCORD_GATEWAY must be"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(change: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load(**(GOOD | change))


async def process(**env: str) -> asyncio.subprocess.Process:
    path = os.pathsep.join([str(ROOT.parent), str(ROOT.parents[1] / "backend")])
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "rodbot",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_without_a_token_it_says_so_and_ends() -> None:
    child = await process()
    said, _ = await asyncio.wait_for(child.communicate(), 20)
    assert child.returncode == 3
    assert said.decode().strip() == "DISCORD_BOT_TOKEN is not set. Put it into .env or into the environment."


async def test_a_wrong_token_is_a_sentence_not_a_traceback(box: Sandbox, fake: FakeBackend) -> None:
    env = box.env() | {"DISCORD_BOT_TOKEN": "wrong"}
    child = await process(**env, BACKEND_URL=fake.url, API_KEY=KEY)
    said, _ = await asyncio.wait_for(child.communicate(), 20)
    assert child.returncode == 1
    assert "does not accept DISCORD_BOT_TOKEN" in said.decode()
    assert "Traceback" not in said.decode()


async def test_it_waits_for_the_backend_starts_and_stops_cleanly_on_sigterm(box: Sandbox) -> None:
    late = FakeBackend()
    async with running(late) as fake:
        fake.answers = [(503, "not yet")] * 4
        child = await process(**box.env(), BACKEND_URL=fake.url, API_KEY=KEY)
        await until(lambda: [r for r in fake.requests if r.path.endswith("/members")], 20)
        child.send_signal(signal.SIGTERM)
        said, _ = await asyncio.wait_for(child.communicate(), 10)
    assert child.returncode == 0
    assert "Waiting for the backend" in said.decode()
    assert "Traceback" not in said.decode()
    assert box.token not in said.decode()
    assert KEY not in said.decode()


async def test_sigterm_while_it_waits_is_heard(box: Sandbox) -> None:
    child = await process(**box.env(), BACKEND_URL="http://127.0.0.1:1", API_KEY=KEY)
    assert child.stdout is not None
    while b"Waiting for the backend" not in await asyncio.wait_for(child.stdout.readline(), 10):
        logging.debug("not yet")
    child.send_signal(signal.SIGTERM)
    await asyncio.wait_for(child.communicate(), 10)
    assert child.returncode == 0
