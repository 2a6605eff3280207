"""What becomes of somebody's rows when their account goes. Each step works in batches of a short transaction, may be
broken off at any time, and does no harm when it runs again.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone

from chronicle.models import Invite, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, Principal
from chronicle.services.change import changing
from chronicle.services.members import remove_member
from discordauth.models import CustomUser
from haven.models import Character
from haven.portraits import PORTRAIT
from haven.services import Reference
from haven.services import delete as delete_character
from privacy import retention
from privacy.scrubbing import discord_id_of, names_of, portraits_of
from progress.models import Certificate
from rolls.models import Roll
from timeline.models import PostedMessage
from timeline.services import Cause
from uploads.models import StoredFile
from uploads.storing import remove

BATCH = 200
CLOSED = "Closed server"
SYSTEM = Cause(actor=None, door="system")
Rows = Callable[[CustomUser], "QuerySet[Any]"]
Erase = Callable[[CustomUser], None]


def delete(rows: Rows) -> Erase:
    def erase(person: CustomUser) -> None:
        found = rows(person)
        while ids := list(found.values_list("pk", flat=True).order_by("pk")[:BATCH]):
            found.model._default_manager.filter(pk__in=ids).delete()

    return erase


def stays(person: CustomUser) -> None:
    """What the row says of the person is who they were: a former player, once the account is gone."""


def sessions(person: CustomUser) -> None:
    """Sessions say whose they are only inside; none of them opens anything since the account is closed."""
    last = ""
    while rows := list(Session.objects.filter(session_key__gt=last).order_by("session_key")[:BATCH]):
        theirs = [row.pk for row in rows if row.get_decoded().get(SESSION_KEY) == str(person.pk)]
        Session.objects.filter(pk__in=theirs).delete()
        last = rows[-1].pk


def memberships(person: CustomUser) -> None:
    """They leave each server, as whoever leaves does: rights end at once, and the others see it."""
    for member in ServerMember.objects.filter(user=person).select_related("server"):
        remove_member(member.server, person.pk, cause=SYSTEM)


def ownership(person: CustomUser) -> None:
    """Guilds are Discord's, which says who owns them. A server of the web goes to its next administrator, or else to
    who has been there longest; one where nobody else is closes."""
    # Who came back meanwhile owns their guild as somebody new.
    mine = Q(owner=person) | Q(owner=None, owner_discord_id=discord_id_of(person) or None)
    for server in Server.objects.filter(mine):
        heir = None if server.discord_id else heir_of(server, person)
        with changing(server, SYSTEM) as locked:
            locked.owner, locked.owner_discord_id = heir, ""
            if heir is None and not server.discord_id:
                locked.name, locked.description, locked.is_private = CLOSED, "", True
                locked.icon = locked.banner_url = ""
                # Of those who left before, too.
                Invite.objects.filter(server=locked, revoked_at=None).update(revoked_at=timezone.now())


def heir_of(server: Server, person: CustomUser) -> CustomUser | None:
    others = ServerMember.objects.filter(server=server, user__is_active=True).exclude(user=person)
    others = others.select_related("user").order_by("pk")
    first = others.filter(pk__in=administrators(server)).first() or others.first()
    return first.user if first else None


def administrators(server: Server) -> "QuerySet[ServerMember]":
    """Members with a role that administrates the whole server."""
    roles = ServerRole.objects.filter(server=server, chronicle=None)
    granting = [role.pk for role in roles if role.permissions.get(ADMINISTRATOR) == "allow"]
    return ServerMember.objects.filter(server=server, roles__in=granting)


def channel_lists(person: CustomUser) -> None:
    """Who sees a channel may name people by their Discord ids."""
    gone = discord_id_of(person)
    for pk, server_id in list(lists_with(person).values_list("pk", "server_id")):
        with transaction.atomic():
            # What Discord says of the channel at this moment must not be undone.
            Server.objects.select_for_update().get(pk=server_id)
            for channel in ServerChannel.objects.filter(pk=pk):
                channel.seen_by = {key: seen for key, seen in channel.seen_by.items() if key != gone}
                channel.save(update_fields=["seen_by"])


def lists_with(person: CustomUser) -> "QuerySet[ServerChannel]":
    discord_id = discord_id_of(person) or person.discord_id
    return (
        ServerChannel.objects.filter(seen_by__has_key=discord_id)
        if discord_id
        else ServerChannel.objects.none()
    )


def unseen_rolls(person: CustomUser) -> "QuerySet[Roll]":
    """Rolls that nobody else ever saw."""
    return Roll.objects.filter(Q(visibility="private") | Q(chronicle=None), roller=person)


def rolls(person: CustomUser) -> None:
    """What nobody saw goes. What the table saw stays, without what it did to a sheet that goes."""
    rule = next(rule for rule in retention.RULES if rule.model is Roll)
    for ids in batches(unseen_rolls(person)):
        retention.delete(rule, ids)
    for ids in batches(Roll.objects.filter(character__owner=person)):
        Roll.objects.filter(pk__in=ids).update(consequences=[], offers=[])


def characters(person: CustomUser) -> None:
    """One that nobody else played with goes. Of others their name stays, and what the table saw of them."""
    for ids in batches(Character.objects.filter(owner=person)):
        for pk in ids:
            _erase_character(pk)


def _erase_character(pk: UUID) -> None:
    for path in portraits_of(pk):
        remove(path, PORTRAIT)
    rows = Character.objects.filter(pk=pk)
    row = rows.get()
    if row.chronicle_id is None:
        try:
            with transaction.atomic():
                PostedMessage.objects.filter(entity_id=pk).delete()
                rows.delete()
            return
        except ProtectedError:
            pass  # others rolled for it, or wrote about it
    if row.deleted_at is None:
        delete_character(Principal.system(), Reference(str(pk)), SYSTEM)
    rows.update(
        sheet={}, visibility={}, avatar="", theme="", experience_total=0, experience_current=0, locked=False
    )


def batches(rows: "QuerySet[Any]") -> Iterator[list[Any]]:
    """The keys of the rows, so many at a time."""
    last = None
    while True:
        found = rows if last is None else rows.filter(pk__gt=last)
        ids = list(found.values_list("pk", flat=True).order_by("pk")[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def uploads(person: CustomUser) -> None:
    """What is still used stays, and says no more whose it was."""
    for ids in batches(StoredFile.objects.filter(user=person)):
        StoredFile.objects.filter(pk__in=ids).update(user=None)


def certificates(person: CustomUser) -> None:
    """That there is one can still be verified; whose it was goes."""
    for ids in batches(Certificate.objects.filter(user=person)):
        Certificate.objects.filter(pk__in=ids).update(user=None, name="")


def account(person: CustomUser) -> None:
    """Last of all, what the account itself says. The row stays, as others' history names it: a former player."""
    blank = CustomUser(username=f"former.{person.pk.hex}", password=make_password(None), is_active=False)
    kept = {"id", "username", "signed_out_at"}
    for field in CustomUser._meta.concrete_fields:
        if field.name not in kept:
            setattr(person, field.name, getattr(blank, field.name))
    person.username, person.erased_at = blank.username, timezone.now()
    person.save()


def unerased(person: CustomUser) -> "QuerySet[CustomUser]":
    return CustomUser.objects.filter(pk=person.pk, erased_at=None)


def admin_log(person: CustomUser) -> "QuerySet[LogEntry]":
    """What they did as an admin, and what admins did with their account or a membership of theirs."""
    about = Q(object_id=str(person.pk), content_type__model=CustomUser._meta.model_name)
    for name in names_of(person):
        about |= Q(object_repr__startswith=f"{name} @ ", content_type__model=ServerMember._meta.model_name)
    return LogEntry.objects.filter(Q(user=person) | about)
