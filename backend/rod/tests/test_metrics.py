"""`/metrics`: for who has the token alone; summed over processes; and the board draws what there is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from background import heartbeats
from background.models import Kind
from monitoring import metrics
from rod.metrics import ASKED, _numbers
from testing.personas import World

BACKEND = Path(__file__).parents[2]
BOARD = BACKEND.parent / "docs" / "deploy" / "grafana.json"
TOKEN = "token-of-the-tests-1234567890abcdef"
# Two processes count, and a third adds up. The library keeps its mode for the life of a process, so none is this one.
COUNT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from monitoring import metrics
folder = Path(sys.argv[2])
metrics.start(folder)
for number in range(int(sys.argv[3])):
    with metrics.OPERATIONS.timed("characters.change", "discord", "write"):
        metrics.EVENTS.add("character.changed")
metrics.VIEWERS.set(int(sys.argv[3]))
if sys.argv[3] == "2":
    import subprocess
    subprocess.run([sys.executable, "-c", sys.argv[4], sys.argv[1], sys.argv[2], "3", ""], check=True)
    from prometheus_client import generate_latest
    print(generate_latest(metrics.collected(folder)).decode())
"""


def test_processes_count_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT, str(BACKEND), str(tmp_path), "2", COUNT]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert 'rod_events_total{type="character.changed"} 5.0' in output
    assert (
        'rod_operation_seconds_count{door="discord",kind="write",operation="characters.change"} 5.0' in output
    )
    assert "rod_viewers 5.0" in output
    assert len(list(tmp_path.glob("counter_*.db"))) == 2


def test_files_of_processes_that_ended_go_when_another_starts(tmp_path: Path) -> None:
    (tmp_path / "counter_99999999.db").touch()
    metrics._forget_the_dead(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer ", f"Bearer {TOKEN}é"])
def test_the_public_finds_no_such_address(settings, tmp_path: Path, token: str) -> None:
    settings.METRICS_DIR = tmp_path
    for mine in ("", TOKEN):
        settings.METRICS_TOKEN = mine
        answer = Client().get("/metrics", headers={"Authorization": token})
        assert (answer.status_code, answer.content) == (404, b"Not found.\n")
        assert answer["Content-Type"] == "text/plain"


def test_who_has_the_token_reads_all_of_them(world: World, settings, tmp_path: Path) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = TOKEN, tmp_path
    state = {"connected": True, "servers": 3, "commands": 7, "rate_limited": 2, "latency": 0.25}
    state |= {"shards": "0-1/4", "connected_shards": [1]}
    heartbeats.beat("bot-1", Kind.DISCORD, state)
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    lines = answer.content.decode().splitlines()
    for line in (
        "rod_discord_connected 1.0",
        "rod_discord_servers 3.0",
        "rod_discord_shards 4.0",
        "rod_discord_shards_connected 1.0",
        "rod_discord_commands_total 7.0",
        "rod_discord_rate_limited_total 2.0",
        "rod_discord_latency_seconds 0.25",
        "rod_workers 0.0",
        "rod_tasks_oldest_seconds 0.0",
    ):
        assert line in lines
    assert "Mira" not in answer.content.decode()


@pytest.mark.django_db
def test_what_is_asked_of_the_database_is_declared() -> None:
    assert {name for name, _ in _numbers()} | {"rod_tasks"} == set(ASKED)


def test_the_board_draws_every_metric_and_no_other() -> None:
    asked = [
        target["expr"] for panel in json.loads(BOARD.read_text())["panels"] for target in panel["targets"]
    ]
    drawn = {
        re.sub(r"_(count|sum|bucket)$", "", name) for text in asked for name in re.findall(r"\brod_\w+", text)
    }
    assert drawn == {metric.name for metric in metrics.ALL} | set(ASKED)
