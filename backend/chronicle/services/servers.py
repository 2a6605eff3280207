"""Create servers, mirror them from Discord, and change their settings."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils import timezone

from chronicle import features, tracker
from chronicle.models import Chronicle, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing, difference, document, record_change
from chronicle.services.channel_mirror import drop_lost_channels, keep_categories, sync_channels
from chronicle.services.channels import require_postable
from chronicle.services.roles import (
    add_system_roles,
    grant_system_role,
    mark_storytellers,
    sync_roles,
)
from chronicle.services.slugs import free_slug
from contract.acting import GuildFacts
from contract.events import EventType
from contract.guilds import Guild
from contract.servers import ServerChanges
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid, NotAllowed
from rules.text import clean, clean_lines, has_ink, one_line
from timeline.services import Cause
from uploads.storing import release

# Another process may take the slug between our look and our insert; each try looks again.
TRIES = 5
# What is Discord's of a mirror.
OF_DISCORD = ("name", "icon")
MAX_NAME, MAX_DESCRIPTION = 100, 2000
_is_address = URLValidator(schemes=["https"])
TEXT_CHANNELS = frozenset({0, 5, 10, 11, 12})


def found_server(server: Server, cause: Cause) -> Server:
    """Save a new server with what every server has: system roles and a default chronicle.

    Two at once for one guild: the second gets the first's.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                _insert(server, cause)
            return server
        except IntegrityError:
            known = Server.objects.filter(discord_id=server.discord_id).first() if server.discord_id else None
            if known:
                return known
            server.slug = ""
    raise Conflict(_("Somebody else just took that name. Please try again."))


def _insert(server: Server, cause: Cause) -> None:
    server.slug = server.slug or free_slug(Server, server.name)
    server.save(force_insert=True)
    add_system_roles(server)
    Chronicle.objects.create(
        server=server, name=server.name, slug=free_slug(Chronicle, server.name), is_default=True
    )
    if server.owner_id:
        member = ServerMember.objects.create(server=server, user_id=server.owner_id)
        grant_system_role(member, ServerRole.System.ADMIN)
    record_change(server, difference({}, document(server)), cause, type=EventType.SERVER_CREATED)


def create_server(
    owner: CustomUser,
    name: str,
    *,
    cause: Cause,
    description: str = "",
    edition: str = Server.Edition.FIFTH,
    is_private: bool = False,
    icon: str = "",
) -> Server:
    """Create a server on the web, without Discord."""
    text = clean_lines(description, MAX_DESCRIPTION)
    fresh = Server(name=_name_of(name), owner=owner, description=text, edition=edition, is_private=is_private)
    fresh.edition_chosen = True
    fresh.icon = _address("icon", icon)
    return found_server(fresh, cause)


def ensure_server(guild: GuildFacts, *, cause: Cause) -> Server:
    """Return the guild's server, created or brought up to date; one query if nothing changed."""
    server = Server.objects.filter(discord_id=guild.id).first()
    if server is None:
        owner = CustomUser.objects.filter(discord_id=guild.owner_id).first() if guild.owner_id else None
        fresh = Server(discord_id=guild.id, name=clean(guild.name, 100) or "Server", owner=owner)
        fresh.icon, fresh.owner_discord_id = clean(guild.icon, 300), guild.owner_id or ""
        return found_server(fresh, cause)
    return bring_up_to_date(server, guild, cause)


def bring_up_to_date(server: Server, guild: GuildFacts, cause: Cause) -> Server:
    """Update name, icon, owner and presence of a known server; no query if nothing changed."""
    if not _differs(server, guild):
        return server
    with changing(server, cause) as locked:
        _take_over(locked, guild)
    return locked


def _columns(guild: GuildFacts) -> dict[str, object]:
    # Right after its start the Discord process may know a guild by its id alone: that is no reason to rename it.
    if not clean(guild.name, 100):
        return {}
    columns: dict[str, object] = {"name": clean(guild.name, 100), "icon": clean(guild.icon, 300)}
    if guild.owner_id:
        columns["owner_discord_id"] = guild.owner_id
    return columns


def _differs(server: Server, guild: GuildFacts) -> bool:
    if server.left_at is not None or server.deleted_at is not None:
        return True
    return any(getattr(server, name) != value for name, value in _columns(guild).items())


def _take_over(server: Server, guild: GuildFacts) -> None:
    for name, value in _columns(guild).items():
        setattr(server, name, value)
    # Who invites the bot again wants the server back.
    server.left_at = server.kept_at = server.deleted_at = None
    if guild.owner_id and (server.owner is None or server.owner.discord_id != guild.owner_id):
        server.owner = CustomUser.objects.filter(discord_id=guild.owner_id).first()


@transaction.atomic
def sync_server(guild: Guild, *, cause: Cause) -> tuple[Server, bool]:
    """Make the mirror equal to the guild by difference; also return whether anything changed.

    Raises Conflict when a role or channel is another server's. Discord gives no id twice and moves nothing from guild
    to guild, so such a report is wrong: nobody loses a role, and the rights that hang on it, because of it.
    """
    known = Server.objects.filter(discord_id=guild.id).values_list("version", flat=True).first()
    server = ensure_server(guild, cause=cause)
    with changing(server, cause) as locked:
        _take_over(locked, guild)
        if guild.commands_registered is not None:
            locked.commands_registered = guild.commands_registered
        if guild.roles:  # every guild has @everyone: an empty list means that nothing is known
            sync_roles(locked, guild.roles)
        if guild.channels is not None:
            sync_channels(locked, guild.channels)
    return locked, locked.version != known


def remove_thread(server: Server, thread_id: str, *, cause: Cause) -> bool:
    """Forget a thread that was deleted; False if it was not known."""
    known = ServerChannel.objects.filter(server=server, discord_id=thread_id).exclude(parent=None)
    if not known.exists():
        return False
    with changing(server, cause) as locked:
        known.delete()
        drop_lost_channels(locked)
    return True


def leave_server(server: Server, *, cause: Cause) -> Server:
    """Note that the bot was removed from the guild. Everything stays; a later sync brings the server back."""
    with changing(server, cause) as locked:
        locked.left_at = locked.left_at or timezone.now()
    return locked


def keep_without_discord(server: Server, *, principal: Principal, cause: Cause) -> Server:
    """End the grace period: the server goes on without Discord. The bot may still come back."""
    with changing(server, cause) as locked:
        can(principal, "server.manage", locked).require()
        if locked.left_at is None:
            raise Conflict(_("The bot is still in this server, so there’s nothing to keep."), code="not_left")
        locked.kept_at = locked.kept_at or timezone.now()
        keep_categories(locked)
    return locked


def update_server(
    server: Server, columns: dict[str, object], *, principal: Principal, cause: Cause
) -> Server:
    """Set plain columns (see `change.COLUMNS`); the calling form has validated the values."""
    with changing(server, cause) as locked:
        can(principal, "server.manage", locked).require()
        if "is_verified" in columns and not principal.is_platform_admin:
            raise NotAllowed(_("Only the platform’s admins can give this badge."))
        for name, value in columns.items():
            setattr(locked, name, value)
    return locked


def change_server(server: Server, wanted: ServerChanges, *, principal: Principal, cause: Cause) -> Server:
    """Change what is given of a server's description and settings; all of it or nothing, as one event.

    Raises NotAllowed; Invalid; Conflict (`not_ours`) for what is Discord's.
    """
    given = wanted.model_fields_set & ServerChanges.model_fields.keys()
    with changing(server, cause) as locked:
        if given - {"storyteller_roles"}:
            can(principal, "server.manage", locked).require()
        _describe(locked, wanted)
        if wanted.edition is not None:
            locked.edition, locked.edition_chosen = wanted.edition, True
        if wanted.language is not None:
            locked.settings = locked.settings | {"language": wanted.language}
        if "tracker_channel" in given:
            before = locked.tracker_channel
            locked.tracker_channel = text_channel(
                locked, "tracker_channel", wanted.tracker_channel, before, principal
            )
        if "storyteller_channel" in given:
            before = tracker.storyteller_channel(locked.settings)
            channel = text_channel(
                locked, "storyteller_channel", wanted.storyteller_channel, before, principal
            )
            rest = {name: value for name, value in locked.settings.items() if name != "storyteller_channel"}
            locked.settings = rest | ({"storyteller_channel": channel} if channel else {})
        if wanted.tracker is not None:
            locked.settings = locked.settings | {"tracker": tracker.changed(locked.settings, wanted.tracker)}
        if wanted.moderators_manage_members is not None:
            can(principal, "server.promote", locked).require()
            chosen = {"moderators_manage_members": wanted.moderators_manage_members}
            locked.settings = locked.settings | chosen
        if wanted.features is not None:
            locked.features = locked.features | features.check(wanted.features)
        if wanted.storyteller_roles is not None:
            can(principal, "server.roles", locked).require()
            mark_storytellers(locked, wanted.storyteller_roles, principal)
    principal.forget(server.pk)
    return locked


def text_channel(
    server: Server, field: str, channel_id: str | None, before: str, principal: Principal
) -> str:
    """Validate a channel's Discord id; empty for none. Raises Invalid, also where the bot could not post."""
    if not channel_id:
        return ""
    rows = ServerChannel.objects.filter(server=server, kind__in=TEXT_CHANNELS)
    row = rows.filter(discord_id=clean(channel_id, 20)).first()
    if row is None:
        raise Invalid.field(field, _("There’s no such text channel in this server."))
    if channel_id != before:
        require_postable(row, field, principal)
    return channel_id


def _describe(server: Server, wanted: ServerChanges) -> None:
    """Set what is given of it, on a locked row. Raises Invalid; Conflict (`not_ours`)."""
    for name in OF_DISCORD:
        if getattr(wanted, name) is not None and server.discord_id is not None and not server.kept_at:
            raise Conflict(
                _("Change the {name} in Discord: it comes from there.", name=name), code="not_ours"
            )
    if wanted.name is not None:
        server.name = _name_of(wanted.name)
    if wanted.description is not None:
        server.description = clean_lines(wanted.description, MAX_DESCRIPTION)
    if wanted.icon is not None:
        release([server.icon])
        server.icon = _address("icon", wanted.icon)
    if wanted.banner_url is not None:
        server.banner_url = _address("banner_url", wanted.banner_url)
    if wanted.is_private is not None:
        server.is_private = wanted.is_private


def _name_of(text: str) -> str:
    name = one_line(text)
    if not has_ink(name) or len(name) > MAX_NAME:
        raise Invalid.field("name", _("A server’s name has 1 to {most} characters.", most=MAX_NAME))
    return name


def _address(field: str, text: str) -> str:
    """Validate a link; an empty text removes it."""
    address = one_line(text)
    try:
        if address:
            _is_address(address)
    except ValidationError:
        raise Invalid.field(field, _("The address must begin with https://.")) from None
    return address
