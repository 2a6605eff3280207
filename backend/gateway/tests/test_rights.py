"""A right that is lost ends on the open socket, before the next event; one that is won shows at once."""

import pytest

import timeline.services
from chronicle.principal import Principal
from chronicle.services import remove_member, sync_members
from delivery.publish import publish
from gateway import access_review
from gateway.tests.kit import Table
from testing.community import set_server
from testing.personas import NARRATOR, PLAYER, SYSTEM, member_facts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture(params=["published", "message lost"])
def published(request, monkeypatch, settings) -> bool:
    """Whether the message about changed rights arrives. When not, nothing may be shown before it all the same."""
    settings.GATEWAY["recheck_interval"] = settings.GATEWAY["poll_interval"] = 3600
    if request.param == "message lost":
        monkeypatch.setattr(timeline.services, "publish", lambda group, message: _lossy(group, message))
    return request.param == "published"


def _lossy(group: str, message: dict) -> None:
    if message.get("event_type") != "server.rights":
        publish(group, message)


@pytest.mark.req("S004-40")
def test_who_leaves_the_server_sees_no_later_event(join, table: Table, world, published):
    owl, own = table.create("mira", "Night Owl"), table.create("jonas", "Grey Fox")
    viewer = join("jonas")
    viewer.subscribe(table.stream)
    viewer.send(type="open", id=owl)
    viewer.wait("sheet")
    viewer.send(type="open", id=own)
    viewer.wait("sheet")
    remove_member(world.server, world.jonas.id, cause=SYSTEM)
    table.set("mira", owl, name="Night Crow")
    rights = viewer.wait("rights")
    assert (rights["stream"], rights["role"], rights["lost"]) == (table.stream, "none", True)
    assert viewer.wait("rights")["id"] == owl
    assert "Night Crow" not in str(viewer.frames)
    viewer.quiet()
    viewer.send(type="subscribe", stream=table.stream)
    assert viewer.wait("error")["code"] == "not_found"
    # The own character stays open: its player may see it wherever it is played.
    table.set("vesna", own, hunger=3)
    assert viewer.wait("update")["fields"] == {"hunger": 3}


@pytest.mark.req("S004-40")
def test_a_storyteller_who_is_none_any_more_sees_what_players_see(join, table: Table, world, published):
    owl = table.create("mira", "Night Owl")
    viewer = join("vesna")
    assert "hunger" in viewer.subscribe(table.stream)["characters"][0]["fields"]
    set_server(world.server, storyteller_roles=[], principal=Principal.system(), cause=SYSTEM)
    table.set("mira", owl, hunger=3)
    rights = viewer.wait("rights")
    assert (rights["role"], rights["lost"], rights["gained"]) == ("member", False, False)
    assert "hunger" not in viewer.wait("snapshot")["characters"][0]["fields"]
    table.set("mira", owl, hunger=4)
    last = table.set("mira", owl, name="Night Crow")
    viewer.until_seq(table.stream, last.event.seq)
    assert not [frame for frame in viewer.frames if frame["type"] == "update" and "hunger" in frame["fields"]]


def test_a_new_storyteller_sees_at_once_what_storytellers_see(join, table: Table, world, published):
    owl = table.create("mira", "Night Owl")
    viewer = join("jonas")
    assert "hunger" not in viewer.subscribe(table.stream)["characters"][0]["fields"]
    viewer.send(type="open", id=owl)
    assert "strength" not in viewer.wait("sheet")["character"]["fields"]
    sync_members(world.server, [member_facts("jonas", roles=frozenset({PLAYER, NARRATOR}))], cause=SYSTEM)
    if not published:
        table.set("mira", owl, name="Night Crow")
    rights = viewer.wait("rights")
    assert (rights["role"], rights["lost"], rights["gained"]) == ("storyteller", False, True)
    assert viewer.wait("snapshot")["characters"][0]["fields"]["hunger"] == 1
    assert viewer.wait("sheet")["character"]["fields"]["strength"] == 1
    table.set("mira", owl, hunger=3)
    assert viewer.wait("update")["fields"] == {"hunger": 3}


def test_others_go_on_undisturbed(join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    viewer = join("mira")
    viewer.subscribe(table.stream)
    remove_member(world.server, world.jonas.id, cause=SYSTEM)
    last = table.set("mira", owl, hunger=2)
    assert viewer.until_seq(table.stream, last.event.seq)[-1] == last.event.seq
    assert not [frame for frame in viewer.frames if frame["type"] == "rights"]


def test_a_platform_admin_loses_it_with_the_account(join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    viewer = join("root")
    assert "hunger" in viewer.subscribe(table.stream)["characters"][0]["fields"]
    world.root.is_superuser = False
    world.root.save()
    assert viewer.wait("rights")["role"] == "none"
    table.set("mira", owl, name="Night Crow")
    viewer.quiet()


@pytest.mark.req("S004-40")
def test_a_role_lost_again_during_the_review_is_not_sent_as_held(join, table: Table, world, monkeypatch):
    """Between the review and what is sent for it the role is taken: the client hears of what is true then."""
    current_access, roles = access_review.current_access, frozenset({PLAYER, NARRATOR})

    def slow(name, viewers):
        accesses = current_access(name, viewers)
        if any(access.stream and access.stream.is_storyteller for access in accesses):
            monkeypatch.setattr(access_review, "current_access", current_access)
            sync_members(world.server, [member_facts("jonas", roles=frozenset({PLAYER}))], cause=SYSTEM)
        return accesses

    viewer = join("jonas")
    viewer.subscribe(table.stream)
    monkeypatch.setattr(access_review, "current_access", slow)
    sync_members(world.server, [member_facts("jonas", roles=roles)], cause=SYSTEM)
    viewer.wait("snapshot")
    assert "storyteller" not in [frame["role"] for frame in viewer.frames if frame["type"] == "rights"]
    sync_members(world.server, [member_facts("jonas", roles=roles)], cause=SYSTEM)
    assert viewer.wait("rights")["role"] == "storyteller"
