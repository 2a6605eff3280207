"""What a server says of itself, what is kept of its members, and who may change it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.serializers import server_for
from chronicle.services import create_server, set_members_online
from rules.errors import Conflict, Invalid, NotAllowed
from testing.community import set_server
from testing.personas import SYSTEM, World
from timeline.models import Event

pytestmark = pytest.mark.engine

PROFILE: dict[str, Any] = {
    "name": "The Second Court",
    "description": "By night\nand by day",
    "icon": "https://pictures.example/icon.png",
    "banner_url": "https://pictures.example/banner.png",
    "is_private": True,
}


@pytest.fixture
def court(world: World) -> Server:
    return create_server(world.mira, "Own Court", cause=SYSTEM)


def describe(world: World, court: Server, who: str = "mira", **values: Any) -> Server:
    return set_server(court, principal=world.principal(who), cause=SYSTEM, **values)


@pytest.mark.req("S000-30", "S000-32", "S000-34", "S000-35", "S000-37")
def test_all_of_it_is_kept_told_and_one_event(world: World, court: Server) -> None:
    before = Event.objects.count()
    describe(world, court, **PROFILE)
    kept = Server.objects.get(pk=court.pk)
    assert {name: getattr(kept, name) for name in PROFILE} == PROFILE
    shown = server_for(kept, world.principal("mira"))
    assert {name: getattr(shown, name) for name in PROFILE} == PROFILE
    assert Event.objects.count() == before + 1
    assert set(Event.objects.latest("id").changes) == set(PROFILE)
    describe(world, court, icon="", banner_url="")
    assert Server.objects.get(pk=court.pk).icon == ""


@pytest.mark.req("S000-33")
def test_who_founds_it_owns_it_and_others_change_nothing(world: World, court: Server) -> None:
    assert court.owner == world.mira
    with pytest.raises(NotAllowed):
        describe(world, world.server, "mira", description="Mine")


def test_what_discord_says_is_discords(world: World) -> None:
    with pytest.raises(Conflict) as caught:
        describe(world, world.server, "olga", name="Mine")
    assert caught.value.code == "not_ours"
    describe(world, world.server, "olga", description="Ours")
    Server.objects.filter(pk=world.server.pk).update(left_at=timezone.now(), kept_at=timezone.now())
    assert describe(world, world.server, "olga", name="Ours").name == "Ours"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("name", "x" * 101),
        ("name", 7),
        ("description", "x" * 2001),
        ("icon", "javascript:alert(1)"),
        ("banner_url", "http://pictures.example/banner.png"),
        ("banner_url", "https://" + "x" * 300),
        ("is_private", "yes"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    world: World, court: Server, name: str, value: Any
) -> None:
    with pytest.raises(Invalid) as caught, transaction.atomic():
        describe(world, court, **{"description": "New", name: value})
    assert list(caught.value.data["fields"]) == [name]
    assert Server.objects.get(pk=court.pk).description == ""


@pytest.mark.req("S000-36")
def test_when_it_was_made_and_changed_nobody_says(world: World, court: Server) -> None:
    Server.objects.filter(pk=court.pk).update(updated_at=timezone.now() - timedelta(days=1))
    made, touched = Server.objects.values_list("created_at", "updated_at").get(pk=court.pk)
    describe(world, court, description="New")
    after = Server.objects.get(pk=court.pk)
    assert (after.created_at, after.updated_at > touched) == (made, True)


@pytest.mark.req("S000-39", "S000-41", "S000-70")
def test_documents_take_new_keys(world: World, court: Server) -> None:
    for name in ("settings", "metadata"):
        setattr(court, name, {"something": {"new": [1, None]}})
    court.save()
    kept = Server.objects.get(pk=court.pk)
    assert kept.settings == kept.metadata == {"something": {"new": [1, None]}}


@pytest.mark.req("S000-49", "S000-50", "S000-51", "S000-53")
def test_a_member_is_one_row_with_roles_and_a_nickname(world: World) -> None:
    member = ServerMember.objects.get(server=world.server, user=world.vesna)
    assert member.roles.filter(name="Narrator").exists()
    assert world.server.created_at <= member.joined_at <= timezone.now()
    ServerMember.objects.filter(pk=member.pk).update(nickname="The Scribe")
    assert ServerMember.objects.get(pk=member.pk).nickname == "The Scribe"
    with pytest.raises(IntegrityError), transaction.atomic():
        ServerMember.objects.create(server=world.server, user=world.vesna)
    role = ServerRole.objects.create(server=world.server, name="Scribe", position=1)
    member.roles.add(role)
    assert list(role.members.all()) == [member]


@pytest.mark.req("S000-52")
def test_who_is_there_is_seen_in_each_server(world: World, browser: Any, court: Server) -> None:
    changes = [(str(world.mira.id), False), (str(world.mira.id), True), (str(world.jonas.id), False)]
    set_members_online(changes)
    rows = ServerMember.objects.filter(user=world.mira).values_list("is_online", flat=True)
    assert list(rows) == [True, True]
    page: Client = browser("mira")
    text = page.get(f"/servers/{court.id}/members/").content.decode()
    assert text.count(">online<") == 1
    set_members_online([(str(world.mira.id), False)])
    assert not ServerMember.objects.filter(is_online=True).exists()


def test_over_rest_and_on_the_page(world: World, browser: Any, court: Server) -> None:
    mira: Client = browser("mira")
    url = f"/api/servers/{court.id}/"
    answer = mira.patch(url, {"name": "Renamed", "edition": "20th"}, content_type="application/json").json()
    assert (answer["name"], answer["edition"]) == ("Renamed", "20th")
    refused = mira.patch(url, {"banner_url": "x"}, content_type="application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["banner_url"])
    page = f"/servers/{court.id}/"
    form = {"name": "On the page", "icon": "", "description": "Hm", "banner_url": "", "key": "k1"}
    assert mira.post(f"{page}describe/", form).status_code == 302
    text = mira.get(page).content.decode()
    assert re.search(r"<h1[^>]*>On the page</h1>", text)
    again = mira.post(
        f"{page}describe/", form | {"name": " ", "key": "k2", "form": "describe", "stood": page}
    )
    assert again.status_code == 400
    assert "has 1 to 100 characters" in again.content.decode()
