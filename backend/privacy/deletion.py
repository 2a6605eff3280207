"""An account that goes: asked for by its owner, taken back within some days, then carried out by a task.

Asking signs out everything, as somebody who leaves a borrowed computer expects; signing in offers to stay.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from chronicle.models import Server, ServerMember
from contract.lookup import key
from contract.translation import N_, _
from discordauth.models import CustomUser, TokenFamily
from discordauth.tickets import recheck_sockets
from privacy import erasing, scrubbing
from privacy.declaration import PERSONAL
from rules.errors import Conflict, Invalid, NotAllowed
from timeline import notifications

WRONG_NAME = N_("Type your name exactly as it stands here: {name}")
HAND_OVER = N_(
    "You are the only administrator of {names}, and others are there. Make one of them an administrator first "
    "(Members, on the page of the server)."
)
PER_RUN = 100
# What somebody had begun when their account was closed has ended by then, and left all its rows.
SETTLED = timedelta(minutes=5)


def ask(person: CustomUser, typed: str) -> CustomUser:
    """Have the account deleted after the grace period. Raises Invalid (the name), Conflict (`last_administrator`)."""
    if key(typed.strip()) != key(person.display_name):
        raise Invalid.field("name", _(WRONG_NAME, name=person.display_name))
    locked = CustomUser.objects.select_for_update().get(pk=person.pk)
    if locked.delete_at:
        return locked
    if held := servers_held(locked):
        names = ", ".join(server.name for server in held)
        raise Conflict(_(HAND_OVER, names=names), code="last_administrator")
    locked.signed_out_at = timezone.now()
    locked.delete_at = locked.signed_out_at + timedelta(days=settings.DELETION_GRACE_DAYS)
    locked.save(update_fields=["delete_at", "signed_out_at"])
    TokenFamily.objects.filter(user=locked).delete()
    recheck_sockets()
    _announce(locked)
    return locked


def keep(person: CustomUser) -> CustomUser:
    """Take it back. Nothing has been lost by then but what was signed in. Raises NotAllowed once it has begun."""
    locked = CustomUser.objects.select_for_update().get(pk=person.pk)
    if not locked.is_active:
        raise NotAllowed(_("This account is closed."))
    locked.delete_at = None
    locked.save(update_fields=["delete_at"])
    return locked


def servers_held(person: CustomUser) -> list[Server]:
    """Servers of the web that nobody else could look after. Guilds are Discord's."""
    mine = Server.objects.filter(discord_id=None, members__user=person).distinct()
    return [server for server in mine if _holds(server, person)]


def _holds(server: Server, person: CustomUser) -> bool:
    others = ServerMember.objects.filter(server=server, user__is_active=True).exclude(user=person)
    administrators = erasing.administrators(server)
    administrates = server.owner_id == person.pk or administrators.filter(user=person).exists()
    owned_by_other = server.owner_id not in (None, person.pk)
    return administrates and not owned_by_other and others.exists() and not (administrators & others).exists()


def _announce(person: CustomUser) -> None:
    """A direct message by the process of one of their guilds, so that it is noticed if somebody else asked for it."""
    guilds = ServerMember.objects.filter(user=person, server__left_at=None).exclude(server__discord_id=None)
    if guild := guilds.values_list("server__discord_id", flat=True).first():
        body = {"kind": "leaving", "until": person.delete_at.isoformat() if person.delete_at else ""}
        notifications.create(None, person, guild, body | {"url": f"{settings.SITE_URL}/account/"})


def due() -> Iterable[CustomUser]:
    """Accounts whose time has come, and those that were begun with."""
    return CustomUser.objects.filter(delete_at__lte=timezone.now(), erased_at=None).order_by("delete_at")[
        :PER_RUN
    ]


def erase(person: CustomUser) -> None:
    """Close it, and the next time delete it, by the table. May be broken off anywhere and run again."""
    if not _close(person):
        return
    person.refresh_from_db()
    for personal in PERSONAL:
        personal.erase(person)


@transaction.atomic
def _close(person: CustomUser) -> bool:
    """From here on nobody signs in, and Discord's next word of this person is of somebody new. Return whether it may be
    deleted now: not if it stays, or has just been closed."""
    locked = CustomUser.objects.select_for_update().get(pk=person.pk)
    if locked.erased_at or locked.delete_at is None or locked.delete_at > timezone.now():
        return False
    if scrubbing.KEPT not in locked.metadata:
        locked.metadata = scrubbing.remember(locked)
        locked.discord_id, locked.is_active, locked.password = None, False, make_password(None)
        locked.is_superuser = locked.is_staff = False
        locked.role = CustomUser.Role.MEMBER
        locked.signed_out_at = timezone.now()
        locked.save()
        recheck_sockets()
    return locked.signed_out_at is not None and locked.signed_out_at <= timezone.now() - SETTLED
