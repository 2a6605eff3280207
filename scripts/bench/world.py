"""Fills the database of a run: communities, players, signed-in viewers, characters. Runs alone, prints JSON.

python -m scripts.bench.world '{"viewers": 1000, "small": 40, "players": 32, "sizes": [10, 100]}'
"""

import json
import os
import sys
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from chronicle.models import Chronicle, ServerChannel  # noqa: E402
from chronicle.principal import Principal  # noqa: E402
from chronicle.services import sync_members, sync_server  # noqa: E402
from contract.acting import GuildMember  # noqa: E402
from contract.guilds import Guild, GuildRole  # noqa: E402
from discordauth.models import CustomUser  # noqa: E402
from haven.models import Character  # noqa: E402
from haven.services import create  # noqa: E402
from rules.traits import Operation  # noqa: E402
from rules.visibility import Level  # noqa: E402
from scripts.bench.bodies import user_id, user_name  # noqa: E402
from scripts.bench.floor.models import Entry, Thing  # noqa: E402
from scripts.bench.options import SMALL_MEMBERS, Community, Crowd, World, WorldSize  # noqa: E402
from timeline.services import Cause  # noqa: E402

SYSTEM = Cause(actor=None, door="system")
LARGE, SMALL, SIZES = 10**17, 2 * 10**17, 3 * 10**17  # the first ids of guilds
WORDS = "The blood remembers every promise that was ever made in this city, and so does she. "
ATTRIBUTES = ("strength", "dexterity", "stamina", "charisma", "manipulation", "composure", "wits", "resolve")
SKILLS = ("athletics", "brawl", "stealth", "insight", "persuasion", "subterfuge", "occult", "politics")


def main(wanted: WorldSize) -> World:
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
        editor.create_model(Entry)
    things = [Thing(document={"text": WORDS * 10}) for _ in range(64)]
    Thing.objects.bulk_create(things)
    count = max(wanted["viewers"], wanted["small"] * SMALL_MEMBERS)
    large = make_chronicle(LARGE, range(wanted["viewers"]))
    small = [
        make_chronicle(SMALL + n, range(n * SMALL_MEMBERS, (n + 1) * SMALL_MEMBERS))
        for n in range(wanted["small"])
    ]
    users = {user.discord_id: user for user in CustomUser.objects.filter(discord_id__isnull=False)}
    people = [users[user_id(number)] for number in range(count)]
    return {
        "large": populate(large, people, wanted["players"]),
        "small": [populate(chronicle, people[n * SMALL_MEMBERS :], 1) for n, chronicle in enumerate(small)],
        "sizes": {str(size): crowd(size, people) for size in wanted["sizes"]},
        "sessions": sign_in(people),
        "people": [str(person.pk) for person in people],
        "things": sorted(Thing.objects.values_list("pk", flat=True)),
    }


def make_chronicle(guild: int, members: range) -> Chronicle:
    """Make a guild with these people, the first of whom owns it, and return its chronicle."""
    facts = Guild(
        id=str(guild),
        name=f"Court {guild}",
        owner_id=user_id(members[0]),
        roles=[GuildRole(id=str(guild), name="@everyone", permissions="1024")],
        channels=[],
    )
    server, _ = sync_server(facts, cause=SYSTEM)
    for start in range(0, len(members), 1000):
        sync_members(server, [member(number) for number in members[start : start + 1000]], cause=SYSTEM)
    return Chronicle.objects.select_related("server").get(server=server, is_default=True)


def member(number: int) -> GuildMember:
    name = user_name(number)
    return GuildMember(id=user_id(number), username=name, global_name=name.title())


def populate(chronicle: Chronicle, people: list[CustomUser], count: int) -> Community:
    """Make a character for each of the first `count` people. The whole table sees its Hunger."""
    ids = [str(vampire(person, chronicle).pk) for person in people[:count]]
    Character.objects.filter(id__in=ids).update(visibility={"hunger": int(Level.TABLE)})
    room = ServerChannel.objects.create(server=chronicle.server, name="table", slug="table", kind=0)
    return {
        "guild": str(chronicle.server.discord_id),
        "owner": str(people[0].discord_id),
        "stream": f"chronicle:{chronicle.pk}",
        "server": f"server:{chronicle.server_id}",
        "room": f"room:{room.pk}",
        "characters": ids,
    }


def vampire(owner: CustomUser, chronicle: Chronicle) -> Character:
    """Make a character with the sheet of some months of play, by the service that everybody uses."""
    principal = Principal.for_user(owner)
    answer = create(principal, "vampire5th", f"Night Owl {chronicle.pk.hex[-8:]}", sheet(), chronicle, SYSTEM)
    return answer.character


def sheet() -> list[Operation]:
    rows = [Operation(name, "set", 3) for name in (*ATTRIBUTES, *SKILLS)]
    rows += [Operation("health", "set", 7), Operation("willpower", "set", 6)]
    rows.append(Operation("ambition", "set", "To be forgotten by the Prince."))
    for name in ("Beautiful", "Bloodhound", "Iron Gullet"):
        entry = {"name": name, "rating": 2, "description": WORDS * 3, "notes": WORDS}
        rows.append(Operation("merits", "add", entry))
    rows += [
        Operation("disciplines", "add", {"name": name, "dots": 3})
        for name in ("Auspex", "Presence", "Potence")
    ]
    return rows


def crowd(size: int, people: list[CustomUser]) -> Crowd:
    """Make a chronicle of so many characters, each of another player as far as there are players."""
    chronicle = make_chronicle(SIZES + size, range(2))
    first = vampire(people[0], chronicle)
    own = ("id", "name", "name_key", "owner_id")
    names = [field.attname for field in Character._meta.concrete_fields if field.attname not in own]
    common = {name: getattr(first, name) for name in names}
    rows = []
    for number in range(1, size):
        name, owner = f"Sister {size}-{number}", people[number % len(people)]
        rows.append(Character(**common, name=name, name_key=name.casefold(), owner_id=owner.pk))
    Character.objects.bulk_create(rows, batch_size=500)
    return {"stream": f"chronicle:{chronicle.pk}", "character": str(first.pk)}


def sign_in(people: list[CustomUser]) -> list[str]:
    """Make a session for each, in the database and in the cache, as a login does."""
    store, rows, cached = SessionStore(), [], {}
    expires = timezone.now() + timedelta(days=14)
    backend = "discordauth.backends.DiscordBackend"
    for person in people:
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=expires))
        cached[store.cache_key_prefix + key] = data
    Session.objects.bulk_create(rows, batch_size=1000)
    cache.set_many(cached, timeout=14 * 24 * 3600)
    return [row.session_key for row in rows]


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
