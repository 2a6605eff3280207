"""What happens to a server or a chronicle is told to its members."""

import pytest

from chronicle.services import set_edition, update_chronicle
from gateway.tests.kit import Table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("S004-38")
def test_members_are_told_of_changes_to_their_server(join, table: Table, world):
    member, stranger = join("jonas"), join("sam")
    stream = f"server:{world.server.id}"
    snapshot = member.subscribe(stream)
    assert snapshot["characters"] == []
    stranger.send(type="subscribe", stream=stream)
    assert stranger.wait("error")["code"] == "not_found"
    set_edition(world.server, "20th", principal=world.principal("olga"), cause=table.cause("olga"))
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
