"""What happens to a server or a chronicle is sent to its members."""

import pytest

from chronicle.call import Call
from conflicts.tests.kit import begin
from contract.roll_requests import AskForRoll
from desk.services import notes
from desk.tests.kit import character, lock, propose, set_
from gateway.tests.kit import Table
from rolls.services import requests
from rolls.tests.kit import roll
from testing.community import set_server, update_chronicle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("S004-38")
def test_members_are_told_of_changes_to_their_server(join, table: Table, world):
    member, stranger = join("jonas"), join("sam")
    stream = f"server:{world.server.id}"
    snapshot = member.subscribe(stream)
    assert snapshot["characters"] == []
    stranger.send(type="subscribe", stream=stream)
    assert stranger.wait("error")["code"] == "not_found"
    set_server(world.server, edition="20th", principal=world.principal("olga"), cause=table.cause("olga"))
    notice = member.wait("notice")
    assert notice["entity"] == "server"
    assert notice["id"] == str(world.server.id)
    assert notice["seq"] == snapshot["seq"] + 1
    assert notice["fields"]["edition"] == "20th"
    assert notice["event"]["actor"]["name"] == "Olga"


@pytest.mark.req("S004-38")
def test_a_chronicles_viewers_are_told_of_changes_to_it(join, table: Table, world):
    member = join("jonas")
    member.subscribe(table.stream)
    changes = {"name": "Night Court by Day"}
    update_chronicle(world.chronicle, changes, principal=world.principal("vesna"), cause=table.cause("vesna"))
    notice = member.wait("notice")
    assert notice["entity"] == "chronicle"
    assert notice["fields"] == changes


def test_what_happens_at_a_table_is_told_in_the_form_that_is_published(join, table: Table, world) -> None:
    """Each frame is held against the schema as it comes."""
    vesna = join("vesna")
    vesna.subscribe(table.stream)
    owl = character(world)
    lock(world, owl)
    propose(world, owl, set_("strength", 4))
    notes.add(world.principal("vesna"), world.chronicle, "Traitor", "", table.cause("vesna"))
    roll(world, dice=[2, 7, 8, 9, 10])
    given = AskForRoll(chronicle=world.chronicle.pk, players=[str(world.mira.pk)], pool=4, system="v5")
    requests.ask(Call(world.principal("vesna"), table.cause("vesna")), given)
    begin(world)
    entities = [vesna.wait("notice")["entity"] for _ in range(5)]
    assert entities == ["submission", "note", "roll", "roll_request", "conflict"]
