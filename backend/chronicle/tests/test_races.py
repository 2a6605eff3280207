"""Two processes tell of the same guild in the same moment: one server comes of it, whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.migrated import migrated

BACKEND = Path(__file__).parents[2]
TIMEOUT = 60  # seconds

REPORTER = """
import sys, time
from pathlib import Path
import django
django.setup()
from chronicle.services import EVERYONE, sync_members, sync_server
from testing.personas import SYSTEM, guild_facts, member_facts

folder, name = Path(sys.argv[1]), sys.argv[2]
(folder / name).touch()
deadline = time.monotonic() + 30
while len(list(folder.glob("ready*"))) < 2 and time.monotonic() < deadline:
    time.sleep(0.005)
for _ in range(3):
    server, _ = sync_server(guild_facts(), cause=SYSTEM)
    people = [member_facts(name) for name in ("olga", "vesna", "mira", "jonas")]
    sync_members(server, people, cause=SYSTEM, speaks_for=EVERYONE)
"""

COUNTER = """
import django
django.setup()
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from discordauth.models import CustomUser
from timeline.models import Event

for kind in ("server", "chronicle"):
    seqs = list(Event.objects.filter(stream__kind=kind).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1)), (kind, seqs)
models = (Server, Chronicle, ServerRole, ServerMember, ServerMember.roles.through, CustomUser)
print(*(model.objects.count() for model in models))
"""


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A database in a file, as processes cannot share one in memory."""
    return os.environ | {
        "DATABASE_URL": "",
        "DB_ENGINE": "sqlite3",
        "DB_NAME": str(tmp_path / "race.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "rod.settings",
        "PYTHONPATH": str(BACKEND),
    }


def test_two_reports_of_one_guild_make_one_server(tmp_path: Path, surroundings: dict[str, str]) -> None:
    def python(*arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=surroundings,
            cwd=BACKEND,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(process: "subprocess.Popen[str]") -> str:
        with process:
            try:
                said, complaints = process.communicate(timeout=TIMEOUT)
            finally:
                process.kill()
        assert process.returncode == 0, complaints
        return said

    migrated(surroundings)
    reporters = [python("-c", REPORTER, str(tmp_path), f"ready{number}") for number in range(2)]
    for reporter in reporters:
        finish(reporter)
    # One server and chronicle, four system and three mirrored roles, four people of whom three hold a role.
    assert finish(python("-c", COUNTER)).split() == ["1", "1", "7", "4", "3", "4"]
