"""The user model: who is kept, under which name, and what it takes to make one."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contract.acting import DiscordUser
from discordauth import services
from discordauth.backends import DiscordBackend
from discordauth.models import CustomUser
from discordauth.services import ensure_user, ensure_users


def profile(discord_id: str, username: str, global_name: str | None = None, **more: Any) -> DiscordUser:
    return DiscordUser.model_construct(id=discord_id, username=username, global_name=global_name, **more)


def profiles(number: int, **changes: Any) -> list[DiscordUser]:
    return [profile(str(1000 + index), f"name{index}", **changes) for index in range(number)]


@pytest.mark.req("S000-20")
def test_the_custom_user_is_the_user_model() -> None:
    assert get_user_model() is CustomUser
    assert CustomUser._meta.db_table == "users"


@pytest.mark.req("S000-21")
def test_every_standard_field_is_there() -> None:
    standard = {
        "username", "email", "first_name", "last_name", "password", "is_active", "is_staff", "is_superuser",
        "date_joined", "last_login", "groups", "user_permissions",
    }  # fmt: skip
    assert standard <= {field.name for field in CustomUser._meta.get_fields()}


@pytest.mark.engine
@pytest.mark.req("S000-22", "S000-23", "S000-24", "S000-25", "S000-26", "S000-27", "S000-28", "S000-69")
def test_own_fields_have_defaults_and_keep_what_they_get(db: Any) -> None:
    user = CustomUser.objects.create(username="base-fields-only")
    user.refresh_from_db()
    assert (user.avatar_url, user.bio, user.status_message, user.is_online) == ("", "", "", False)
    assert (user.user_settings, user.metadata, user.per_game_stats) == ({}, {}, {})
    values = {
        "avatar_url": "https://example.org/a.png",
        "bio": "A poet",
        "status_message": "hunting",
        "is_online": True,
        "user_settings": {"theme": "dark"},
        "metadata": {"unheard": {"of": 1}},
        "per_game_stats": {"darts": {"won": 2}},
    }
    CustomUser.objects.filter(pk=user.pk).update(**values)
    assert CustomUser.objects.filter(pk=user.pk).values(*values).get() == values


@pytest.mark.req("S000-70")
def test_an_unknown_key_of_a_json_field_needs_no_migration(db: Any) -> None:
    user = CustomUser.objects.create(username="keys", metadata={"new": [1, {"deep": None}]})
    call_command("makemigrations", "discordauth", "--check", "--dry-run", stdout=io.StringIO())
    assert CustomUser.objects.get(pk=user.pk).metadata == {"new": [1, {"deep": None}]}


def test_two_local_accounts_have_no_discord_id(db: Any) -> None:
    first, second = CustomUser(username="a", discord_id=""), CustomUser(username="b", discord_id="")
    first.save()
    second.save()
    assert {first.discord_id, second.discord_id} == {None}


@pytest.mark.engine
def test_createsuperuser_asks_nothing_when_told_so(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct-horse-battery")
    call_command(
        "createsuperuser", "--noinput", username="chief", email="a@example.org", stdout=io.StringIO()
    )
    chief = CustomUser.objects.get(username="chief")
    assert (chief.is_superuser, chief.is_staff) == (True, True)
    assert authenticate(username="chief", password="correct-horse-battery") == chief
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--noinput", username="chief", email="", stdout=io.StringIO())


@pytest.mark.req("S004-44")
def test_discord_users_are_made_once_and_cost_one_query_then(db: Any, django_assert_num_queries: Any) -> None:
    user = ensure_user(profile("1", "mira", "Mira", avatar="beef"))
    assert user.picture_url == "https://cdn.discordapp.com/avatars/1/beef.png"
    assert user.display_name == "Mira"
    with django_assert_num_queries(1):
        assert ensure_user(profile("1", "mira", "Mira", avatar="beef")) == user


def test_the_number_of_statements_does_not_grow_with_the_crowd(db: Any) -> None:
    def cost(crowd: list[DiscordUser]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ensure_users(crowd)
        return len(captured)

    assert cost(profiles(2)) == cost(profiles(20))  # of more, SQLite takes a second statement
    assert cost(profiles(2, avatar="a")) == cost(profiles(20, avatar="b"))


def test_people_of_one_name_get_different_login_names(db: Any) -> None:
    users = ensure_users([profile("1", "mira"), profile("2", "mira"), profile("3", "")])
    assert [users[key].username for key in "123"] == ["mira", "mira.2", "discord.3"]


def test_a_name_taken_in_the_same_moment_gets_the_id_behind_it(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services._row

    def slow(user: DiscordUser, username: str) -> CustomUser:
        CustomUser.objects.get_or_create(username="mira")
        return real(user, username)

    monkeypatch.setattr(services, "_row", slow)
    assert ensure_user(profile("1", "mira")).username == "mira.1"


def test_names_of_any_length_and_content_are_made_fit(db: Any) -> None:
    user = ensure_user(profile("1", "a\x00b" + "x" * 500, "\u202eevil\ud800\n name", avatar="h" * 300))
    assert user.username == "ab" + "x" * 98
    assert user.global_name == "evil name"
    assert len(user.discord_avatar) == 80


def test_an_own_picture_comes_before_discords() -> None:
    user = CustomUser(discord_id="1", discord_avatar="beef", avatar_url="https://example.org/me.png")
    assert user.picture_url == "https://example.org/me.png"
    assert CustomUser(discord_id="1").picture_url == ""


@pytest.mark.engine
def test_a_session_finds_its_user_whole_unless_the_account_is_closed(db: Any) -> None:
    backend = DiscordBackend()
    user = ensure_user(DiscordUser(id="1", username="mira", global_name="Mira"))
    found = backend.get_user(user.pk)
    stored = CustomUser.objects.get(pk=user.pk)
    names = [field.attname for field in CustomUser._meta.concrete_fields]
    assert found == stored
    assert [getattr(found, name) for name in names] == [getattr(stored, name) for name in names]
    CustomUser.objects.filter(pk=user.pk).update(is_active=False)
    assert backend.get_user(user.pk) is None
    assert backend.get_user(uuid4()) is None
