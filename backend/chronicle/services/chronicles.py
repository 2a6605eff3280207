"""Create, change, hand over, archive and restore the chronicles of a server."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from chronicle import house_rules, read_only, tracker
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.principal import Principal
from chronicle.rights import can, is_storyteller_of
from chronicle.services.change import changing, difference
from chronicle.services.channels import find_channel
from chronicle.services.custom_roles import (
    assign_chronicle_role,
    assign_chronicle_roles,
    refuse_last_storyteller,
)
from chronicle.services.slugs import free_slug
from contract.chronicles import ChronicleChanges
from contract.events import ChronicleSubject, EventType
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound
from rules.text import clean, clean_lines
from rules.visibility import SECRET, TABLE
from timeline.services import Cause, record, rights_changed

LABELS = {
    "name": N_("Name"),
    "slug": N_("Address"),
    "description": N_("Description"),
    "edition": N_("Edition"),
    "rules": N_("House rules"),
    "tenets": N_("Tenets"),
    "archived": N_("Archived"),
    "schedule": N_("Schedule"),
    "default": N_("Default chronicle"),
    tracker.EPISODE_CHANNEL: N_("Channel for episodes"),
}
TRIES = 5
MAX_CHRONICLES = 100
MAX_DESCRIPTION = 4000
System = ServerRole.System


def create_chronicle(
    server: Server,
    name: str,
    *,
    principal: Principal,
    cause: Cause,
    description: str = "",
    edition: str | None = None,
) -> Chronicle:
    """Create a chronicle; its creator becomes its storyteller unless they are one in the whole server.

    Without an `edition` it plays the server's, whatever that becomes.
    """
    can(principal, "chronicle.create", server).require()
    values = {
        "name": _name(name),
        "description": clean_lines(description, MAX_DESCRIPTION),
        "own_edition": edition or "",
    }
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _begin(server, values, principal, cause)
        except IntegrityError:
            continue
    raise Conflict(_("Somebody else just took that name. Please try again."))


def _begin(server: Server, values: dict[str, str], principal: Principal, cause: Cause) -> Chronicle:
    locked = Server.objects.select_for_update().get(pk=server.pk)
    if Chronicle.objects.filter(server=locked).count() >= MAX_CHRONICLES:
        raise Limit(
            _("A server can have up to {max_chronicles} chronicles.", max_chronicles=MAX_CHRONICLES),
            code="too_many_chronicles",
        )
    chronicle = Chronicle.objects.create(server=locked, slug=free_slug(Chronicle, values["name"]), **values)
    changes = difference({}, {name: value for name, value in _texts(chronicle).items() if value})
    _record(chronicle, changes, cause, EventType.CHRONICLE_CREATED)
    is_member = locked.members.filter(user_id=principal.id).exists()
    if is_member and not is_storyteller_of(principal, _Played(chronicle)):
        assign_chronicle_role(locked, chronicle, _user_id(principal), System.STORYTELLER, cause)
        principal.forget(locked.pk)
    return chronicle


class _Played:
    """Wraps a chronicle in the shape that rights expect of something played in one."""

    def __init__(self, chronicle: Chronicle) -> None:
        self.chronicle, self.chronicle_id = chronicle, chronicle.pk


def _user_id(principal: Principal) -> UUID:
    if principal.id is None:
        raise NotAllowed(_("Please sign in first."))
    return principal.id


def update_chronicle(
    chronicle: Chronicle, wanted: ChronicleChanges, *, principal: Principal, cause: Cause
) -> Chronicle:
    """Change name, description, tenets and those rules that are named. The slug stays: kept addresses go on working."""
    with transaction.atomic():
        locked = lock(chronicle, principal, "chronicle.manage")
        read_only.require_writable(locked)
        before = _texts(locked)
        if wanted.name is not None:
            locked.name = _name(wanted.name)
        if wanted.description is not None:
            locked.description = clean_lines(wanted.description, MAX_DESCRIPTION)
        if "edition" in wanted.model_fields_set:
            locked.own_edition = wanted.edition or ""
        if wanted.rules is not None:
            rules = locked.settings.get("rules", {}) | house_rules.check_rules(wanted.rules)
            locked.settings = locked.settings | {"rules": rules}
        if wanted.tenets is not None:
            locked.settings = locked.settings | {"tenets": house_rules.check_tenets(wanted.tenets)}
        if moved := difference(before, _texts(locked)):
            save(locked, moved, cause)
    return locked


def _texts(chronicle: Chronicle) -> dict[str, Any]:
    return {
        "name": chronicle.name,
        "description": chronicle.description,
        "edition": chronicle.own_edition or None,
        "rules": chronicle.settings.get("rules", {}),
        "tenets": house_rules.tenets(chronicle),
    }


def change_chronicle(
    chronicle: Chronicle, wanted: ChronicleChanges, *, principal: Principal, cause: Cause
) -> Chronicle:
    """As `update_chronicle`, and archive it, restore it or make it the default; all or nothing."""
    if wanted.default is False:
        raise Invalid.field("default", _("Make another chronicle the default instead."))
    with transaction.atomic():
        if wanted.archived is False:
            archive(chronicle, False, principal=principal, cause=cause)
        if (wanted.archived is None and not wanted.default) or _says_texts(wanted):
            update_chronicle(chronicle, wanted, principal=principal, cause=cause)
        if wanted.default:
            make_default(chronicle, principal=principal, cause=cause)
        if wanted.archived:
            archive(chronicle, True, principal=principal, cause=cause)
    return Chronicle.objects.select_related("server").get(pk=chronicle.pk)


def _says_texts(wanted: ChronicleChanges) -> bool:
    texts = {"name", "description", "edition", "rules", "tenets"}
    return bool(texts & wanted.model_fields_set)


def lock(chronicle: Chronicle, principal: Principal, action: str) -> Chronicle:
    locked = Chronicle.objects.select_for_update().get(pk=chronicle.pk)
    can(principal, action, locked).require()
    return locked


def save(chronicle: Chronicle, moved: dict[str, list[Any]], cause: Cause) -> None:
    chronicle.version += 1
    chronicle.save(
        update_fields=[
            "name",
            "description",
            "own_edition",
            "settings",
            "archived_at",
            "is_default",
            "version",
            "updated_at",
        ]
    )
    _record(chronicle, moved, cause, EventType.CHRONICLE_UPDATED)


def archive(chronicle: Chronicle, archived: bool, *, principal: Principal, cause: Cause) -> Chronicle:
    """Archive a chronicle, which makes it read-only, or restore it."""
    with transaction.atomic():
        Server.objects.select_for_update().get(pk=chronicle.server_id)
        locked = lock(chronicle, principal, "chronicle.lead")
        if archived and locked.is_default:
            raise Conflict(
                _("This is the server’s default chronicle. Make another one the default first."),
                code="default_chronicle",
            )
        if (locked.archived_at is not None) != archived:
            locked.archived_at = timezone.now() if archived else None
            save(locked, {"archived": [not archived, archived]}, cause)
            _storytellers_changed(locked)
    return locked


def make_default(chronicle: Chronicle, *, principal: Principal, cause: Cause) -> Chronicle:
    """Make this the server's default chronicle; there is always exactly one."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=chronicle.server_id)
        can(principal, "chronicle.create", server).require()
        locked = lock(chronicle, principal, "chronicle.view")
        if locked.archived_at:
            raise Conflict(_("An archived chronicle can’t be the default."), code="chronicle_archived")
        if not locked.is_default:
            for before in Chronicle.objects.select_for_update().filter(server=server, is_default=True):
                before.is_default = None
                save(before, {"default": [True, False]}, cause)
            locked.is_default = True
            save(locked, {"default": [False, True]}, cause)
            _storytellers_changed(locked)
    return locked


def _storytellers_changed(chronicle: Chronicle) -> None:
    """Another chronicle is played in some channels, so others see what is hidden there."""
    server = Server.objects.select_for_update().get(pk=chronicle.server_id)
    # A version of its own: a gateway process that misses the word sees that it did, before the next message.
    server.version += 1
    server.save(update_fields=["version"])
    rights_changed(server.pk, server.version, None)


def hand_over(chronicle: Chronicle, user: CustomUser, *, principal: Principal, cause: Cause) -> Chronicle:
    """Make another member the lead; the previous lead becomes co-storyteller. One event for both."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=chronicle.server_id)
        locked = lock(chronicle, principal, "chronicle.lead")
        read_only.require_writable(locked)
        if user.pk == principal.id:
            raise Invalid.field("user", _("That’s you. Name somebody else."))
        kinds: dict[UUID, str | None] = {user.pk: System.STORYTELLER}
        led = principal.id and _kind_of(locked, principal.id) == System.STORYTELLER
        if principal.id and led:
            kinds[principal.id] = System.CO_STORYTELLER
        changes = {
            f"chronicles.{locked.pk}.storyteller": [principal.name if led else None, user.display_name]
        }
        assign_chronicle_roles(server, locked, kinds, cause, changes)
    principal.forget(server.pk)
    return locked


def step_down(chronicle: Chronicle, *, principal: Principal, cause: Cause) -> None:
    """Give up one's own chronicle role. A sole lead has to hand over instead."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=chronicle.server_id)
        if _kind_of(chronicle, _user_id(principal)) is None:
            raise NotFound(_("You don’t run this chronicle."))
        refuse_last_storyteller(chronicle, _user_id(principal))
        assign_chronicle_role(server, chronicle, _user_id(principal), None, cause)
    principal.forget(server.pk)


def _kind_of(chronicle: Chronicle, user_id: UUID) -> str | None:
    roles = ServerRole.objects.filter(chronicle=chronicle, members__user_id=user_id).exclude(system="")
    return roles.values_list("system", flat=True).first()


def bind_channel(
    server: Server, channel: str, chronicle: Chronicle | None, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Bind a channel to the chronicle that commands there mean; None binds the default one."""
    with changing(server, cause) as locked:
        row = find_channel(locked, channel, principal)
        for concerned in (chronicle, row.chronicle):
            if concerned is not None and not can(principal, "server.channels", locked):
                can(principal, "chronicle.lead", concerned).require()
        if chronicle is not None and chronicle.server_id != locked.pk:
            raise NotFound(_("There’s no such chronicle here."))
        if chronicle is not None:
            read_only.require_writable(chronicle)
        row.chronicle = chronicle
        row.save(update_fields=["chronicle"])
    return row


def bindable(channel: ServerChannel, principal: Principal) -> list[Chronicle | None]:
    """Return the chronicles that this user may bind a channel to; None is the default. Empty if they may bind none."""
    rows = Chronicle.objects.filter(server_id=channel.server_id, archived_at=None).select_related("server")
    chronicles = list(rows.order_by("name", "id"))
    if can(principal, "server.channels", channel.server):
        return [None, *chronicles]
    if channel.chronicle and not can(principal, "chronicle.lead", channel.chronicle):
        return []
    led = [row for row in chronicles if can(principal, "chronicle.lead", row)]
    return [None, *led] if led or channel.chronicle else []


def _name(text: str) -> str:
    name = clean(text, 101)
    if not name or len(name) > 100:
        raise Invalid.field("name", _("A chronicle’s name has 1 to 100 characters."))
    return name


def _record(chronicle: Chronicle, changes: dict[str, list[Any]], cause: Cause, type: EventType) -> None:
    record(
        stream=("chronicle", chronicle.id),
        type=type,
        subject=ChronicleSubject(name=chronicle.name),
        entity_id=chronicle.id,
        version=chronicle.version,
        cause=cause,
        changes=changes,
        visibility={path: int(SECRET if path == tracker.EPISODE_CHANNEL else TABLE) for path in changes},
        labels=LABELS,
    )
