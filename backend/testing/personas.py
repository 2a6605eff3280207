"""The personas of every test: each stands for one kind of user and their rights.

olga    owns the guild "Night Court" (administrator by Discord's word)
vesna   storyteller there, by the Discord role "Narrator"; no other rights
mira, jonas   players there
sam     a stranger: member of "Other Court" only
root    platform admin (superuser), member of nothing
"""

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField, Model
from django.db.models.sql.compiler import SQLInsertCompiler
from django.db.models.sql.subqueries import InsertQuery

from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from chronicle.services import EVERYONE, sync_members, sync_server
from contract.acting import GuildMember
from contract.guilds import Guild, GuildChannel, GuildRole
from discordauth.models import CustomUser
from testing.community import set_server
from timeline.services import Cause

GUILD, OTHER_GUILD = "700000000000000001", "700000000000000002"
NARRATOR, PLAYER = "710000000000000001", "710000000000000002"
TABLE_CHANNEL, TRACKER_CHANNEL = "720000000000000001", "720000000000000002"
DISCORD_IDS = {
    "olga": "730000000000000001",
    "vesna": "730000000000000002",
    "mira": "730000000000000003",
    "jonas": "730000000000000004",
    "sam": "730000000000000005",
}
ROLES_HELD = {"vesna": [NARRATOR], "mira": [PLAYER], "jonas": [PLAYER]}
SYSTEM = Cause(actor=None, door="system")
FRESH_SECONDS = 120
Made = TypeVar("Made")


@dataclass(frozen=True)
class World:
    server: Server
    chronicle: Chronicle
    other_server: Server
    other_chronicle: Chronicle
    olga: CustomUser
    vesna: CustomUser
    mira: CustomUser
    jonas: CustomUser
    sam: CustomUser
    root: CustomUser

    def principal(self, name: str) -> Principal:
        return Principal.for_user(getattr(self, name))


def role_facts(discord_id: str, name: str, permissions: int = 0, **more: Any) -> GuildRole:
    return GuildRole(id=discord_id, name=name, permissions=str(permissions), **more)


def channel_facts(discord_id: str, name: str, **more: Any) -> GuildChannel:
    return GuildChannel(id=discord_id, name=name, **more)


def guild_facts(**changes: Any) -> Guild:
    facts: dict[str, Any] = {
        "id": GUILD,
        "name": "Night Court",
        "owner_id": DISCORD_IDS["olga"],
        "roles": [
            role_facts(GUILD, "@everyone", 1024),
            role_facts(NARRATOR, "Narrator", color=0x7A4FA3, position=2),
            role_facts(PLAYER, "Player", position=1),
        ],
        "channels": [
            channel_facts(TABLE_CHANNEL, "table", position=0),
            channel_facts(TRACKER_CHANNEL, "tracker", position=1),
        ],
    }
    return Guild(**facts | changes)


def member_facts(name: str, permissions: int = 0, **changes: Any) -> GuildMember:
    facts: dict[str, Any] = {
        "id": DISCORD_IDS.get(name),
        "username": name,
        "global_name": name.title(),
        "roles": ROLES_HELD.get(name, []),
        "permissions": str(permissions),
    }
    return GuildMember(**facts | changes)


def found_world() -> World:
    """Create two servers with their members, by the services that the bot's sync uses."""
    server, _ = sync_server(guild_facts(), cause=SYSTEM)
    people = [member_facts(name) for name in ("olga", "vesna", "mira", "jonas")]
    sync_members(server, people, cause=SYSTEM, speaks_for=EVERYONE)
    everyone = [role_facts(OTHER_GUILD, "@everyone")]
    other, _ = sync_server(
        guild_facts(
            id=OTHER_GUILD,
            name="Other Court",
            owner_id=DISCORD_IDS["sam"],
            roles=everyone,
            channels=[],
        ),
        cause=SYSTEM,
    )
    sync_members(other, [member_facts("sam")], cause=SYSTEM, speaks_for=EVERYONE)
    set_server(server, storyteller_roles=[NARRATOR], principal=Principal.system(), cause=SYSTEM)
    CustomUser.objects.create_superuser("root", "root@example.org", "correct-horse-battery")
    return _read_world()


def _read_world() -> World:
    chronicles = Chronicle.objects.select_related("server").filter(is_default=True)
    ours, other = (chronicles.get(server__discord_id=guild) for guild in (GUILD, OTHER_GUILD))
    users = {user.discord_id: user for user in CustomUser.objects.all()}
    return World(
        server=Server.objects.get(pk=ours.server_id),
        chronicle=ours,
        other_server=Server.objects.get(pk=other.server_id),
        other_chronicle=other,
        root=users[None],
        **{name: users[discord_id] for name, discord_id in DISCORD_IDS.items()},
    )


def copied_world() -> World:
    return copied(found_world)


@dataclass(frozen=True)
class Founded:
    """What a function has founded: the statements that make its rows, and what it returned."""

    at: float
    statements: list[tuple[str, Any]]
    made: bytes


def copied(found: Callable[[], Made]) -> Made:
    """`found()`, but after the first call its rows are put back by the same statements: a tenth of the work.

    Not for long: what is founded may have deadlines.
    """
    founded = _FOUNDED.get(found.__name__)
    if founded and time.monotonic() - founded.at < FRESH_SECONDS:
        with transaction.atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for sql, params in founded.statements:
                cursor.execute(sql, params)
        copy: Made = pickle.loads(founded.made)
        return copy
    tables = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    migrated = {model: list(model._base_manager.values_list("pk", flat=True)) for model in tables}
    made = found()
    rows = [(model, list(model._base_manager.exclude(pk__in=migrated[model]))) for model in tables]
    statements = [statement for model, new in rows for statement in _insertions(model, new)]
    _FOUNDED[found.__name__] = Founded(time.monotonic(), statements, pickle.dumps(made))
    return made


_FOUNDED: dict[str, Founded] = {}


def _insertions(model: type[Model], rows: list[Any]) -> list[tuple[str, Any]]:
    """What inserts these rows. A number given by hand would leave PostgreSQL's sequence behind, so none is."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    query = InsertQuery(model)
    query.insert_values(fields, rows)
    compiler = query.get_compiler(connection=connection)
    assert isinstance(compiler, SQLInsertCompiler)
    return compiler.as_sql() if rows else []


def _is_ours(model: type[Model]) -> bool:
    """Whether founding a world may leave rows in it: not Django's own tables, which hold some from the start."""
    return not (model._meta.proxy or model.__module__.startswith("django."))


def bot_body(
    name: str, *, guild: str | None = GUILD, command: str = "/test", interaction: str = "1", **extra: Any
) -> dict[str, Any]:
    """The body of a bot API call by this persona, in the guild or (None) in a direct message."""
    body: dict[str, Any] = {
        "actor": {
            "id": DISCORD_IDS[name],
            "username": name,
            "global_name": name.title(),
            "avatar": None,
        },
        "guild": None,
        "channel_id": TABLE_CHANNEL,
        "interaction": {"id": interaction, "command": command},
    }
    if guild:
        owner = DISCORD_IDS["olga" if guild == GUILD else "sam"]
        body["guild"] = {
            "id": guild,
            "name": "Night Court" if guild == GUILD else "Other Court",
            "owner_id": owner,
            "icon": None,
            "member": {
                "nick": None,
                "avatar": None,
                "roles": ROLES_HELD.get(name, []) if guild == GUILD else [],
                "permissions": "8" if owner == DISCORD_IDS[name] else "1024",
            },
        }
    return body | extra
