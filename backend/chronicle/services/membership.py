"""Add and remove members of a server and choose its moderators and administrators. An administrator always stays."""

from uuid import UUID

from django.db import transaction

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, Principal
from chronicle.rights import can
from chronicle.services.change import Changes, difference
from chronicle.services.channel_editing import not_ours
from chronicle.services.members import Roster, add_member, finish, remove_members
from chronicle.services.voice import empty_seats
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Conflict, NotAllowed, NotFound
from timeline.services import Cause

System = ServerRole.System
RANKED = (System.ADMIN, System.MODERATOR)


def role_of(principal: Principal, server: Server) -> str:
    """Return ADMIN, MODERATOR or MEMBER: what somebody's roles come to in the server."""
    if ADMINISTRATOR in principal.permissions(server.pk):
        return System.ADMIN
    held = ServerRole.objects.filter(pk__in=principal.roles(server.pk), system=System.MODERATOR)
    return System.MODERATOR if held.exists() else System.MEMBER


@transaction.atomic
def add_to_server(
    server: Server, user: CustomUser, role: str, *, principal: Principal, cause: Cause
) -> ServerMember:
    """Add somebody as MEMBER, or for administrators as MODERATOR or ADMIN.

    Raises NotAllowed; Conflict (`not_ours`, `already_member`, `server_full`).
    """
    locked = _locked(server)
    can(principal, "server.members", locked).require()
    if role != System.MEMBER:
        can(principal, "server.promote", locked).require()
    if locked.is_mirrored:
        raise not_ours(_("People join this server in Discord: invite them there."))
    if ServerMember.objects.filter(server=locked, user=user).exists():
        raise Conflict(_("This person is a member already."), code="already_member")
    return add_member(locked, user, cause=cause, system_roles=[role] if role in RANKED else ())


@transaction.atomic
def remove_from_server(server: Server, user_id: UUID, *, principal: Principal, cause: Cause) -> None:
    """Remove a member, or leave: rights end at once, characters stay.

    Moderators remove members alone. Raises NotAllowed, NotFound, Conflict (`last_admin`, `not_ours`).
    """
    locked = _locked(server)
    member = _member(locked, user_id)
    if principal.id != user_id:
        can(principal, "server.members", locked).require()
        _require_above(principal, member, locked)
    if locked.is_mirrored:
        raise not_ours(_("People leave this server in Discord, or are removed there."))
    changes = _give_up_admin(locked, user_id)
    empty_seats(locked, user_id)
    finish(locked, changes | remove_members(locked, [user_id]), [], cause)


@transaction.atomic
def set_server_role(
    server: Server, user_id: UUID, role: str, *, principal: Principal, cause: Cause
) -> ServerMember:
    """Make a member ADMIN, MODERATOR or just MEMBER. Raises NotAllowed, NotFound, Conflict (`last_admin`)."""
    locked = _locked(server)
    can(principal, "server.promote", locked).require()
    member = _member(locked, user_id)
    if role != System.ADMIN and principal.id != user_id:
        _refuse_owner(principal, locked, user_id)
    changes = _give_up_admin(locked, user_id) if role != System.ADMIN else {}
    rows = ServerRole.objects.filter(server=locked, chronicle=None, system__in=RANKED)
    ranked = {system: pk for pk, system in rows.values_list("pk", "system")}
    roster = Roster(locked, [user_id])
    before = roster.document()
    wanted = {(member.pk, ranked[role])} if role in ranked else set()
    roster.hold(wanted, among=set(ranked.values()))
    finish(locked, changes | difference(before, roster.document()), [], cause)
    return member


def admins(server: Server) -> list[UUID]:
    """Return the users who administrate the server: its owner, then the others in the order in which they joined."""
    roles = ServerRole.objects.filter(server=server, chronicle=None).only("pk", "permissions")
    administrating = [row.pk for row in roles if row.permissions.get(ADMINISTRATOR) == "allow"]
    members = ServerMember.objects.filter(server=server, user__is_active=True)
    holding = members.filter(roles__in=administrating).order_by("pk").values_list("user_id", flat=True)
    owner = [server.owner_id] if server.owner_id else []
    return list(dict.fromkeys([*owner, *holding]))


def require_admin(server: Server) -> None:
    """Raise Conflict (`last_admin`) if what was just done leaves the server without an administrator."""
    if not admins(server):
        raise last_admin()


def last_admin() -> Conflict:
    return Conflict(_("A server needs an administrator. Make somebody else one first."), code="last_admin")


def _give_up_admin(server: Server, user_id: UUID) -> Changes:
    """Pass ownership on when the owner goes or steps down. Raises Conflict (`last_admin`)."""
    held = admins(server)
    if user_id not in held:
        return {}
    others = [pk for pk in held if pk != user_id]
    if not others:
        raise last_admin()
    if server.owner_id != user_id or server.is_mirrored:
        return {}
    server.owner_id = others[0]
    server.save(update_fields=["owner", "updated_at"])
    return {"owner_id": [str(user_id), str(others[0])]}


def _require_above(principal: Principal, member: ServerMember, server: Server) -> None:
    """Let administrators remove everybody but the owner, and others whom they stand above."""
    _refuse_owner(principal, server, member.user_id)
    if principal.is_platform_admin or ADMINISTRATOR in principal.permissions(server.pk):
        return
    if Principal(member.user).rank(server.pk) >= principal.rank(server.pk):
        raise NotAllowed(_("Only administrators can remove moderators and administrators."))


def _refuse_owner(principal: Principal, server: Server, user_id: UUID) -> None:
    if server.owner_id == user_id and not principal.is_platform_admin:
        raise NotAllowed(_("The server’s owner can only step down on their own."))


def _locked(server: Server) -> Server:
    return Server.objects.select_for_update().get(pk=server.pk)


def _member(server: Server, user_id: UUID) -> ServerMember:
    row = ServerMember.objects.filter(server=server, user_id=user_id).select_related("user").first()
    if row is None:
        raise NotFound(_("This person isn’t a member here."))
    return row
