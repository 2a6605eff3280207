"""docs/CAMPAIGNS.md: its quick reference and troubleshooting are there, and its curl lines work as they stand."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from companion.tests.shows import OPERATOR

pytestmark = pytest.mark.engine
DOCUMENT = (Path(__file__).parents[3] / "docs" / "CAMPAIGNS.md").read_text()
CURLS = [line for line in DOCUMENT.splitlines() if line.startswith("curl ")]


@pytest.mark.req("S002-64", "S002-67")
def test_it_has_what_the_specification_names() -> None:
    for command in (
        *("pip install -r", "manage.py migrate", "manage.py verify_schema", "runserver 8000"),
        *("/healthz", "-X POST http://localhost:8000/campaigns ", "manage.py shell -c"),
    ):
        assert command in DOCUMENT, command
    _before, _title, troubles = DOCUMENT.partition("## Troubleshooting")
    for trouble in ("ModuleNotFoundError", "migrat", "database", "MySQLdb", "port is already in use"):
        assert trouble in troubles, trouble


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.django_db(transaction=True)
def test_its_lines_work_as_they_stand(live_server: Any, settings: Any) -> None:
    settings.ADMIN_TOKEN = OPERATOR
    environment = {**os.environ, "ADMIN_TOKEN": OPERATOR, "no_proxy": "*"}
    answers = []
    for line in CURLS:
        command = line.replace("http://localhost:8000", live_server.url).replace("curl -s", "curl -s -f", 1)
        done = subprocess.run(
            ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, (command, done.stderr, done.stdout)
        answers.append(json.loads(done.stdout))
    health, version, made, listed, one, aria, event, events = answers
    assert health["ok"]
    assert set(version) == {"version", "env", "timestamp"}
    assert made["admin_token"].startswith("admin_")
    assert [found["id"] for found in listed] == [made["id"]] == [one["id"]]
    assert aria["stats"]["hp"] == {"current": 18, "max": 24, "temporary": 0}
    assert events[0] == event
