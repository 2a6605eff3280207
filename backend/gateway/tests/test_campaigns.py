"""The public socket of a campaign: a scene first, events with their numbers, nothing that changes state."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from companion.models import Campaign
from companion.services.publishing import unpublish_campaign
from companion.tests.kit import on_stage, publish, reread, show
from gateway.constants import CLOSE_NOT_PUBLIC, CLOSE_POLICY, CLOSE_TOO_BIG, CLOSE_TOO_MANY_SOCKETS
from gateway.tests.kit import SECONDS, Worker
from haven.models import Character
from haven.services import Reference, delete
from haven.tests.kit import cause, change, principal, sets
from rolls.services import RollInput
from rolls.services import roll as make_roll
from rules.dice.source import listed
from testing.personas import World
from timeline.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[..., "Looker"]


class Looker:
    """A viewer of the stream: reads frames, and folds what is said of characters."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def next(self, seconds: float = SECONDS) -> dict[str, Any]:
        return dict(json.loads(self.connection.recv(timeout=seconds)))

    def until(self, kind: str) -> dict[str, Any]:
        while True:
            frame = self.next()
            if frame["type"] == "event" and frame["data"]["kind"] == kind:
                return frame

    def hears_nothing(self, seconds: float = 0.4) -> bool:
        try:
            self.connection.recv(timeout=seconds)
        except TimeoutError:
            return True
        return False

    def closed_with(self) -> int:
        try:
            while True:
                self.next()
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd else 0


@pytest.fixture
def worker(start_worker: Callable[..., Worker], world: World, settings: Any) -> Worker:
    settings.GATEWAY = {**settings.GATEWAY, "max_sockets_per_address": 8}
    return start_worker()


@pytest.fixture
def look(worker: Worker) -> Iterator[Look]:
    with ExitStack() as opened:

        def open_one(ref: Any, **more: Any) -> Looker:
            query = f"?since={more.pop('since')}" if "since" in more else ""
            url = f"ws://127.0.0.1:{worker.port}/campaigns/{ref}/ws{query}"
            return Looker(opened.enter_context(connect(url, **more)))

        yield open_one


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


@pytest.fixture
def owl(world: World, campaign: Campaign) -> Character:
    return on_stage(world, traits=["hunger"])


@pytest.mark.req("S002-05", "S002-59", "S002-60", "S002-61")
def test_a_scene_comes_first_and_then_what_happens(
    world: World, look: Look, campaign: Campaign, owl: Character
) -> None:
    viewer = look(campaign.pk)
    scene = viewer.next()
    assert scene["type"] == "snapshot"
    assert [one["name"] for one in scene["characters"]] == ["Night Owl"]
    assert scene["roster"] == [str(owl.pk)]
    change(world, owl, *sets(hunger=3))
    event = viewer.next()
    assert (event["type"], event["seq"]) == ("event", scene["seq"] + 1)
    assert event["data"]["fields"] == {"hunger": 3}
    assert set(event) == {
        *("type", "id", "campaign_id", "character_id", "event_type", "data", "created_at", "seq")
    }
    change(world, owl, *sets(strength=4))
    given: Any = {"system": "v5", "pool": 2, "options": {"hunger": 1}}
    asked = RollInput(reference=Reference(str(owl.pk)), chronicle=world.chronicle, **given)
    make_roll(principal(world, "mira"), asked, cause(world, "mira"), listed([10, 10]))
    roll = viewer.until("roll")
    assert roll["seq"] == event["seq"] + 1, "what is hidden has no number"
    assert roll["data"]["moment"]["kind"] == "messy_critical"


@pytest.mark.req("S002-60")
def test_a_viewer_goes_on_from_where_it_was(
    world: World, look: Look, campaign: Campaign, owl: Character
) -> None:
    seq = look(campaign.chronicle.slug).next()["seq"]
    for hunger in (2, 3, 4):
        change(world, owl, *sets(hunger=hunger))
    viewer = look(campaign.pk, since=seq)
    assert [viewer.next()["data"]["fields"]["hunger"] for _ in range(3)] == [2, 3, 4]
    assert look(campaign.pk, since=seq + 3).hears_nothing()
    for since in (seq + 400, "x", -1, 10**30):
        assert look(campaign.pk, since=since).next()["type"] == "snapshot"


@pytest.mark.req("S002-62")
def test_what_a_viewer_says_changes_nothing(
    world: World, look: Look, campaign: Campaign, owl: Character
) -> None:
    viewer, before = look(campaign.pk), Event.objects.count()
    viewer.next()
    for said in ("{}", '{"type": "event", "data": {"hp": 0}}', "x", b"\x00"):
        viewer.connection.send(said)
    assert viewer.hears_nothing()
    assert Event.objects.count() == before
    loud = look(campaign.pk)
    for _ in range(150):
        loud.connection.send("{}")
    assert loud.closed_with() == CLOSE_POLICY
    long = look(campaign.pk)
    long.connection.send("x" * 5000)
    assert long.closed_with() == CLOSE_TOO_BIG


def test_what_is_not_public_has_no_socket(world: World, look: Look, campaign: Campaign) -> None:
    assert look("no-such-campaign").closed_with() == CLOSE_NOT_PUBLIC
    viewer = look(campaign.pk)
    viewer.next()
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    assert viewer.closed_with() == CLOSE_NOT_PUBLIC
    assert look(campaign.pk).closed_with() == CLOSE_NOT_PUBLIC


def test_so_many_from_one_address_as_the_proxy_reports_it(
    look: Look, campaign: Campaign, settings: Any
) -> None:
    settings.TRUST_PROXY = True
    addresses = [{"X-Forwarded-For": f"6.6.6.6, 10.0.0.{number}"} for number in range(30)]
    for headers in addresses:
        assert look(campaign.pk, additional_headers=headers).next()["type"] == "snapshot"
    for _ in range(7):
        assert look(campaign.pk, additional_headers=addresses[0]).next()["type"] == "snapshot"
    refused = look(campaign.pk, additional_headers=addresses[0])
    assert refused.closed_with() == CLOSE_TOO_MANY_SOCKETS
    for number in range(8):
        v6 = {"X-Forwarded-For": f"2001:db8:1:2::{number}"}
        assert look(campaign.pk, additional_headers=v6).next()["type"] == "snapshot"
    same_network = {"X-Forwarded-For": "2001:db8:1:2:ffff::1"}
    assert look(campaign.pk, additional_headers=same_network).closed_with() == CLOSE_TOO_MANY_SOCKETS


def test_a_delay_holds_everything_back_but_what_goes_off_air(
    world: World, look: Look, campaign: Campaign, owl: Character
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(delay=2)
    viewer = look(campaign.pk)
    viewer.next()
    change(world, owl, *sets(hunger=4))
    assert viewer.hears_nothing(0.5)
    show(world, owl, "hunger", level="table")
    scene = viewer.next(1.0)
    assert scene["type"] == "snapshot"
    assert "hunger" not in json.dumps(scene["characters"])
    rest = [viewer.next(5.0)["data"]["kind"]]
    while rest[-1] != "hidden":
        rest.append(viewer.next(5.0)["data"]["kind"])
    assert "fields" not in rest


def test_a_character_that_is_deleted_is_gone_for_everybody(
    world: World, look: Look, campaign: Campaign, owl: Character
) -> None:
    viewer = look(campaign.pk)
    viewer.next()
    delete(principal(world, "mira"), Reference(str(owl.pk)), cause(world, "mira"))
    assert viewer.next()["data"] == {"kind": "left"}
    assert look(campaign.pk).next()["characters"] == []
    assert reread(campaign).is_public
