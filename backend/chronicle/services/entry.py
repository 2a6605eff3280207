"""A person comes in, by a command or by logging in: what we know of them is brought up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from chronicle.facts import ADMINISTRATOR_BIT, GuildFacts, MemberFacts
from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ALL_PERMISSIONS, Principal
from chronicle.services.members import add_member, remove_member, sync_members
from chronicle.services.roles import permissions_of_bits
from chronicle.services.servers import bring_up_to_date, ensure_server
from discordauth.models import CustomUser
from rules.errors import NotAllowed
from rules.text import clean
from timeline.services import Cause


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody acting in a guild: their rights are as of this moment."""

    server: Server
    member: ServerMember
    user: CustomUser
    principal: Principal


def ensure_member(guild: GuildFacts, facts: MemberFacts, *, cause: Cause) -> Entry:
    """The acting member of a guild; what is missing is made. Two queries when nothing changed.

    What Discord said with this command is newer than our mirror: its administrator is one here at once.
    """
    member = _member(guild.id, facts.profile.id).first()
    if member is None:
        sync_members(ensure_server(guild, cause=cause), [facts], cause=cause)
        member = _member(guild.id, facts.profile.id).get()
    if not member.user.is_active:
        raise NotAllowed("This account is closed.")
    server = bring_up_to_date(member.server, guild, cause)
    principal = Principal.for_user(member.user)
    if _is_stale(member, principal, guild, facts):
        sync_members(server, [facts], cause=cause)
        member = _member(guild.id, facts.profile.id).get()
        server, principal = member.server, Principal.for_user(member.user)
    _add_rights_of_the_moment(principal, server, guild, facts)
    return Entry(server, member, member.user, principal)


def _member(guild_id: str, discord_id: str) -> QuerySet[ServerMember]:
    rows = ServerMember.objects.select_related("server", "user")
    return rows.filter(server__discord_id=guild_id, user__discord_id=discord_id)


def _is_stale(member: ServerMember, principal: Principal, guild: GuildFacts, facts: MemberFacts) -> bool:
    columns = facts.profile.columns().items()
    if member.nickname != clean(facts.nick, 100) or any(getattr(member.user, k) != v for k, v in columns):
        return True
    if guild.owner_id == facts.profile.id and member.server.owner_id != member.user_id:
        return True
    held = principal.discord_roles(member.server_id) - {guild.id}
    said = facts.roles - {guild.id}
    if held - said:
        return True
    new = said - held
    # Roles that are not mirrored yet come with the next sync of the guild.
    return bool(new) and ServerRole.objects.filter(server_id=member.server_id, discord_id__in=new).exists()


def _add_rights_of_the_moment(
    principal: Principal, server: Server, guild: GuildFacts, facts: MemberFacts
) -> None:
    known = principal.permissions(server.id)
    if guild.owner_id == facts.profile.id or facts.permissions & ADMINISTRATOR_BIT:
        known = ALL_PERMISSIONS
    principal.remember(server.id, known | permissions_of_bits(facts.permissions))


def refresh_memberships(user: CustomUser, guild_ids: Iterable[str], *, cause: Cause) -> None:
    """At login: member of exactly those known guilds that Discord names. Two queries when nothing changed."""
    named = set(guild_ids)
    memberships = ServerMember.objects.filter(user=user, server__discord_id__isnull=False)
    current = {row.server.discord_id or "": row.server for row in memberships.select_related("server")}
    for discord_id in sorted(current.keys() - named):
        remove_member(current[discord_id], user.pk, cause=cause)
    joined = named - current.keys()
    for server in Server.objects.filter(discord_id__in=joined).order_by("id") if joined else ():
        add_member(server, user, cause=cause)
