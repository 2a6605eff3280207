"""What the Discord process does of its own accord: keep the mirror of guilds and their members. Nobody acts."""

from collections.abc import Sized

from chronicle import selectors
from chronicle.call import Call
from chronicle.models import Server
from chronicle.services import (
    EVERYONE,
    Span,
    leave_server,
    remove_member,
    remove_thread,
    sync_members,
    sync_server,
)
from contract import endpoints, guilds
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotFound, TooLarge
from timeline.operations import PROCESS_ALONE, Operation


def _known(guild_id: str) -> Server:
    server = Server.objects.filter(discord_id=guild_id).first()
    if server is None:
        raise NotFound(_("There’s no such server."))
    return server


def _mirrored(server: Server) -> guilds.MirroredServer:
    return guilds.MirroredServer(
        id=server.id,
        discord_id=server.discord_id,
        name=server.name,
        editions=list(selectors.editions_played(Server.objects.filter(pk=server.pk))[server.pk]),
        tracker_channel=server.tracker_channel or None,
        commands_registered=server.commands_registered,
        left=server.left_at is not None,
        version=server.version,
    )


def _limit(rows: Sized | None, most: int) -> None:
    if rows is not None and len(rows) > most:
        raise TooLarge(f"At most {most} at once.")


def _list(call: Call, given: guilds.ListGuilds) -> guilds.Guilds:
    """The guilds that the bot is said to be in, and what is played there."""
    rows = Server.objects.exclude(discord_id=None)
    rows = rows.filter(discord_id=given.guild_id) if given.guild_id else rows.filter(left_at=None)
    page = rows.filter(discord_id__gt=given.after or "").order_by("discord_id")[: guilds.MAX_GUILDS]
    ids = dict(page.values_list("discord_id", "id"))
    editions = selectors.editions_played(Server.objects.filter(pk__in=ids.values()))
    results = [
        guilds.GuildEditions(guild_id=str(key), editions=list(editions[pk])) for key, pk in ids.items()
    ]
    more = len(results) == guilds.MAX_GUILDS
    return guilds.Guilds(results=results, next=results[-1].guild_id if more else None)


def _sync(call: Call, given: guilds.Guild) -> guilds.ServerMirrored:
    """Mirror a guild with its roles and channels. May be repeated at any time."""
    _limit(given.roles, guilds.MAX_ROLES)
    _limit(given.channels, guilds.MAX_CHANNELS)
    server, changed = sync_server(given, cause=call.cause)
    return guilds.ServerMirrored(server=_mirrored(server), changed=changed)


def _leave(call: Call, given: guilds.OneGuild) -> guilds.ServerLeft:
    """The bot was removed: the server rests, nothing of it is deleted."""
    return guilds.ServerLeft(server=_mirrored(leave_server(_known(given.guild_id), cause=call.cause)))


def _sync_members(call: Call, given: guilds.Members) -> guilds.MembersMirrored:
    """Bring a batch of members up to date."""
    _limit(given.members, guilds.MAX_MEMBERS)
    people = [member for member in given.members if not member.bot]
    counts = sync_members(_known(given.guild_id), people, cause=call.cause, speaks_for=_span(given))
    return guilds.MembersMirrored(
        added=counts.added, changed=counts.changed, removed=counts.removed, refused=counts.refused
    )


def _span(given: guilds.Members) -> Span | None:
    if given.complete:
        if not given.members:
            raise Invalid.field("members", "A complete list of members cannot be empty.")
        return EVERYONE
    if "after" not in given.model_fields_set:
        return None
    return Span(int(given.after or 0), int(given.until) if given.until else None)


def _remove(call: Call, given: guilds.OneMember) -> guilds.MemberRemoved:
    """Somebody left the guild. Their rights end at once; their characters stay theirs."""
    server = _known(given.guild_id)
    user = CustomUser.objects.filter(discord_id=given.user_id).first()
    removed = user is not None and remove_member(server, user.pk, cause=call.cause)
    return guilds.MemberRemoved(removed=removed)


def _remove_thread(call: Call, given: guilds.OneThread) -> guilds.ThreadRemoved:
    """A thread was deleted: nothing is bound to it or shown in it any more."""
    removed = remove_thread(_known(given.guild_id), given.thread_id, cause=call.cause)
    return guilds.ThreadRemoved(removed=removed)


LIST = Operation("mirror.list", endpoints.LIST_GUILDS, _list, doors=PROCESS_ALONE, reads=True)
SYNC = Operation("mirror.sync", endpoints.MIRROR_GUILD, _sync, doors=PROCESS_ALONE)
LEAVE = Operation("mirror.leave", endpoints.LEAVE_GUILD, _leave, doors=PROCESS_ALONE)
SYNC_MEMBERS = Operation("mirror.sync_members", endpoints.MIRROR_MEMBERS, _sync_members, doors=PROCESS_ALONE)
REMOVE_THREAD = Operation(
    "mirror.remove_thread", endpoints.REMOVE_THREAD, _remove_thread, doors=PROCESS_ALONE
)
REMOVE_MEMBER = Operation("mirror.remove_member", endpoints.REMOVE_MEMBER, _remove, doors=PROCESS_ALONE)
