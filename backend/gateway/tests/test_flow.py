"""From hello to live events, for each of the people."""

import pytest
from websockets.exceptions import ConnectionClosed

from gateway.tests.kit import Table
from haven.services import Reference, delete, restore, show, undo

pytestmark = pytest.mark.django_db(transaction=True)


def test_hello_names_the_user_and_the_heartbeat(join, world):
    viewer = join("mira")
    hello = viewer.frames[0]
    assert hello["heartbeat_interval"] == 30_000
    assert hello["user"]["id"] == str(world.mira.id)
    assert hello["user"]["name"] == "Mira"


@pytest.mark.req("CARD-11", "S004-36", "S004-41")
def test_a_change_reaches_an_open_socket_as_changed_fields(join, table: Table):
    owl = table.create("mira", "Night Owl")
    viewer = join("mira")
    assert [character["name"] for character in viewer.subscribe(table.stream)["characters"]] == ["Night Owl"]
    changed = table.set("mira", owl, hunger=3)
    frame = viewer.wait("update")
    assert frame["entity"] == "character"
    assert frame["id"] == owl
    assert frame["fields"] == {"hunger": 3}
    assert frame["seq"] == changed.event.seq
    assert frame["version"] == 2
    assert frame["event"]["changes"] == {"hunger": [1, 3]}
    assert frame["event"]["actor"]["name"] == "Mira"


def test_old_snapshot_and_events_make_the_new_snapshot(join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    viewer = join("mira")
    viewer.subscribe(table.stream)
    viewer.send(type="open", id=owl)
    viewer.wait("sheet")
    table.set("mira", owl, hunger=4, health__superficial=2, name="Night Crow")
    table.set("mira", owl, strength=3, sire="Old Marrow")
    table.adjust("vesna", owl, hunger=-2)
    undone = undo(world.principal("mira"), Reference(owl), table.cause("mira"))
    viewer.until_seq(table.stream, undone.event.seq)
    fresh = join("mira")
    fresh.subscribe(table.stream)
    fresh.send(type="open", id=owl)
    sheet = fresh.wait("sheet")["character"]
    assert viewer.characters[owl]["fields"] == sheet["fields"]
    assert viewer.characters[owl]["version"] == sheet["version"]


def test_creation_deletion_and_return_are_seen(join, table: Table, world):
    viewer = join("vesna")
    viewer.subscribe(table.stream)
    owl = table.create("mira", "Night Owl")
    created = viewer.wait("created")
    assert created["character"]["name"] == "Night Owl"
    assert created["character"]["fields"]["hunger"] == 1
    delete(world.principal("mira"), Reference(owl), table.cause("mira"))
    assert viewer.wait("deleted")["id"] == owl
    restore(world.principal("mira"), Reference(owl, deleted=True), table.cause("mira"))
    assert viewer.wait("restored")["character"]["name"] == "Night Owl"


@pytest.mark.req("S004-40")
def test_everyone_gets_what_they_may_see_and_no_more(join, table: Table):
    owl = table.create("mira", "Night Owl")
    owner, storyteller, player = join("mira"), join("vesna"), join("jonas")
    shown = {
        viewer: viewer.subscribe(table.stream)["characters"][0]["fields"]
        for viewer in (owner, storyteller, player)
    }
    assert "hunger" in shown[owner]
    assert "hunger" in shown[storyteller]
    assert "hunger" not in shown[player]
    assert shown[player]["name"] == "Night Owl"
    table.set("mira", owl, hunger=2)
    last = table.set("mira", owl, name="Night Crow")
    for viewer in (owner, storyteller):
        assert viewer.wait("update")["fields"] == {"hunger": 2}
        assert viewer.wait("update")["fields"] == {"name": "Night Crow"}
    player.until_seq(table.stream, last.event.seq)
    assert "hunger" not in str(player.frames)
    assert player.seqs[table.stream] == [last.event.seq]


@pytest.mark.req("S004-40")
def test_a_stranger_cannot_tell_what_exists_from_what_does_not(join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    stranger = join("sam")
    answers = []
    nothing = "00000000-0000-7000-8000-000000000000"
    for stream in (table.stream, f"chronicle:{nothing}", "chronicle:x", "planet:1", f"user:{world.mira.id}"):
        stranger.send(type="subscribe", stream=stream, ref=1)
        answers.append(stranger.wait("error"))
    assert len({(error["code"], error["detail"]) for error in answers}) == 1, answers
    assert answers[0]["code"] == "not_found"
    answers = []
    for character in (owl, nothing, "x"):
        stranger.send(type="open", id=character)
        answers.append(stranger.wait("error"))
    assert len({(error["code"], error["detail"]) for error in answers}) == 1, answers
    table.set("mira", owl, hunger=2)
    stranger.quiet()


def test_a_character_without_a_chronicle_lives_in_its_owners_stream(join, table: Table, world):
    loner = table.create("mira", "Lone Wolf", chronicle=None)
    own, storyteller = join("mira"), join("vesna")
    snapshot = own.subscribe(f"user:{world.mira.id}")
    assert [character["id"] for character in snapshot["characters"]] == [loner]
    storyteller.send(type="subscribe", stream=f"user:{world.mira.id}")
    assert storyteller.wait("error")["code"] == "not_found"
    table.set("mira", loner, hunger=2)
    assert own.wait("update")["fields"] == {"hunger": 2}


def test_an_open_sheet_follows_without_the_stream(join, table: Table):
    owl, other = table.create("mira", "Night Owl"), table.create("jonas", "Grey Fox")
    viewer = join("mira")
    viewer.send(type="open", id=owl, ref="sheet-1")
    sheet = viewer.wait("sheet")
    assert sheet["ref"] == "sheet-1"
    assert sheet["character"]["fields"]["strength"] == 1
    assert sheet["character"]["rights"]["edit"] is True
    table.set("jonas", other, hunger=2)
    last = table.set("mira", owl, strength=4)
    assert viewer.until_seq(table.stream, last.event.seq) == [last.event.seq]
    viewer.send(type="close", id=owl)
    viewer.send(type="heartbeat")
    viewer.wait("heartbeat")
    table.set("mira", owl, strength=2)
    viewer.quiet()
    viewer.send(type="close", id=owl)
    assert viewer.wait("error")["code"] == "not_open"


def test_after_unsubscribing_nothing_comes(join, table: Table):
    owl = table.create("mira", "Night Owl")
    viewer = join("mira")
    viewer.subscribe(table.stream)
    viewer.send(type="unsubscribe", stream=table.stream)
    viewer.send(type="heartbeat", ref=7)
    assert viewer.wait("heartbeat")["ref"] == 7
    table.set("mira", owl, hunger=2)
    viewer.quiet()
    viewer.send(type="unsubscribe", stream=table.stream)
    assert viewer.wait("error")["code"] == "not_subscribed"


@pytest.mark.req("S004-40")
def test_a_trait_that_becomes_visible_is_shown_at_once(join, table: Table, world):
    owl = table.create("mira", "Night Owl")
    player = join("jonas")
    player.subscribe(table.stream)
    player.send(type="open", id=owl)
    assert "hunger" not in player.wait("sheet")["character"]["fields"]
    show(world.principal("mira"), Reference(owl), "hunger", "table", table.cause("mira"))
    assert player.wait("character")["character"]["fields"]["hunger"] == 1
    assert player.wait("sheet")["character"]["fields"]["hunger"] == 1
    table.set("mira", owl, hunger=3)
    assert player.wait("update")["fields"] == {"hunger": 3}
    show(world.principal("mira"), Reference(owl), "hunger", "private", table.cause("mira"))
    assert "hunger" not in player.wait("character")["character"]["fields"]
    assert "hunger" not in player.wait("sheet")["character"]["fields"]


def test_a_large_chronicle_comes_in_parts(join, table: Table, settings):
    settings.GATEWAY["chunk_bytes"] = 1000
    names = [f"Shadow {number}" for number in range(5)]
    for name in names:
        table.create("mira", name)
    viewer = join("mira")
    last = viewer.subscribe(table.stream, ref="all")
    parts = [frame for frame in viewer.frames if frame["type"] == "snapshot"]
    assert [part["part"] for part in parts] == list(range(1, last["parts"] + 1))
    assert last["parts"] == 5
    assert {part["ref"] for part in parts} == {"all"}
    assert sorted(character["name"] for part in parts for character in part["characters"]) == names


def test_the_server_closes_cleanly_when_the_client_leaves(join, worker):
    viewer = join("mira")
    viewer.connection.close()
    with pytest.raises(ConnectionClosed):
        viewer.receive()
    assert viewer.connection.close_code == 1000
