"""Invitations into a server of the web: a link for a number of people and a time, which can be revoked."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from chronicle import read_only
from chronicle.models import Invite, Server, ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import record_change
from chronicle.services.custom_roles import get_role, refuse_escalation
from chronicle.services.members import Roster, add_member, finish
from contract.events import EventType
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Conflict, Limit, NotAllowed, NotFound
from timeline.services import Cause

MAX_OPEN = 100
OVER = N_("This invitation isn’t valid, or has ended.")


def open_invites(server: Server | None = None) -> QuerySet[Invite]:
    """Return the invitations that can still be used."""
    now = timezone.now()
    invites = Invite.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    invites = invites.filter(Q(max_uses=0) | Q(uses__lt=F("max_uses"))).select_related(
        "server", "role", "made_by"
    )
    return invites.filter(server=server) if server else invites


@transaction.atomic
def invite(
    server: Server,
    *,
    principal: Principal,
    cause: Cause,
    role: str | UUID | None = None,
    max_uses: int = 0,
    hours: int | None = None,
) -> Invite:
    """Create an invitation: `role` for those who join, `max_uses` 0 for any number, `hours` None for no end.

    Raises Conflict (`by_discord`): into a Discord server people come in Discord, and are mirrored from there.
    """
    locked = Server.objects.select_for_update().get(pk=server.pk)
    can(principal, "server.invite", locked).require()
    if principal.user is None:
        raise NotAllowed(_("Sign in to invite people."))
    if locked.discord_id and not locked.kept_at:
        raise Conflict(_("People join this server through Discord."), code="by_discord")
    if open_invites(locked).count() >= MAX_OPEN:
        raise Limit(
            _("A server can have up to {max_open} open invitations.", max_open=MAX_OPEN),
            code="too_many_invites",
        )
    made = Invite(server=locked, made_by=principal.user, code=secrets.token_urlsafe(12), max_uses=max_uses)
    if hours is not None:
        made.expires_at = timezone.now() + timedelta(hours=hours)
    if role:
        made.role = get_role(locked, role)
        can(principal, "role.grant", made.role).require()
        refuse_escalation(made.role, {}, principal)
    made.save(force_insert=True)
    _record(made, None, "open", cause)
    return made


@transaction.atomic
def revoke(server: Server, invite_id: UUID, *, principal: Principal, cause: Cause) -> None:
    locked = Server.objects.select_for_update().get(pk=server.pk)
    can(principal, "server.invite", locked).require()
    row = Invite.objects.filter(server=locked, pk=invite_id, revoked_at=None).first()
    if row is None:
        raise NotFound(_("There’s no such invitation."))
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    row.server = locked
    _record(row, "open", "revoked", cause)


def find_invite(code: str) -> Invite:
    """Return an open invitation; its link may show which server it leads to. Raises NotFound."""
    row = open_invites().filter(code=code[:32]).first()
    if row is None or row.code != code or row.server.deleted_at or read_only.is_read_only(row.server):
        raise NotFound(_(OVER))
    return row


@transaction.atomic
def join(code: str, user: CustomUser, *, cause: Cause) -> Server:
    """Into the server, with the invitation's role. Who is in it already uses nothing up. Raises NotFound, Conflict
    (`server_full`).
    """
    open_invite = find_invite(code)
    server = Server.objects.select_for_update().get(pk=open_invite.server_id)
    row = find_invite(code)  # as it is now that nobody else comes in beside
    if ServerMember.objects.filter(server=server, user=user).exists():
        return server
    member = add_member(server, user, cause=cause)
    if row.role_id:
        roster = Roster(server, [user.pk])
        before = {f"members.{user.pk}": {"nickname": "", "roles": []}}
        roster.hold({(member.pk, row.role_id)}, among=())
        after = roster.document()
        finish(server, {path: [before[path], after[path]] for path in after}, [], cause)
    Invite.objects.filter(pk=row.pk).update(uses=F("uses") + 1)
    return server


def _record(row: Invite, before: str | None, after: str, cause: Cause) -> None:
    """Record the invitation without its code, which is only for those invited."""
    record_change(row.server, {f"invites.{row.pk}": [before, after]}, cause, type=EventType.SERVER_INVITES)
