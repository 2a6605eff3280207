"""A database or a channel layer that does not answer: a plain sentence, nothing shown that may not be, and on we go."""

import logging
import time

import pytest
from channels.layers import channel_layers
from django.db import OperationalError

from delivery.publish import publish
from gateway import access_review, snapshots
from gateway.tests.kit import Table, wait_for
from haven import snapshot
from scripts.common import free_port
from testing.personas import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def broken(*args, **kwargs):
    raise OperationalError("the server has gone away: secret internals")


def test_no_database_is_told_in_a_plain_sentence(join, table: Table, monkeypatch):
    viewer = join("mira")
    with monkeypatch.context() as trouble:
        trouble.setattr(snapshots, "stream_access", broken)
        viewer.send(type="subscribe", stream=table.stream, ref=1)
        error = viewer.wait("error")
    assert (error["code"], error["ref"]) == ("unavailable", 1)
    assert "secret" not in error["detail"]
    assert viewer.subscribe(table.stream)["type"] == "snapshot"


def test_a_failed_snapshot_leaves_no_half_subscription(join, table: Table, monkeypatch):
    owl = table.create("mira", "Night Owl")
    viewer = join("mira")
    with monkeypatch.context() as trouble:
        trouble.setattr(snapshot, "characters", broken)
        viewer.send(type="subscribe", stream=table.stream)
        viewer.wait("error")
    table.set("mira", owl, hunger=2)
    viewer.quiet()
    assert viewer.subscribe(table.stream)["characters"][0]["fields"]["hunger"] == 2


@pytest.mark.req("S004-40")
def test_when_rights_cannot_be_read_nothing_more_is_shown(join, table: Table, world, monkeypatch):
    from chronicle.services import remove_member

    owl = table.create("mira", "Night Owl")
    viewer = join("jonas")
    viewer.subscribe(table.stream)
    monkeypatch.setattr(access_review, "current_access", broken)
    remove_member(world.server, world.jonas.id, cause=SYSTEM)
    table.set("mira", owl, name="Night Crow")
    assert viewer.close_code() == 1013
    assert "Night Crow" not in str(viewer.frames)


def test_heads_and_gaps_are_asked_for_again(join, table: Table, monkeypatch):
    import timeline.services

    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    viewer.subscribe(table.stream)
    monkeypatch.setattr(timeline.services, "publish", lambda group, message: None)
    with monkeypatch.context() as trouble:
        trouble.setattr(snapshots, "_filled", broken)
        last = table.set("mira", owl, hunger=2)
        viewer.quiet(0.5)
    assert viewer.until_seq(table.stream, last.event.seq) == [last.event.seq]


def test_a_dead_channel_layer_costs_the_writer_nothing(settings, caplog, table: Table):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "delivery.redis_layer.RedisLayer",
            "CONFIG": {"hosts": [f"redis://127.0.0.1:{free_port()}"]},
        }
    }
    channel_layers.backends.clear()
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            publish("gateway.stream.x", {"type": "stream.event"})
        owl = table.create("mira", "Night Owl")
        assert table.set("mira", owl, hunger=2).event.seq > 0
    assert time.monotonic() - began < 1
    wait_for(lambda: "not sent" in caplog.text, 10)
    channel_layers.backends.clear()
