"""Custom roles of a server and who holds which: always below one's own highest role."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from chronicle import read_only
from chronicle.models import Chronicle, Server, ServerRole
from chronicle.principal import MANAGE_CHRONICLES, OBSERVE, STORYTELLER, Principal
from chronicle.rights import can
from chronicle.services.change import Changes, changing, difference, new_roles
from chronicle.services.members import Roster, finish
from chronicle.services.membership import require_admin
from chronicle.services.roles import ALLOW, check_name, check_permissions, remove_roles
from contract.members import RoleValues
from contract.translation import N_, _
from rules.errors import Conflict, NotAllowed, NotFound
from rules.naming import which
from timeline.services import Cause

System = ServerRole.System
# As many roles as a Discord server may have.
MAX_OWN = 250
NO_SUCH = N_("There’s no such role.")
# Who tells a chronicle, who helps, who looks on: kind → name, position among the three, what it allows there.
CHRONICLE_ROLES: dict[str, tuple[str, int, tuple[str, ...]]] = {
    System.STORYTELLER: ("Storyteller", 3, (STORYTELLER, MANAGE_CHRONICLES)),
    System.CO_STORYTELLER: ("Co-storyteller", 2, (STORYTELLER,)),
    System.OBSERVER: ("Observer", 1, (OBSERVE,)),
}


def get_role(server: Server, reference: str | UUID) -> ServerRole:
    """Find a role by its id, by Discord's, or by its name. Raises NotFound, Conflict (`ambiguous`)."""
    text = str(reference)
    roles = ServerRole.objects.filter(server=server)
    try:
        by_id = Q(discord_id=text) if text.isdecimal() else Q(pk=UUID(text))
    except ValueError:
        by_id = Q(pk=None)
    role = roles.filter(by_id).first() or _role_called(roles, text)
    role.server = server
    return role


def _role_called(roles: QuerySet[ServerRole], text: str) -> ServerRole:
    named = {role: (role.name,) for role in roles}
    return which(text, named, "role")


def create_role(server: Server, values: RoleValues, *, principal: Principal, cause: Cause) -> ServerRole:
    """Create a role of `values`, below one's own highest; it needs a name."""
    with changing(server, cause) as locked:
        can(principal, "server.roles", locked).require()
        if ServerRole.objects.filter(server=locked, system="", discord_id=None).count() >= MAX_OWN:
            raise Conflict(
                _("A server can have up to {max_own} roles of its own.", max_own=MAX_OWN),
                code="too_many_roles",
            )
        role = ServerRole(server=locked, position=1, name=check_name(values.name or ""))
        _apply(role, values, principal)
        role.save(force_insert=True)
    return role


def update_role(role: ServerRole, values: RoleValues, *, principal: Principal, cause: Cause) -> ServerRole:
    """Change the permissions of a Discord or system role, or anything of a custom one (see `create_role`)."""
    with changing(role.server, cause) as locked:
        fresh = _locked(role, principal, "role.edit")
        fresh.server = locked
        given = {name for name in RoleValues.model_fields if getattr(values, name) is not None}
        if given - {"permissions"} and not _is_own(fresh):
            raise Conflict(_("You can only change this role’s permissions here."), code="not_ours")
        _apply(fresh, values, principal)
        fresh.save(update_fields=given)
        require_admin(locked)
    return fresh


def delete_role(role: ServerRole, *, principal: Principal, cause: Cause) -> None:
    with changing(role.server, cause):
        fresh = _locked(role, principal, "role.edit")
        if not _is_own(fresh):
            raise Conflict(_("Only roles created here can be deleted here."), code="not_ours")
        remove_roles(role.server, [fresh.pk])
        require_admin(role.server)


def _locked(role: ServerRole, principal: Principal, action: str) -> ServerRole:
    """Read the role again once its server is locked: somebody may have changed or deleted it meanwhile."""
    fresh = ServerRole.objects.filter(pk=role.pk).first()
    if fresh is None:
        raise NotFound(_(NO_SUCH))
    can(principal, action, fresh).require()
    return fresh


def _is_own(role: ServerRole) -> bool:
    return not role.system and role.discord_id is None


def _apply(role: ServerRole, values: RoleValues, principal: Principal) -> None:
    """Set the values. Raises Invalid, and NotAllowed on granting what the principal lacks."""
    before = dict(role.permissions)
    if values.name is not None:
        role.name = check_name(values.name)
    if values.color is not None:
        role.color = values.color.lower()
    if values.position is not None:
        role.position = values.position
    if values.permissions is not None:
        role.permissions = check_permissions(values.permissions)
    if values.position is not None and role.position >= principal.rank(role.server_id):
        raise NotAllowed(_("A role must be below your own highest role."))
    refuse_escalation(role, before, principal)


def refuse_escalation(role: ServerRole, before: Mapping[str, str], principal: Principal) -> None:
    """Raise NotAllowed if the role would newly grant a permission that the principal lacks."""
    held = principal.permissions(role.server_id)
    given = [
        name
        for name, verdict in role.permissions.items()
        if verdict == ALLOW != before.get(name) and name not in held
    ]
    if given:
        raise NotAllowed(
            _(
                "You can’t give permissions that you don’t have: {permissions}.",
                permissions=", ".join(sorted(given)),
            )
        )


def hold_role(role: ServerRole, user_id: UUID, held: bool, *, principal: Principal, cause: Cause) -> None:
    """Give a role to a member, or take it away. Discord's own roles are given in Discord."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=role.server_id)
        fresh = _locked(role, principal, "role.grant")
        if fresh.discord_id:
            raise Conflict(_("Give or take this role in Discord: it comes from there."), code="not_ours")
        if fresh.system == System.MEMBER:
            raise Conflict(_("Every member has this role."), code="not_ours")
        if held:
            refuse_escalation(fresh, {}, principal)
        if not held and fresh.system == System.ADMIN and user_id == server.owner_id:
            raise Conflict(_("The server’s owner is always an administrator."), code="last_admin")
        _hold(server, user_id, {fresh.pk: held}, cause)
        if not held:
            require_admin(server)


def _hold(server: Server, user_id: UUID, wanted: Mapping[UUID, bool], cause: Cause) -> None:
    roster = Roster(server, [user_id])
    if user_id not in roster.members:
        raise NotFound(_("This person isn’t a member here."))
    member, before = roster.members[user_id], roster.document()
    roster.hold({(member.pk, role) for role, held in wanted.items() if held}, among=wanted)
    finish(server, difference(before, roster.document()), [], cause)


def set_chronicle_role(
    chronicle: Chronicle, user_id: UUID, kind: str | None, *, principal: Principal, cause: Cause
) -> None:
    """Make a member storyteller, co-storyteller or observer of this chronicle; None removes the role."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=chronicle.server_id)
        can(principal, "chronicle.lead", chronicle).require()
        read_only.require_writable(Chronicle.objects.get(pk=chronicle.pk))
        if user_id == principal.id and kind != System.STORYTELLER:
            refuse_last_storyteller(chronicle, user_id)
        assign_chronicle_role(server, chronicle, user_id, kind, cause)


def refuse_last_storyteller(chronicle: Chronicle, user_id: UUID) -> None:
    """Raise Conflict if this user is the only lead: they have to hand over first."""
    leads = ServerRole.members.through.objects.filter(
        serverrole__chronicle=chronicle, serverrole__system=System.STORYTELLER
    )
    if list(leads.values_list("servermember__user_id", flat=True)[:2]) == [user_id]:
        raise Conflict(
            _("You’re this chronicle’s last lead storyteller. Hand it over first."), code="last_storyteller"
        )


def assign_chronicle_role(
    server: Server, chronicle: Chronicle, user_id: UUID, kind: str | None, cause: Cause
) -> None:
    """Assign a chronicle role in a locked server; the caller has checked the right to do so."""
    assign_chronicle_roles(server, chronicle, {user_id: kind}, cause)


def assign_chronicle_roles(
    server: Server,
    chronicle: Chronicle,
    kinds: Mapping[UUID, str | None],
    cause: Cause,
    extra: Changes | None = None,
) -> None:
    """Assign chronicle roles to several members in one event, which also holds the `extra` changes."""
    known = {row.system: row.pk for row in ServerRole.objects.filter(chronicle=chronicle).exclude(system="")}
    roster = Roster(server, list(kinds))
    if set(kinds) - set(roster.members):
        raise NotFound(_("This person isn’t a member here."))
    made = [
        _create_chronicle_role(server, chronicle, kind)
        for kind in kinds.values()
        if kind and kind not in known
    ]
    known |= {role.system: role.pk for role in made}
    before = roster.document()
    wanted = {(roster.members[user_id].pk, known[kind]) for user_id, kind in kinds.items() if kind}
    roster.hold(wanted, among=set(known.values()))
    if moved := difference(before, roster.document()):
        finish(server, {**new_roles(made), **moved, **(extra or {})}, [], cause)


def _create_chronicle_role(server: Server, chronicle: Chronicle, kind: str) -> ServerRole:
    name, position, allowed = CHRONICLE_ROLES[kind]
    return ServerRole.objects.create(
        server=server,
        chronicle=chronicle,
        name=name,
        system=kind,
        position=position,
        permissions=dict.fromkeys(allowed, ALLOW),
    )
