"""Two processes of the bot report the same guild while its people give commands: nobody is told of a quarrel between
transactions, and the mirror is what both said."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Server, ServerMember
from testing.personas import GUILD
from testing.together import together
from timeline.models import Event, Stream

pytestmark = pytest.mark.engine

ROLES, PEOPLE, BATCH = 20, 60, 20
ROUNDS = 2


def role_id(number: int) -> str:
    return str(75 * 10**16 + number)


def person_id(number: int) -> str:
    return str(76 * 10**16 + number)


def held(number: int) -> list[str]:
    return sorted({role_id(1 + (number + step) % (ROLES - 1)) for step in range(3)})


def guild() -> dict[str, Any]:
    roles = [{"id": GUILD, "name": "@everyone", "color": 0, "position": 0, "permissions": "1024"}]
    roles += [
        {"id": role_id(n), "name": f"Role {n}", "color": n, "position": n, "permissions": "0"}
        for n in range(1, ROLES)
    ]
    channels = [{"id": str(77 * 10**16 + n), "name": f"room-{n}", "type": 0, "position": n} for n in range(9)]
    owner = person_id(0)
    return {"name": "Night Court", "icon": None, "owner_id": owner, "roles": roles, "channels": channels}


def profile(number: int) -> dict[str, Any]:
    return {"id": person_id(number), "username": f"p{number}", "global_name": None, "avatar": None}


def member(number: int) -> dict[str, Any]:
    return profile(number) | {"nick": None, "roles": held(number), "permissions": "1024", "bot": False}


def batches() -> list[dict[str, Any]]:
    found = []
    for start in range(0, PEOPLE, BATCH):
        after = person_id(start - 1) if start else None
        until = person_id(start + BATCH - 1) if start + BATCH < PEOPLE else None
        people = [member(number) for number in range(start, start + BATCH)]
        found.append({"members": people, "complete": False, "after": after, "until": until})
    return found


def put(client: APIClient, path: str, body: dict[str, Any], key: str) -> int:
    answer = client.put(f"/bot/servers/{GUILD}{path}", body, format="json", headers={"Idempotency-Key": key})
    return int(answer.status_code)


def report(name: str, key: str, *, backwards: bool) -> list[int]:
    """The whole guild, so many times; one process goes through the members the other way round."""
    client, found = APIClient(HTTP_AUTHORIZATION=f"Api-Key {key}"), []
    for number in range(ROUNDS):
        found.append(put(client, "", guild(), f"{name}-{number}"))
        order = batches()[::-1] if backwards else batches()
        found += [put(client, "/members", batch, f"{name}-{number}-{at}") for at, batch in enumerate(order)]
    return found


def command(number: int, key: str) -> int:
    """Somebody looks at the server, whether or not a report has told of them yet."""
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {key}")
    place = {"id": GUILD, "name": "Night Court", "owner_id": person_id(0), "icon": None}
    place["member"] = {"nick": None, "avatar": None, "roles": held(number), "permissions": "1024"}
    said = {"id": str(number), "command": "/server info"}
    body = {"actor": profile(number), "guild": place, "channel_id": "1", "interaction": said}
    return int(client.post(f"/bot/servers/{GUILD}/info", body, format="json").status_code)


@pytest.mark.req("S004-32")
def test_two_processes_report_one_guild_while_commands_come(
    transactional_db: None, bot: APIClient, settings: Any
) -> None:
    key = settings.API_KEYS[-1]
    found = together(
        lambda: report("one", key, backwards=False),
        lambda: report("two", key, backwards=True),
        *(lambda n=n: command(n, key) for n in (3, 33, 55)),
    )
    whole = [200] * ROUNDS * (1 + PEOPLE // BATCH)
    assert found == [whole, whole, 200, 200, 200]
    server = Server.objects.get(discord_id=GUILD)
    rows = ServerMember.objects.filter(server=server).select_related("user").prefetch_related("roles")
    assert {
        row.user.discord_id: sorted(role.discord_id for role in row.roles.all() if role.discord_id)
        for row in rows
    } == {person_id(number): held(number) for number in range(PEOPLE)}
    assert server.roles.exclude(discord_id=None).count() == ROLES
    assert server.channels.count() == 9
    for stream in Stream.objects.all():
        seqs = list(Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, stream.seq + 1)), "each change once, without a gap"
    # And the same once more, by one of them: nothing is left to change.
    count = Event.objects.count()
    assert report("again", key, backwards=False) == whole
    assert Event.objects.count() == count
