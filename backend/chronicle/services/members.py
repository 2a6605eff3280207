"""Members of a server and their roles, mirrored from Discord or added on the web."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.services.change import Changes, difference, record_change
from contract.acting import GuildMember
from contract.events import EventType
from contract.translation import _
from discordauth.models import CustomUser
from discordauth.services import by_status, ensure_users
from rules.errors import Conflict
from rules.text import clean
from timeline.services import Cause

Holding = ServerMember.roles.through


@dataclass(frozen=True, slots=True)
class Span:
    """The range of Discord ids that a batch covers: above `after`, up to `until` (None: no end)."""

    after: int = 0
    until: int | None = None


EVERYONE = Span()


@dataclass(frozen=True, slots=True)
class Counts:
    added: int = 0
    changed: int = 0
    removed: int = 0
    # Whom `Server.max_members` keeps out.
    refused: int = 0


class Roster:
    """The rows of some members of a locked server, changed by difference; two queries to load."""

    def __init__(self, server: Server, user_ids: Collection[UUID]) -> None:
        self.server = server
        rows = ServerMember.objects.filter(server=server, user_id__in=user_ids)
        self.members = {member.user_id: member for member in rows}
        holdings = Holding.objects.filter(servermember__server=server, servermember__user_id__in=user_ids)
        self.holdings: dict[tuple[UUID, UUID], int] = {
            (member_id, role_id): pk
            for pk, member_id, role_id in holdings.values_list("pk", "servermember_id", "serverrole_id")
        }

    def document(self) -> dict[str, object]:
        """`{"members.<user id>": {"nickname", "roles": [role id, …]}}`"""
        roles: dict[UUID, list[str]] = {}
        for member_id, role_id in self.holdings:
            roles.setdefault(member_id, []).append(str(role_id))
        return {
            f"members.{user_id}": {"nickname": row.nickname, "roles": sorted(roles.get(row.id, []))}
            for user_id, row in self.members.items()
        }

    def add(self, user_ids: Iterable[UUID]) -> None:
        rows = [ServerMember(server=self.server, user_id=pk) for pk in user_ids if pk not in self.members]
        ServerMember.objects.bulk_create(rows)
        self.members |= {row.user_id: row for row in rows}

    def rename(self, nicknames: dict[UUID, str]) -> None:
        changed = [row for pk, row in self.members.items() if row.nickname != nicknames.get(pk, row.nickname)]
        for row in changed:
            row.nickname = nicknames[row.user_id]
        if changed:
            ServerMember.objects.bulk_update(changed, ["nickname"])

    def hold(self, wanted: set[tuple[UUID, UUID]], among: Collection[UUID]) -> None:
        """Make the pairs of member and role equal to `wanted`, for the roles in `among`."""
        gone = [pair for pair in self.holdings if pair[1] in among and pair not in wanted]
        if gone:
            Holding.objects.filter(pk__in=[self.holdings.pop(pair) for pair in gone]).delete()
        new = [pair for pair in wanted if pair not in self.holdings]
        rows = [Holding(servermember_id=member_id, serverrole_id=role_id) for member_id, role_id in new]
        Holding.objects.bulk_create(rows)
        self.holdings |= {pair: row.pk for pair, row in zip(new, rows, strict=True)}


def sync_members(
    server: Server, facts: Collection[GuildMember], *, cause: Cause, speaks_for: Span | None = None
) -> Counts:
    """Bring these members up to date by difference, in a constant number of queries.

    `speaks_for` says that the batch is complete for a span of ids: members not named in it have left.
    """
    users = ensure_users(facts)
    with transaction.atomic():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        roster = Roster(locked, [user.pk for user in users.values()])
        before = roster.document()
        admitted = _admitted(roster, users, facts)
        _take_over(roster, users, admitted)
        changes = difference(before, roster.document())
        leavers = _leavers(locked, speaks_for, users) if speaks_for else {}
        finish(locked, changes | leavers, list(users.values()), cause)
    added = sum(1 for pair in changes.values() if pair[0] is None)
    return Counts(added, len(changes) - added, len(leavers), len(facts) - len(admitted))


def _admitted(
    roster: Roster, users: dict[str, CustomUser], facts: Collection[GuildMember]
) -> list[GuildMember]:
    """Return current members, the owner, and as many newcomers as there is room for, in the given order."""
    owner = roster.server.owner_discord_id
    known = [member for member in facts if users[member.id].pk in roster.members or member.id == owner]
    if len(known) == len(facts):
        return known
    room = _room(roster.server)
    newcomers = [member for member in facts if member not in known]
    return known + newcomers[:room]


def _room(server: Server) -> int:
    return max(0, server.max_members - ServerMember.objects.filter(server=server).count())


def _take_over(roster: Roster, users: dict[str, CustomUser], facts: Collection[GuildMember]) -> None:
    roles = {
        discord_id: pk
        for discord_id, pk in ServerRole.objects.filter(
            server=roster.server, discord_id__isnull=False
        ).values_list("discord_id", "pk")
        # Everyone has @everyone (its id is the guild's): no rows for it.
        if discord_id != roster.server.discord_id
    }
    roster.add(users[member.id].pk for member in facts)
    roster.rename({users[member.id].pk: clean(member.nick, 100) for member in facts})
    wanted = {
        (roster.members[users[member.id].pk].pk, roles[role])
        for member in facts
        for role in member.roles
        if role in roles
    }
    roster.hold(wanted, among=set(roles.values()))


def _leavers(server: Server, span: Span, present: Collection[str]) -> Changes:
    """Remove the members in a span of Discord ids that are not among those present."""
    rows = ServerMember.objects.filter(server=server, user__discord_id__isnull=False)
    if span != EVERYONE:
        rows = rows.alias(number=Cast("user__discord_id", BigIntegerField())).filter(number__gt=span.after)
        if span.until is not None:
            rows = rows.filter(number__lte=span.until)
    return _remove(rows.exclude(user__discord_id__in=list(present)))


def _remove(rows: QuerySet[ServerMember]) -> Changes:
    members = list(rows.prefetch_related("roles"))
    changes: Changes = {}
    for row in members:
        roles = sorted(str(role.pk) for role in row.roles.all())
        changes[f"members.{row.user_id}"] = [{"nickname": row.nickname, "roles": roles}, None]
    ServerMember.objects.filter(pk__in=[row.pk for row in members]).delete()
    return changes


def finish(server: Server, changes: Changes, users: Iterable[CustomUser], cause: Cause) -> None:
    """Record one event for all changes; an owner whose account was unknown becomes owner here."""
    changes = dict(changes)
    for user in users:
        if user.discord_id == (server.owner_discord_id or None) and server.owner_id != user.pk:
            changes["owner_id"] = [str(server.owner_id) if server.owner_id else None, str(user.pk)]
            server.owner = user
            server.save(update_fields=["owner", "updated_at"])
    if not changes:
        return
    record_change(server, changes, cause, type=EventType.SERVER_MEMBERS)


def add_member(
    server: Server, user: CustomUser, *, cause: Cause, system_roles: Collection[str] = ()
) -> ServerMember:
    """Add a member on the web, with these system roles in addition to those they have."""
    with transaction.atomic():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        roster = Roster(locked, [user.pk])
        before = roster.document()
        if user.pk not in roster.members and not _room(locked):
            raise server_full(locked)
        roster.add([user.pk])
        member = roster.members[user.pk]
        granted = set(
            ServerRole.objects.filter(server=locked, system__in=system_roles).values_list("pk", flat=True)
        )
        roster.hold({(member.pk, role) for role in granted}, among=())
        finish(locked, difference(before, roster.document()), [], cause)
    return member


def server_full(server: Server) -> Conflict:
    return Conflict(
        _(
            "{name} is full: it can have up to {max_members} members.",
            name=server.name,
            max_members=server.max_members,
        ),
        code="server_full",
    )


def remove_member(server: Server, user_id: UUID, *, cause: Cause) -> bool:
    """Remove a member: rights end at once, characters stay. Returns False if they were none."""
    with transaction.atomic():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        changes = _remove(ServerMember.objects.filter(server=locked, user_id=user_id))
        finish(locked, changes, [], cause)
    return bool(changes)


def remove_members(server: Server, user_ids: Collection[UUID]) -> Changes:
    """Remove members of a locked server, and return the changes for its event."""
    return _remove(ServerMember.objects.filter(server=server, user_id__in=user_ids))


def set_members_online(changes: Iterable[tuple[str, bool]]) -> None:
    """Store who is online in every server of these users; called by the gateway only."""
    for is_online, concerned in by_status(changes):
        rows = ServerMember.objects.filter(user__in=map(UUID, concerned)).exclude(is_online=is_online)
        rows.update(is_online=is_online)
