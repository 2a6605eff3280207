"""The Discord process says every few seconds how it is; with its key alone."""

from django.test import Client
from rest_framework.test import APIClient

from background import heartbeats
from background.models import Heartbeat, Kind
from testing.personas import World

SHARDS = {"shards": "0-1/4", "connected_shards": [0, 1]}
BEAT = {"process": "host-1", "connected": True, "servers": 3, "latency": 0.05, "commands": 7}


def test_a_heartbeat_is_noted_for_its_process(world: World, bot: APIClient) -> None:
    for commands in (7, 8):
        answer = bot.post("/bot/heartbeat", BEAT | {"commands": commands}, format="json")
        assert (answer.status_code, answer.json()) == (200, {"heard": True})
    (process,) = heartbeats.alive(Kind.DISCORD)
    assert (process.pk, process.state["commands"], process.state["servers"]) == ("host-1", 8, 3)


def test_it_says_which_shards_it_has_and_when_it_stops(world: World, bot: APIClient) -> None:
    bot.post("/bot/heartbeat", BEAT | SHARDS, format="json")
    assert heartbeats.shards_of(heartbeats.alive(Kind.DISCORD)) == (2, 4)
    assert bot.post("/bot/heartbeat", BEAT | {"stopped": True}, format="json").status_code == 200
    assert heartbeats.alive(Kind.DISCORD) == []


def test_nobody_else_speaks_for_it_and_nonsense_is_refused(world: World, bot: APIClient) -> None:
    assert Client().post("/bot/heartbeat", BEAT, content_type="application/json").status_code == 401
    for wrong in (
        {"process": "a b"},
        {"commands": -1},
        {"latency": "fast"},
        {"connected": "yes"},
        {"shards": "3"},
    ):
        assert bot.post("/bot/heartbeat", BEAT | wrong, format="json").status_code == 400, wrong
    assert not Heartbeat.objects.exists()
