"""The Django admin: every list opens, and every change there is an event like any other."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from chronicle.models import (
    Attendance,
    Chronicle,
    Episode,
    EpisodeReminder,
    EpisodeSettings,
    Invite,
    Schedule,
    Server,
    ServerMember,
    ServerRole,
    VoiceChannel,
    VoiceSeat,
)
from discordauth.models import CustomUser, TokenFamily
from testing.personas import World
from timeline.models import Event

MINE = ("discordauth", "chronicle")
MODELS = [model for app in MINE for model in apps.get_app_config(app).get_models()]


def url(model: type[Any], rest: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest}"


@pytest.fixture
def root(world: World, browser: Callable[[str], Client]) -> Client:
    return browser("root")


@pytest.mark.req("S000-07")
def test_the_admin_asks_for_a_login_and_lets_a_superuser_in(world: World) -> None:
    client = Client()
    assert client.get("/admin/").status_code == 302
    form = {"username": "root", "password": "correct-horse-battery", "next": "/admin/"}
    answer = client.post("/admin/login/?next=/admin/", form, follow=True)
    assert answer.status_code == 200
    assert b"Site administration" in answer.content


def test_players_are_kept_out_of_the_admin(browser: Callable[[str], Client]) -> None:
    assert browser("mira").get("/admin/").status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_list_that_can_be_searched(root: Client, model: type[Any]) -> None:
    assert model in admin.site._registry
    assert root.get(url(model)).status_code == 200
    assert root.get(url(model), {"q": "night"}).status_code == 200


@pytest.mark.req("S000-73")
@pytest.mark.parametrize("app", ["discordauth", "chronicle", "haven", "rolls", "desk", "conflicts"])
def test_every_model_of_play_is_there_with_search_and_filters(root: Client, app: str) -> None:
    """A request's players stand on the request's own page; an edition's class is no splat of its own."""
    for model in apps.get_app_config(app).get_models():
        if model.__name__ in ("Asked", "Character5th", "Character20th"):
            continue
        page = admin.site._registry[model]
        assert page.search_fields, model
        assert page.list_filter, model
        assert root.get(url(model), {"q": "night"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_row_opens(root: Client, world: World, model: type[Any]) -> None:
    Invite.objects.create(server=world.server, made_by=world.olga, code="come")
    TokenFamily.objects.create(user=world.mira, current="jti-of-now", expires_at=timezone.now())
    Schedule.objects.create(
        chronicle=world.chronicle,
        timezone="Europe/Berlin",
        weekday=4,
        time=time(19, 30),
        first_day=date(2026, 10, 2),
    )
    session = Episode.objects.create(chronicle=world.chronicle, number=1, planned_for=timezone.now())
    Attendance.objects.create(episode=session, user=world.mira, coming=True)
    EpisodeSettings.objects.create(user=world.mira, chronicle=world.chronicle)
    EpisodeReminder.objects.create(
        episode=session, user=world.mira, planned_for=session.planned_for, before="day"
    )
    crypt = VoiceChannel.objects.create(server=world.server, name="The crypt")
    VoiceSeat.objects.create(channel=crypt, user=world.mira)
    row = model._default_manager.first()
    answer = root.get(url(model, f"{row.pk}/change/"), follow=True)
    assert answer.status_code == 200
    assert "jti-of-now" not in answer.content.decode()


def test_lists_take_a_constant_number_of_queries(
    root: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        root.get(url(ServerMember))


def test_a_server_made_in_the_admin_has_what_every_server_has(root: Client, world: World) -> None:
    form = {
        "name": "Night Court",
        "owner": str(world.mira.pk),
        "edition": "5th",
        "max_members": 10,
        "max_channels": 5,
        "features": "{}",
        "description": "",
        "icon": "",
        "banner_url": "",
    }
    answer = root.post(url(Server, "add/"), form)
    assert answer.status_code == 302, answer.content
    server = Server.objects.get(owner=world.mira)
    assert server.slug == "night-court-2"
    assert server.roles.exclude(system="").count() == 4
    assert Chronicle.objects.filter(server=server, is_default=True).count() == 1
    assert Event.objects.get(stream_id=server.pk).type == "server.created"


def test_a_change_in_the_admin_is_an_event_of_that_admin(root: Client, world: World) -> None:
    page = root.get(url(Server, f"{world.server.pk}/change/"))
    form = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    answer = root.post(
        url(Server, f"{world.server.pk}/change/"), form | {"is_verified": "on", "features": "{}"}
    )
    assert answer.status_code == 302
    event = Event.objects.filter(stream_id=world.server.pk).latest("seq")
    assert event.changes == {"is_verified": [False, True]}
    assert event.actor == world.root


def test_a_role_takes_only_permissions_that_exist(root: Client, world: World) -> None:
    role = ServerRole.objects.get(server=world.server, name="Player")
    address = url(ServerRole, f"{role.pk}/change/")
    assert root.post(address, {"permissions": '{"fly": "allow"}'}).status_code == 200
    assert root.post(address, {"permissions": '{"storyteller": "allow"}'}).status_code == 302
    role.refresh_from_db()
    assert role.permissions == {"storyteller": "allow"}
    assert world.principal("mira").permissions(world.server.id) >= {"storyteller"}


def test_members_join_rise_and_leave_by_the_admin(root: Client, world: World) -> None:
    form = {"server": str(world.server.pk), "user": str(world.sam.pk)}
    assert root.post(url(ServerMember, "add/"), form).status_code == 302
    member = ServerMember.objects.get(server=world.server, user=world.sam)
    action = {"action": "make_storyteller", "_selected_action": [str(member.pk)]}
    assert root.post(url(ServerMember), action).status_code == 302
    assert "storyteller" in world.principal("sam").permissions(world.server.id)
    assert root.post(url(ServerMember, f"{member.pk}/delete/"), {"post": "yes"}).status_code == 302
    assert world.principal("sam").permissions(world.server.id) == frozenset()


def test_a_user_can_be_added_with_a_password(root: Client, world: World) -> None:
    form = {"username": "nadja", "password1": "a-long-and-odd-one", "password2": "a-long-and-odd-one"}
    assert root.post(url(CustomUser, "add/"), form).status_code == 302
    assert CustomUser.objects.get(username="nadja").check_password("a-long-and-odd-one")


def test_a_chronicle_is_added_and_renamed_by_the_services(root: Client, world: World) -> None:
    form = {"server": str(world.server.pk), "name": "Night Court", "description": "A second story"}
    assert root.post(url(Chronicle, "add/"), form).status_code == 302
    row = Chronicle.objects.get(description="A second story")
    assert (row.is_default, row.slug) == (None, "night-court-2")
    root.post(url(Chronicle, f"{row.pk}/change/"), {"name": "Dawn", "description": "A second story"})
    assert Event.objects.filter(stream_id=row.pk).latest("seq").changes == {"name": ["Night Court", "Dawn"]}
