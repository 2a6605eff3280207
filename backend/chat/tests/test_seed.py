"""`python seed_chat_data.py`: three servers to play with, once however often it runs."""

import pytest
from django.db import connection

import seed_chat_data
from chat.permissions import get_user_role_in_server
from chronicle.models import Server, ServerChannel, ServerMember
from discordauth.models import CustomUser
from testing.personas import World

pytestmark = pytest.mark.django_db


def seeded() -> list[Server]:
    return list(Server.objects.filter(name__in=seed_chat_data.SERVERS, discord_id=None))


@pytest.mark.req("S003-07", "S003-08", "S003-09", "S003-65")
def test_three_servers_with_channels_and_everybody(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert seed_chat_data.main() == 0
    servers = seeded()
    assert len(servers) == 3
    for server in servers:
        kinds = set(ServerChannel.objects.filter(server=server).values_list("kind", flat=True))
        assert {0, 2} <= kinds
        members = set(server.members.values_list("user_id", flat=True))
        assert members == set(CustomUser.objects.values_list("pk", flat=True))
        assert get_user_role_in_server(world.root, server) == "ADMIN"
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.req("S003-10")
def test_twice_doubles_nothing_and_adds_who_is_new(world: World) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Server, ServerChannel, ServerMember)]

    seed_chat_data.main()
    before = counts()
    seed_chat_data.main()
    assert counts() == before
    CustomUser.objects.create_user("late", password="correct-horse-battery")
    seed_chat_data.main()
    assert counts() == [before[0], before[1], before[2] + 3]


def test_without_tables_it_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: [])
    assert seed_chat_data.main() == 1
    assert "manage.py migrate" in capsys.readouterr().err
