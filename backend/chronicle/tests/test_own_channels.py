"""Channels of a server made on the web: create, change, order, archive and delete them, over REST."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from chronicle.models import Server, ServerChannel, ServerRole, VoiceSeat
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services import add_member, create_server, visible_channels
from testing.personas import SYSTEM, TABLE_CHANNEL, World


@pytest.fixture
def court(world: World) -> Server:
    """Sam's own server, in which Mira is a member and Jonas a moderator."""
    made = create_server(world.sam, "Salon", cause=SYSTEM)
    add_member(made, world.mira, cause=SYSTEM)
    add_member(made, world.jonas, cause=SYSTEM, system_roles=["MODERATOR"])
    return made


def ask(user: Any, method: str, server: Server, rest: str = "", body: Any = None) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return getattr(client, method)(f"/api/servers/{server.pk}/channels/{rest}", body, format="json")


def made(world: World, court: Server, name: str, **values: Any) -> Any:
    answer = ask(world.sam, "post", court, body={"name": name, **values})
    assert answer.status_code == 201, answer.json()
    return answer.json()


def listed(user: Any, court: Server) -> list[str]:
    return [row["name"] for row in ask(user, "get", court).json()["results"]]


@pytest.mark.req("S000-74", "S003-02")
def test_text_and_voice_channels_are_created(world: World, court: Server) -> None:
    text = made(world, court, "The Tavern", description="Talk\nhere", slow_mode=10)
    voice = made(world, court, "The Crypt", type="voice", user_limit=5)
    assert (text["type"], text["slug"], text["slow_mode"]) == ("text", "the-tavern", 10)
    assert (voice["type"], voice["user_limit"], voice["discord_id"]) == ("voice", 5, None)
    assert listed(world.mira, court) == ["The Tavern", "The Crypt"]


@pytest.mark.req("S003-74")
def test_a_category_holds_channels_and_leaves_them_when_it_goes(world: World, court: Server) -> None:
    category = made(world, court, "Elysium", type="category")
    text = made(world, court, "hall", category="Elysium")
    assert (text["category"], text["category_id"]) == ("Elysium", category["id"])
    assert ask(world.sam, "delete", court, f"{category['id']}/").json() == {"deleted": category["id"]}
    assert ServerChannel.objects.get(pk=text["id"]).category is None


@pytest.mark.req("S000-56")
def test_a_new_name_is_a_new_slug_and_never_anothers(world: World, court: Server) -> None:
    made(world, court, "hall")
    second = made(world, court, "hall")
    assert second["slug"] == "hall-2"
    renamed = ask(world.sam, "patch", court, f"{second['id']}/", {"name": "Great Hall"}).json()
    assert (renamed["name"], renamed["slug"]) == ("Great Hall", "great-hall")


@pytest.mark.req("S000-56")
def test_channels_are_ordered(world: World, court: Server) -> None:
    one, two, three = (made(world, court, name)["id"] for name in ("one", "two", "three"))
    answer = ask(world.sam, "put", court, body={"channels": [three, one]}).json()
    assert [row["name"] for row in answer["results"]] == ["three", "one", "two"]
    ask(world.sam, "patch", court, f"{two}/", {"before": three})
    assert listed(world.mira, court) == ["two", "three", "one"]
    foreign = ServerChannel.objects.get(discord_id=TABLE_CHANNEL).pk
    assert ask(world.sam, "put", court, body={"channels": [str(foreign)]}).status_code == 400


def test_put_above_a_channel_it_comes_into_its_category(world: World, court: Server) -> None:
    made(world, court, "Elysium", type="category")
    hall, yard = made(world, court, "hall", category="Elysium"), made(world, court, "yard")
    moved = ask(world.sam, "patch", court, f"{yard['id']}/", {"before": hall["id"]}).json()
    assert moved["category"] == "Elysium"
    out = ask(world.sam, "patch", court, f"{yard['id']}/", {"category": None}).json()
    assert out["category"] == ""


@pytest.mark.req("S000-43")
def test_the_channel_that_would_exceed_the_limit_is_refused(world: World, court: Server) -> None:
    court.max_channels = 2
    court.save()
    made(world, court, "one")
    made(world, court, "two", type="voice")
    answer = ask(world.sam, "post", court, body={"name": "three"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_channels")
    assert court.channels.count() == 2
    court.max_channels = 3
    court.save()
    made(world, court, "three")


@pytest.mark.req("S000-75", "S003-31")
@pytest.mark.parametrize(("who", "status"), [("mira", 403), ("jonas", 403), ("vesna", 404), ("sam", 201)])
def test_only_who_manages_channels_creates_them(world: World, court: Server, who: str, status: int) -> None:
    answer = ask(getattr(world, who), "post", court, body={"name": "one"})
    assert answer.status_code == status
    assert court.channels.count() == (status == 201)


@pytest.mark.req("S000-58")
def test_a_private_channel_is_hidden_from_who_has_no_role_for_it(world: World, court: Server) -> None:
    secret = made(world, court, "secret", is_private=True)
    moderator = ServerRole.objects.get(server=court, system="MODERATOR")
    body = {"role": str(moderator.pk), "rights": {"view_channel": "allow"}}
    assert ask(world.sam, "put", court, f"{secret['id']}/roles/", body).status_code == 200
    assert listed(world.mira, court) == []
    assert listed(world.jonas, court) == ["secret"]
    for reference in (secret["id"], "secret"):
        answer = ask(world.mira, "patch", court, f"{reference}/", {"name": "x"})
        assert answer.status_code == 404, "also by its name"
    assert ask(world.jonas, "patch", court, "secret/", {"name": "x"}).status_code == 403


def test_who_manages_one_channel_changes_it_and_deletes_none(world: World, court: Server) -> None:
    hall = made(world, court, "hall")
    role = ServerRole.objects.create(server=court, name="Keeper", position=3)
    court.members.get(user=world.mira).roles.add(role)
    body = {"role": str(role.pk), "rights": {"manage_channel": "allow"}}
    ask(world.sam, "put", court, f"{hall['id']}/roles/", body)
    assert ask(world.mira, "patch", court, "hall/", {"slow_mode": 30}).json()["slow_mode"] == 30
    assert ask(world.mira, "delete", court, "hall/").status_code == 403


def test_archived_it_can_be_read_and_nobody_writes(world: World, court: Server) -> None:
    hall = made(world, court, "hall")
    assert ask(world.sam, "patch", court, "hall/", {"archived": True}).json()["archived"]
    row = ServerChannel.objects.get(pk=hall["id"])
    for user in (world.sam, world.mira):
        assert can(Principal(user), "channel.view", row)
        assert can(Principal(user), "channel.send", row).code == "channel_archived"
    thread = ServerChannel(server=court, parent=row, name="thread", kind=11)
    assert can(Principal(world.mira), "channel.send", thread).code == "channel_archived"
    ask(world.sam, "patch", court, "hall/", {"archived": False})
    row.refresh_from_db()
    assert can(Principal(world.mira), "channel.send", row)


REFUSED = [
    ({"name": ""}, "name"),
    ({"name": "\u200b"}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"name": "x", "type": "forum"}, "type"),
    ({"name": "x", "slow_mode": -1}, "slow_mode"),
    ({"name": "x", "slow_mode": 21601}, "slow_mode"),
    ({"name": "x", "type": "voice", "user_limit": 100}, "user_limit"),
    ({"name": "x", "user_limit": 3}, "user_limit"),
    ({"name": "x", "type": "voice", "slow_mode": 3}, "slow_mode"),
    ({"name": "x", "type": "category", "is_private": True}, "is_private"),
    ({"name": "x", "category": "nowhere"}, "category"),
    ({"name": "x", "description": "y" * 1025}, "description"),
    ({"name": "x", "position": 2**31}, "position"),
]


@pytest.mark.parametrize(("body", "field"), REFUSED)
def test_what_no_channel_can_be_is_refused(world: World, court: Server, body: Any, field: str) -> None:
    answer = ask(world.sam, "post", court, body=body)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert court.channels.count() == 0


def test_what_comes_from_discord_is_changed_there(world: World) -> None:
    """Of a mirrored channel the name and place are Discord's; what is ours can be changed."""
    refused = [
        ask(world.olga, "post", world.server, body={"name": "x"}),
        ask(world.olga, "patch", world.server, f"{TABLE_CHANNEL}/", {"name": "x"}),
        ask(world.olga, "delete", world.server, f"{TABLE_CHANNEL}/"),
        ask(world.olga, "put", world.server, body={"channels": [str(world.server.channels.first().pk)]}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "not_ours")] * 4
    ours = {"slow_mode": 5, "description": "Our table", "is_private": True, "archived": True}
    changed = ask(world.olga, "patch", world.server, f"{TABLE_CHANNEL}/", ours).json()
    assert {name: changed[name] for name in ours} == ours


def test_a_server_that_goes_on_without_discord_makes_its_own(world: World) -> None:
    world.server.left_at = world.server.kept_at = timezone.now()
    world.server.save()
    assert ask(world.olga, "post", world.server, body={"name": "x"}).status_code == 201
    assert ask(world.olga, "patch", world.server, "table/", {"name": "hall"}).json()["slug"] == "hall"
    assert ask(world.olga, "delete", world.server, "hall/").status_code == 200


@pytest.mark.req("S000-57")
def test_a_voice_channel_holds_as_many_as_its_limit(world: World, court: Server) -> None:
    made(world, court, "crypt", type="voice", user_limit=2)
    first = ask(world.mira, "put", court, "crypt/voice/").json()
    assert [person["name"] for person in first["people"]] == [world.mira.display_name]
    assert ask(world.jonas, "put", court, "crypt/voice/").status_code == 200
    assert ask(world.mira, "put", court, "crypt/voice/").status_code == 200, "who is in it stays"
    full = ask(world.sam, "put", court, "crypt/voice/")
    assert (full.status_code, full.json()["code"]) == (409, "channel_full")
    assert len(ask(world.mira, "delete", court, "crypt/voice/").json()["people"]) == 1
    assert ask(world.sam, "put", court, "crypt/voice/").status_code == 200


@pytest.mark.req("S000-57")
@pytest.mark.parametrize("limit", [0, None])
def test_without_a_limit_everybody_comes_in(world: World, court: Server, limit: int | None) -> None:
    row = ServerChannel.objects.create(server=court, name="crypt", kind=2, user_limit=limit)
    for user in (world.mira, world.jonas, world.sam):
        assert ask(user, "put", court, f"{row.pk}/voice/").status_code == 200
    assert len(ask(world.mira, "get", court, f"{row.pk}/voice/").json()["people"]) == 3


def test_nobody_is_in_two_voice_channels_nor_in_one_for_ever(world: World, court: Server) -> None:
    made(world, court, "crypt", type="voice", user_limit=1)
    made(world, court, "attic", type="voice")
    ask(world.mira, "put", court, "crypt/voice/")
    ask(world.mira, "put", court, "attic/voice/")
    assert VoiceSeat.objects.get(user=world.mira).channel.name == "attic"
    ask(world.mira, "put", court, "crypt/voice/")
    VoiceSeat.objects.update(renewed_at=timezone.now() - timedelta(hours=7))
    assert ask(world.jonas, "put", court, "crypt/voice/").status_code == 200, "that seat has ended"


def test_only_voice_channels_hold_people_and_only_who_may_write_there(world: World, court: Server) -> None:
    made(world, court, "hall")
    assert ask(world.mira, "put", court, "hall/voice/").status_code == 400
    made(world, court, "crypt", type="voice", is_private=True)
    assert ask(world.mira, "put", court, "crypt/voice/").status_code == 404
    assert ask(world.vesna, "put", court, "crypt/voice/").status_code == 404


def test_a_name_that_fits_several_is_asked_for_again(world: World, court: Server) -> None:
    made(world, court, "hall of mirrors")
    made(world, court, "hall of ashes")
    answer = ask(world.sam, "patch", court, "hall/", {"slow_mode": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "ambiguous")
    assert [row.name for row in visible_channels(court, Principal(world.mira))] == [
        "hall of mirrors",
        "hall of ashes",
    ]
