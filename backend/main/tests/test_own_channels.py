"""The pages of a server that was made on the web: its channels, its members, and its end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chronicle.models import Server, ServerChannel, ServerMember
from chronicle.services import add_member, create_server
from testing.personas import SYSTEM, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


@pytest.fixture
def court(world: World) -> Server:
    made = create_server(world.sam, "Salon", cause=SYSTEM)
    add_member(made, world.mira, cause=SYSTEM)
    add_member(made, world.jonas, cause=SYSTEM, system_roles=["MODERATOR"])
    return made


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def channel(court: Server, name: str, **values: Any) -> ServerChannel:
    return ServerChannel.objects.create(server=court, name=name, **values)


@pytest.mark.req("S000-74")
def test_channels_are_made_with_a_form(world: World, browser: Browser, court: Server) -> None:
    page = f"/servers/{court.pk}/channels/"
    assert "New channel" in text_of(browser("sam"), page)
    assert "New channel" not in text_of(browser("mira"), page)
    for number, (name, kind) in enumerate((("hall", "text"), ("crypt", "voice"), ("Elysium", "category"))):
        form = {"name": name, "type": kind, "category": "", "description": "", "key": str(number)}
        assert browser("sam").post(f"{page}create/", form)["Location"] == page
    shown = text_of(browser("mira"), page)
    assert "hall" in shown
    assert "crypt" in shown
    assert "Elysium" not in shown, "a category without channels is for who manages them"
    assert "Elysium" in text_of(browser("sam"), page)


def test_a_refused_form_keeps_what_was_typed(world: World, browser: Browser, court: Server) -> None:
    Server.objects.filter(pk=court.pk).update(max_channels=0)
    page = f"/servers/{court.pk}/channels/"
    form = {"name": "The great hall", "type": "text", "form": "create", "key": "1", "stood": page}
    answer = browser("sam").post(f"{page}create/", form)
    assert answer.status_code == 409
    assert "has all the 0 channels" in answer.content.decode()
    assert 'value="The great hall"' in answer.content.decode()


def test_arrows_move_channels(world: World, browser: Browser, court: Server) -> None:
    one, two = channel(court, "one", position=1), channel(court, "two", position=2)
    page = f"/servers/{court.pk}/channels/"
    shown = text_of(browser("sam"), page)
    assert f'formaction="{page}{two.pk}/move/"' in shown
    assert f'formaction="{page}{one.pk}/move/"' not in shown, "there is nothing above the first"
    browser("sam").post(f"{page}{two.pk}/move/", {"before": str(one.pk), "key": "1"})
    shown = text_of(browser("mira"), page)
    assert shown.index("two") < shown.index("one")
    assert "formaction" not in shown


def test_a_channel_is_changed_archived_and_deleted(world: World, browser: Browser, court: Server) -> None:
    hall = channel(court, "hall")
    page, sam = f"/servers/{court.pk}/channels/{hall.pk}/", browser("sam")
    form = {"name": "Great hall", "description": "Bow", "category": "", "slow_mode": "30", "key": "1"}
    assert sam.post(f"{page}edit/", form)["Location"] == page
    hall.refresh_from_db()
    assert (hall.name, hall.description, hall.slow_mode) == ("Great hall", "Bow", 30)
    sam.post(f"{page}edit/", {"archived": "yes", "key": "2"})
    assert "This channel is archived" in text_of(browser("mira"), page)
    assert "1 archived channel" in text_of(browser("mira"), f"/servers/{court.pk}/channels/")
    wrong = sam.post(f"{page}delete/", {"name": "hall", "key": "3"})
    assert wrong.status_code == 400
    assert "Type “Great hall” to delete it" in wrong.content.decode()
    assert browser("mira").post(f"{page}delete/", {"name": "Great hall", "key": "4"}).status_code == 403
    gone = sam.post(f"{page}delete/", {"name": "Great hall", "key": "5"})
    assert gone["Location"] == f"/servers/{court.pk}/channels/"
    assert not court.channels.exists()


@pytest.mark.req("S000-57")
def test_people_join_and_leave_a_voice_channel(world: World, browser: Browser, court: Server) -> None:
    crypt = channel(court, "crypt", kind=ServerChannel.Kind.VOICE, user_limit=1)
    page = f"/servers/{court.pk}/channels/{crypt.pk}/"
    assert "Nobody is here right now" in text_of(browser("mira"), page)
    browser("mira").post(f"{page}join/", {"key": "1"})
    assert "1 of 1 here" in text_of(browser("jonas"), f"/servers/{court.pk}/channels/")
    full = browser("jonas").post(f"{page}join/", {"key": "2"})
    assert full.status_code == 409
    assert "is full" in full.content.decode()
    browser("mira").post(f"{page}leave/", {"key": "3"})
    assert browser("jonas").post(f"{page}join/", {"key": "4"}).status_code == 302


@pytest.mark.req("S003-32")
def test_members_are_removed_and_leave(world: World, browser: Browser, court: Server) -> None:
    page = f"/servers/{court.pk}/members/"
    assert "Remove from the server" in text_of(browser("jonas"), page)
    assert "Remove from the server" not in text_of(browser("mira"), page)
    answer = browser("jonas").post(f"{page}remove/", {"user": str(world.sam.pk), "key": "1"})
    assert answer.status_code == 403
    assert browser("mira").post(f"{page}remove/", {"user": str(world.mira.pk), "key": "2"})["Location"] == "/"
    assert not ServerMember.objects.filter(server=court, user=world.mira).exists()
    stays = browser("sam").post(f"{page}remove/", {"user": str(world.sam.pk), "key": "3"})
    assert stays.status_code == 409
    assert "needs an administrator" in stays.content.decode()
    browser("sam").post(f"{page}moderators/", {"moderators_manage_members": "no", "key": "4"})
    assert "Only administrators can add and remove members" in text_of(browser("sam"), page)
    assert "Remove from the server" not in text_of(browser("jonas"), page)


@pytest.mark.req("S003-32")
def test_people_are_added_whom_one_shares_a_server_with(
    world: World, browser: Browser, court: Server
) -> None:
    page = f"/servers/{court.pk}/members/"
    ServerMember.objects.filter(server=court, user=world.mira).delete()
    shown = text_of(browser("jonas"), page)
    assert f'<option value="{world.mira.pk}">Mira</option>' in shown
    assert f'value="{world.root.pk}"' not in shown, "of whom he knows nothing"
    assert 'id="add-role"' not in shown
    assert "you share a server with is here already" in text_of(browser("sam"), page)
    add_member(world.other_server, world.vesna, cause=SYSTEM)
    assert 'id="add-role"' in text_of(browser("sam"), page)
    added = browser("jonas").post(f"{page}add/", {"user": str(world.mira.pk), "key": "1"})
    assert added["Location"] == f"{page}#members"
    assert f'value="{world.mira.pk}">Mira' not in text_of(browser("jonas"), page)
    again = browser("jonas").post(f"{page}add/", {"user": str(world.mira.pk), "key": "2"})
    assert again.status_code == 409
    assert "is a member already" in again.content.decode()
    assert "Add a member" not in text_of(browser("mira"), page)
    assert browser("mira").post(f"{page}add/", {"user": str(world.vesna.pk), "key": "3"}).status_code == 403


@pytest.mark.req("S003-31")
def test_a_server_is_deleted_by_its_typed_name_and_restored(
    world: World, browser: Browser, court: Server
) -> None:
    page = f"/servers/{court.pk}/"
    assert "Delete this server" in text_of(browser("sam"), page)
    assert "Delete this server" not in text_of(browser("jonas"), page)
    wrong = browser("sam").post(f"{page}delete/", {"name": "Saloon", "key": "1"})
    assert wrong.status_code == 400
    assert browser("jonas").post(f"{page}delete/", {"name": "Salon", "key": "2"}).status_code == 403
    assert browser("sam").post(f"{page}delete/", {"name": "Salon", "key": "3"})["Location"] == page
    assert browser("mira").get(page).status_code == 404
    assert "can restore it until" in text_of(browser("sam"), page)
    shown = text_of(browser("sam"), "/")
    assert f'href="{page}"' in shown, "the way back to it"
    assert f'href="/chronicles/{court.chronicles.get().pk}/"' not in shown
    assert "Salon" not in text_of(browser("mira"), "/")
    browser("sam").post(f"{page}restore/", {"key": "4"})
    assert browser("mira").get(page).status_code == 200


def test_a_guild_with_the_bot_says_what_to_do_first(world: World, browser: Browser) -> None:
    shown = text_of(browser("olga"), f"/servers/{world.server.pk}/")
    assert "Remove it there first" in shown
    answer = browser("olga").post(f"/servers/{world.server.pk}/delete/", {"name": "Night Court", "key": "1"})
    assert answer.status_code == 409
