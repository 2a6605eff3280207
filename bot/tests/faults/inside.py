"""A Django process beside the platform: founds its world, says what its database holds, writes by the services.

Reads `[question, {about}]`, a line each, and answers with a line of JSON. `python -m tests.faults.inside`.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402
from django.db.models import F  # noqa: E402

from chronicle.call import Call  # noqa: E402
from chronicle.door import parse, perform  # noqa: E402
from chronicle.models import Chronicle, Server, ServerMember, ServerRole  # noqa: E402
from chronicle.principal import Principal  # noqa: E402
from chronicle.services import sync_members  # noqa: E402
from contract.characters import SheetChanged  # noqa: E402
from discordauth.models import CustomUser  # noqa: E402
from haven import operations, services  # noqa: E402
from haven.models import Character  # noqa: E402
from haven.serializers.character import brief, full  # noqa: E402
from haven.services import Reference  # noqa: E402
from haven.utility import derived  # noqa: E402
from rules.traits import Operation as TraitOperation  # noqa: E402
from rules.visibility import Level  # noqa: E402
from testing.community import set_server  # noqa: E402
from testing.personas import DISCORD_IDS, SYSTEM, found_world, member_facts  # noqa: E402
from timeline import frames  # noqa: E402
from timeline.keys import Key  # noqa: E402
from timeline.models import Event, IdempotencyKey, Stream  # noqa: E402
from timeline.operations import Operation  # noqa: E402
from timeline.services import Cause, heads  # noqa: E402

LOGIN = "discordauth.backends.DiscordBackend"


def found() -> dict[str, Any]:
    """The personas with a session each, and the ids of their places."""
    world = found_world()
    people = {name: getattr(world, name) for name in DISCORD_IDS}
    return {
        "sessions": {name: session_of(user) for name, user in people.items()},
        "users": {name: str(user.pk) for name, user in people.items()},
        "stream": f"chronicle:{world.chronicle.pk}",
        "chronicle": str(world.chronicle.pk),
        "server": str(world.server.pk),
    }


def session_of(user: CustomUser) -> str:
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), LOGIN
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def crowd(server: str, count: int) -> list[str]:
    """The sessions of so many more members."""
    facts = [
        member_facts(f"guest{n}", id=str(5 * 10**17 + n), global_name=f"Guest {n}") for n in range(count)
    ]
    sync_members(Server.objects.get(pk=server), facts, cause=SYSTEM)
    ids = [member.id for member in facts]
    return [session_of(user) for user in CustomUser.objects.filter(discord_id__in=ids)]


def create(owner: str, name: str, chronicle: str) -> str:
    """A vampire of this persona."""
    user = CustomUser.objects.get(discord_id=DISCORD_IDS[owner])
    place = Chronicle.objects.select_related("server").get(pk=chronicle)
    who = Principal.for_user(user)
    made = services.create(who, "vampire5th", name, [], place, Cause(user, "web"))
    return str(made.character.pk)


def change(owner: str, character: str, rows: list[dict[str, Any]], key: str = "") -> dict[str, Any]:
    return _perform(operations.CHANGE.sheet, owner, {"character": character, "changes": rows}, key)


def undo(owner: str, character: str, event: str | None = None, key: str = "") -> dict[str, Any]:
    return _perform(operations.UNDO.sheet, owner, {"character": character, "event": event}, key)


def _perform(
    operation: Operation[Call, Any, SheetChanged], owner: str, fields: dict[str, Any], key: str
) -> dict[str, Any]:
    """As the public API does it."""
    user = CustomUser.objects.get(discord_id=DISCORD_IDS[owner])
    call = Call(Principal.for_user(user), Cause(user, "api"))
    known = Key.of(f"api:{user.pk}", key, [operation.name, fields])
    return perform(operation, call, parse(operation.input, fields), known).model_dump(mode="json")


def state(character: str) -> dict[str, Any]:
    """What the database holds of a character, as a storyteller may see it, with all of its events."""
    row = derived(Character.objects.select_related("owner", "chronicle__server").get(pk=character))
    events = Event.objects.filter(entity_id=character).select_related("stream", "actor").order_by("seq")
    return {
        "version": row.version,
        "full": full(row, Principal.system()).fields,
        "brief": brief(row, Level.SECRET).fields,
        "table": brief(row, Level.TABLE).fields,
        "events": [frames.event_json(event, Level.SECRET) for event in events],
    }


def numbers(stream: str) -> dict[str, Any]:
    stream_id = UUID(stream.partition(":")[2])
    seqs = Event.objects.filter(stream_id=stream_id).order_by("seq").values_list("seq", flat=True)
    return {"head": Stream.objects.get(pk=stream_id).seq, "seqs": list(seqs)}


def head(stream: str) -> int:
    stream_id = stream.partition(":")[2]
    return heads([stream_id])[stream_id]


def keys(prefix: str) -> dict[str, str | None]:
    """Key → the id of the event that was stored under it."""
    rows = IdempotencyKey.objects.filter(key__startswith=prefix).values_list("key", "body")
    return {key: (body.get("event") or {}).get("id") for key, body in rows}


def age(hours: float) -> None:
    """As if everything so far had happened that long ago; what expires after such a time is gone."""
    Event.objects.update(created_at=F("created_at") - timedelta(hours=hours))
    cache.clear()


def show(owner: str, character: str, trait: str, level: str) -> None:
    user = CustomUser.objects.get(discord_id=DISCORD_IDS[owner])
    services.show(Principal.for_user(user), Reference(character), trait, level, Cause(user, "web"))


def track(guild: str, channel: str) -> None:
    server = Server.objects.get(discord_id=guild)
    set_server(server, tracker_channel=channel, principal=Principal.system(), cause=SYSTEM)


def named(name: str) -> str:
    return str(Character.objects.get(name=name).pk)


def play(character: str, rows: list[dict[str, Any]]) -> None:
    """A change by the character's own player, through the web."""
    owner = Character.objects.select_related("owner").get(pk=character).owner
    who, cause = Principal.for_user(owner), Cause(owner, "web")
    services.change(who, Reference(character), [TraitOperation(**row) for row in rows], cause)


def roles(guild: str, username: str) -> list[str]:
    """Discord's roles that a member has here."""
    found = ServerRole.objects.filter(
        server__discord_id=guild, members__user__discord_username=username, discord_id__isnull=False
    )
    return sorted(role.discord_id for role in found)


def mirror(guild: str) -> dict[str, Any]:
    """What is known of a guild, by Discord's ids; and how often it changed."""
    server = Server.objects.filter(discord_id=guild).first()
    if server is None:
        return {}
    rows = ServerMember.objects.filter(server=server).select_related("user").prefetch_related("roles")
    members = [
        (row.user.discord_id, sorted(role.discord_id for role in row.roles.all() if role.discord_id))
        for row in rows
    ]
    return {
        "roles": dict(server.roles.exclude(discord_id=None).values_list("discord_id", "name")),
        "channels": dict(server.channels.values_list("discord_id", "name")),
        "members": dict(members),
        "rows": len(members),
        "changes": [server.version, Event.objects.filter(stream_id=server.pk).count()],
    }


QUESTIONS: dict[str, Callable[..., Any]] = {
    question.__name__: question
    for question in (
        found,
        crowd,
        create,
        change,
        undo,
        state,
        numbers,
        head,
        keys,
        age,
        show,
        track,
        named,
        play,
        roles,
        mirror,
    )
}


def main() -> None:
    for line in sys.stdin:
        question, about = json.loads(line)
        close_old_connections()
        try:
            outcome = {"answer": QUESTIONS[question](**about)}
        except Exception as error:  # noqa: BLE001  (the outermost handler: the test is told)
            outcome = {"error": f"{question}: {type(error).__name__}: {error}"}
            connection.close()
        print(json.dumps(outcome, default=str), flush=True)


if __name__ == "__main__":
    main()
