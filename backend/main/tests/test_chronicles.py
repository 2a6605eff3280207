"""The pages of chronicles, members and roles: who sees what, and what a form changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chronicle.models import Chronicle, Invite, Server, ServerRole
from chronicle.services import create_server
from haven.models import Character
from testing.personas import SYSTEM, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def home(world: World) -> str:
    return f"/chronicles/{world.chronicle.id}/"


def test_a_chronicle_is_read_by_its_members_and_changed_by_storytellers(
    world: World, browser: Browser
) -> None:
    text = browser("mira").get(home(world)).content.decode()
    assert '<h1 dir="auto" translate="no">Night Court</h1>' in text
    assert 'name="tenets"' not in text
    assert browser("sam").get(home(world)).status_code == 404
    form = {
        "name": "Night Court",
        "description": "By <night>",
        "tenets": "Never lie\nNever kneel",
        "r-rerolls": "none",
        "key": "one",
    }
    refused = browser("mira").post(f"{home(world)}edit/", form)
    assert refused.status_code == 403
    assert browser("vesna").post(f"{home(world)}edit/", form).status_code == 302
    shown = browser("mira").get(home(world)).content.decode()
    for text in ("By &lt;night&gt;", "Never kneel", "<dd>Never</dd>"):
        assert text in shown
    assert 'name="tenets"' not in shown


def test_who_leads_names_others(world: World, browser: Browser) -> None:
    form = {"user": str(world.mira.id), "role": "OBSERVER", "key": "one"}
    assert browser("vesna").post(f"{home(world)}people/", form).status_code == 403
    assert browser("olga").post(f"{home(world)}people/", form).status_code == 302
    assert "Observer" in browser("jonas").get(home(world)).content.decode()
    assert browser("olga").post(f"{home(world)}people/", form | {"role": "", "key": "two"}).status_code == 302
    assert not ServerRole.objects.filter(chronicle=world.chronicle, members__user=world.mira).exists()
    assert browser("olga").post(f"{home(world)}people/", {"user": "x", "key": "three"}).status_code == 400


def test_a_chronicle_is_begun_archived_and_brought_back(world: World, browser: Browser) -> None:
    olga = browser("olga")
    begun = olga.post(f"/servers/{world.server.id}/chronicles/", {"name": "Second", "key": "one"})
    made = Chronicle.objects.get(name="Second")
    assert begun["Location"] == f"/chronicles/{made.id}/"
    olga.post(f"/chronicles/{made.id}/archive/", {"archived": "yes", "key": "two"})
    assert "is archived" in olga.get(f"/chronicles/{made.id}/").content.decode()
    olga.post(f"/chronicles/{made.id}/archive/", {"archived": "no", "key": "three"})
    made.refresh_from_db()
    assert made.archived_at is None


def test_the_grace_period_is_announced_and_the_server_kept(world: World, browser: Browser) -> None:
    address = f"/servers/{world.server.id}/"
    assert "Keep without Discord" not in browser("olga").get(address).content.decode()
    Server.objects.filter(pk=world.server.pk).update(left_at=timezone.now())
    until = (timezone.now() + timedelta(days=30)).strftime("%B %Y")
    text = browser("mira").get(address).content.decode()
    assert until in text
    assert "Keep without Discord" not in text
    Server.objects.filter(pk=world.server.pk).update(left_at=timezone.now() - timedelta(days=40))
    assert "the server is read-only" in browser("mira").get(address).content.decode()
    assert browser("olga").post(f"{address}keep/", {"key": "one"}).status_code == 302
    assert "goes on without its Discord server" in browser("mira").get(address).content.decode()


@pytest.mark.req("S000-48")
def test_roles_are_made_given_and_deleted_below_ones_own(world: World, browser: Browser) -> None:
    address, olga = f"/servers/{world.server.id}/members/", browser("olga")
    form: dict[str, Any] = {
        "name": "Scribe",
        "position": "5",
        "allow": ["observe"],
        "color": "#112233",
        "key": "1",
    }
    assert browser("mira").post(f"/servers/{world.server.id}/roles/", form).status_code == 403
    assert olga.post(f"/servers/{world.server.id}/roles/", form).status_code == 302
    role = ServerRole.objects.get(name="Scribe")
    assert (role.permissions, role.position, role.color) == ({"observe": "allow"}, 5, "#112233")
    give = {"user": str(world.jonas.id), "role": str(role.id), "held": "yes", "key": "2"}
    assert olga.post(f"{address}hold/", give).status_code == 302
    text = browser("jonas").get(address).content.decode()
    assert '<span class="tag" dir="auto" translate="no">Scribe</span>' in text
    assert "New role" not in text
    assert "New role" in olga.get(address).content.decode()
    assert olga.post(f"{address}hold/", give | {"held": "no", "key": "3"}).status_code == 302
    assert not role.members.exists()
    gone = {"role": str(role.id), "key": "4"}
    assert olga.post(f"/servers/{world.server.id}/roles/delete/", gone).status_code == 302
    assert not ServerRole.objects.filter(pk=role.pk).exists()


def test_members_are_found_by_name(world: World, browser: Browser) -> None:
    address = f"/servers/{world.server.id}/members/"
    text = browser("vesna").get(address, {"search": "jon"}).content.decode()
    assert '<span class="name" dir="auto" translate="no">Jonas</span>' in text
    assert '<span class="name" dir="auto">Mira</span>' not in text
    assert browser("sam").get(address).status_code == 404


@pytest.mark.req("S003-75")
def test_a_link_is_made_opened_and_taken_back(world: World, browser: Browser) -> None:
    mira, sam = browser("mira"), browser("sam")
    house = create_server(world.mira, "House of Mira", cause=SYSTEM)
    address = f"/servers/{house.id}/members/"
    assert "Invite people" in mira.get(address).content.decode()
    assert "Invite people" not in browser("olga").get(f"/servers/{world.server.id}/members/").content.decode()
    mira.post(f"/servers/{house.id}/invites/", {"max_uses": "2", "hours": "24", "key": "one"})
    made = Invite.objects.get()
    assert f"/join/{made.code}/" in mira.get(address).content.decode()
    page = sam.get(f"/join/{made.code}/").content.decode()
    assert '<h1 dir="auto" translate="no">House of Mira</h1>' in page
    answer = sam.post(f"/join/{made.code}/", {"key": "two"})
    assert answer["Location"] == f"/servers/{house.id}/"
    assert sam.get(answer["Location"]).status_code == 200
    mira.post(f"/servers/{house.id}/invites/revoke/", {"invite": str(made.id), "key": "three"})
    assert browser("jonas").get(f"/join/{made.code}/").status_code == 404


def test_who_observes_reads_the_desk_and_finds_nothing_to_press(
    owl: Character, world: World, browser: Browser
) -> None:
    desk = f"{home(world)}desk/"
    assert browser("mira").get(desk).status_code == 403
    browser("olga").post(
        f"{home(world)}people/", {"user": str(world.mira.id), "role": "OBSERVER", "key": "one"}
    )
    seen, shown = (browser(who).get(desk).content.decode() for who in ("mira", "vesna"))
    for part in ("Award experience", "New note", 'id="notes"'):
        assert part not in seen
        assert part in shown
