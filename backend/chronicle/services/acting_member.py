"""Keep a member up to date when they act by a command or log in."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ALL_PERMISSIONS, STANDING, Principal, standing
from chronicle.services.members import add_member, remove_member, server_full, sync_members
from chronicle.services.roles import ADMINISTRATOR_BIT, permissions_of_bits
from chronicle.services.servers import bring_up_to_date, ensure_server
from contract.acting import GuildFacts, GuildMember
from contract.translation import _
from discordauth.models import CustomUser
from discordauth.services import columns_of
from rules.errors import Conflict, NotAllowed
from rules.text import clean
from timeline.prepared import Columns, Prepared, Slot
from timeline.services import Cause


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody acting in a guild: their rights are as of this moment."""

    server: Server
    member: ServerMember
    user: CustomUser
    principal: Principal


def ensure_member(guild: GuildFacts, facts: GuildMember, *, cause: Cause) -> Entry:
    """Return the acting member of a guild, creating what is missing. One query if nothing changed.

    What Discord said with this command is newer than our mirror: its administrator is one here at once.
    """
    entry = _entry(guild.id, facts.id)
    if entry is None:
        server = ensure_server(guild, cause=cause)
        if sync_members(server, [facts], cause=cause).refused:
            raise server_full(server)
        entry = _fresh_entry(guild.id, facts.id)
    if not entry.user.is_active:
        raise NotAllowed(_("This account is closed."))
    server = bring_up_to_date(entry.server, guild, cause)
    if _is_stale(entry.member, entry.principal, guild, facts):
        sync_members(server, [facts], cause=cause)
        entry = _fresh_entry(guild.id, facts.id)
        server = entry.server
    _add_rights_of_the_moment(entry.principal, server, guild, facts)
    return Entry(server, entry.member, entry.user, entry.principal)


SERVER = Columns(Server, "server__")
MEMBER = Columns(ServerMember, "server__members__")
USER = Columns(CustomUser, "server__members__user__", CustomUser.ACTS)


def _roles_of_the_member() -> QuerySet[Any]:
    """Select a row per role that counts, each with the same server, member and user."""
    wanted = Q(server__discord_id=Slot("guild", CharField())) & Q(
        server__members__user__discord_id=Slot("person", CharField())
    )
    roles = standing(wanted, {"servermember_id": OuterRef("server__members__id")})
    return roles.values_list(*STANDING, *SERVER.paths, *MEMBER.paths, *USER.paths)


_read = Prepared(_roles_of_the_member, same_from=len(STANDING))


def _entry(guild_id: str, discord_id: str) -> Entry | None:
    """Read the acting member in one query; None if there is no such member yet."""
    rows = _read(guild=guild_id, person=discord_id)
    if not rows:
        return _without_roles(guild_id, discord_id)
    values = iter(rows[0][len(STANDING) :])
    server, member, user = SERVER.read(values), MEMBER.read(values), USER.read(values)
    member.server, member.user = server, user
    principal = Principal.for_user(user)
    principal.learn((*row[: len(STANDING)], True) for row in rows)
    return Entry(server, member, user, principal)


def _without_roles(guild_id: str, discord_id: str) -> Entry | None:
    """Read a member of a server that gives its members no role at all."""
    rows = ServerMember.objects.select_related("server", "user")
    member = rows.filter(server__discord_id=guild_id, user__discord_id=discord_id).first()
    return Entry(member.server, member, member.user, Principal.for_user(member.user)) if member else None


def _fresh_entry(guild_id: str, discord_id: str) -> Entry:
    """Read a member who has just been stored."""
    entry = _entry(guild_id, discord_id)
    if entry is None:
        raise ServerMember.DoesNotExist(f"{discord_id} in {guild_id}")
    return entry


def _is_stale(member: ServerMember, principal: Principal, guild: GuildFacts, facts: GuildMember) -> bool:
    columns = columns_of(facts).items()
    if member.nickname != clean(facts.nick, 100) or any(getattr(member.user, k) != v for k, v in columns):
        return True
    if guild.owner_id == facts.id and member.server.owner_id != member.user_id:
        return True
    held = principal.discord_roles(member.server_id) - {guild.id}
    current = set(facts.roles) - {guild.id}
    if held - current:
        return True
    new = current - held
    # Roles that are not mirrored yet come with the next sync of the guild.
    return bool(new) and ServerRole.objects.filter(server_id=member.server_id, discord_id__in=new).exists()


def _add_rights_of_the_moment(
    principal: Principal, server: Server, guild: GuildFacts, facts: GuildMember
) -> None:
    known = principal.permissions(server.id)
    if guild.owner_id == facts.id or facts.bits & ADMINISTRATOR_BIT:
        known = ALL_PERMISSIONS
    principal.remember(server.id, known | permissions_of_bits(facts.bits))


def refresh_memberships(user: CustomUser, guild_ids: Iterable[str], *, cause: Cause) -> None:
    """At login, make the user a member of exactly those known guilds that Discord lists; two queries if unchanged."""
    named = set(guild_ids)
    memberships = ServerMember.objects.filter(user=user, server__discord_id__isnull=False)
    current = {row.server.discord_id or "": row.server for row in memberships.select_related("server")}
    for discord_id in sorted(current.keys() - named):
        remove_member(current[discord_id], user.pk, cause=cause)
    joined = named - current.keys()
    for server in Server.objects.filter(discord_id__in=joined).order_by("id") if joined else ():
        with suppress(Conflict):  # a server that is full lets nobody in; who they are stands all the same
            add_member(server, user, cause=cause)
