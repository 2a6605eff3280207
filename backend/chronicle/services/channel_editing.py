"""Create, change, order, archive and delete channels and categories that are ours; Discord's come from Discord."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing
from chronicle.services.channel_mirror import drop_lost_channels
from chronicle.services.channels import find_channel, require_roles
from contract.channels import ChannelChanges, CreateChannel
from contract.translation import _
from rules.errors import Conflict, GameError, Invalid, NotFound
from rules.text import clean_lines, has_ink, one_line
from timeline.services import Cause

Kind = ServerChannel.Kind
KINDS = {"text": Kind.TEXT, "voice": Kind.VOICE, "category": Kind.CATEGORY}
MAX_NAME, MAX_DESCRIPTION = 100, 1024
# What Discord says of its channels.
OF_DISCORD = ("name", "category", "position", "before", "user_limit")
# What categories have not.
NOT_OF_CATEGORIES = ("category", "description", "is_private", "permissions", "archived")


def create_channel(
    server: Server, wanted: CreateChannel, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Create a channel or category. Raises NotAllowed; Conflict (`not_ours`, `too_many_channels`); Invalid."""
    with changing(server, cause) as locked:
        can(principal, "server.channels", locked).require()
        if locked.is_mirrored:
            raise not_ours(_("This server’s channels come from Discord. Create it there."))
        _require_room(locked)
        row = ServerChannel(server=locked, kind=KINDS[wanted.type], name=_name_of(wanted.name))
        _refuse_what_it_has_not(row, {name for name in wanted.model_fields_set if getattr(wanted, name)})
        row.description = clean_lines(wanted.description, MAX_DESCRIPTION)
        row.category = _category(locked, wanted.category, principal)
        row.position = _below_all(locked) if wanted.position is None else wanted.position
        row.is_private, row.slow_mode = wanted.is_private, wanted.slow_mode
        row.user_limit = wanted.user_limit or None
        row.save(force_insert=True)
    return row


def set_channel(
    server: Server, channel: str, wanted: ChannelChanges, *, principal: Principal, cause: Cause
) -> ServerChannel:
    """Change what is given of a channel, all of it or nothing: for who manages the server's channels, or this one.

    Raises NotAllowed; NotFound; Conflict (`not_ours`) for what is Discord's; Invalid.
    """
    given = wanted.model_fields_set & ChannelChanges.model_fields.keys()
    with changing(server, cause) as locked:
        row = find_channel(locked, channel, principal)
        can(principal, "channel.manage", row).require()
        _refuse_what_is_discords(locked, row, given)
        _refuse_what_it_has_not(row, given)
        _describe(row, wanted)
        if "category" in given:
            row.category = _category(locked, wanted.category, principal)
        if wanted.permissions is not None:
            require_roles(locked, wanted.permissions)
            row.permissions = {str(role): dict(rights) for role, rights in wanted.permissions.items()}
        row.save()
        if wanted.before is not None:
            _put_before(locked, row, find_channel(locked, wanted.before, principal), "category" in given)
    return row


def order_channels(server: Server, wanted: Sequence[UUID], *, principal: Principal, cause: Cause) -> None:
    """Put these channels and categories in this order, above those that are not named."""
    with changing(server, cause) as locked:
        can(principal, "server.channels", locked).require()
        if locked.is_mirrored:
            raise not_ours(_("Channels are ordered in Discord: their places come from there."))
        rows = {row.pk: row for row in _ordered(locked)}
        if not rows.keys() >= set(wanted):
            raise Invalid.field("channels", _("There’s no such channel in this server."))
        named = list(dict.fromkeys(wanted))
        _number([rows[pk] for pk in [*named, *(pk for pk in rows if pk not in set(named))]])


def delete_channel(
    server: Server, channel: str, *, principal: Principal, cause: Cause, name: str | None = None
) -> UUID:
    """Delete a channel with all that was said in it. `name`: what somebody typed to confirm. Returns its id.

    Of a category the channels stay. Raises NotAllowed, NotFound, Conflict (`not_ours`), Invalid.
    """
    with changing(server, cause) as locked:
        row = find_channel(locked, channel, principal)
        can(principal, "server.channels", locked).require()
        if locked.is_mirrored and row.discord_id:
            raise not_ours(_("This channel comes from Discord. Delete it there."))
        if name is not None and one_line(name) != row.name:
            raise Invalid.field("name", _("That isn’t its name. Type “{name}” to delete it.", name=row.name))
        gone = row.pk
        row.delete()
        drop_lost_channels(locked)
    return gone


def not_ours(sentence: str) -> GameError:
    return Conflict(sentence, code="not_ours")


def _require_room(server: Server) -> None:
    """Raise Conflict (`too_many_channels`) if one more would exceed `Server.max_channels`; threads do not count."""
    if ServerChannel.objects.filter(server=server, parent=None).count() >= server.max_channels:
        raise Conflict(
            _(
                "{name} has all the {most} channels that it can have.",
                name=server.name,
                most=server.max_channels,
            ),
            code="too_many_channels",
        )


def _refuse_what_is_discords(server: Server, row: ServerChannel, given: set[str]) -> None:
    if server.is_mirrored and row.discord_id and given & set(OF_DISCORD):
        raise not_ours(_("This channel comes from Discord. Change its name, place and user limit there."))


def _refuse_what_it_has_not(row: ServerChannel, given: set[str]) -> None:
    """Raise Invalid for what a channel of its kind has not."""
    if row.is_category and (wrong := given & set(NOT_OF_CATEGORIES)):
        raise Invalid.field(
            sorted(wrong)[0], _("A category only has a name and a place. Set that on its channels.")
        )
    if "slow_mode" in given and not (row.is_text or row.parent_id):
        raise Invalid.field("slow_mode", _("Only text channels have a slow mode."))
    if "user_limit" in given and not row.is_voice:
        raise Invalid.field("user_limit", _("Only voice channels have a user limit."))
    if row.parent_id and given & {"category", "position", "before"}:
        raise Invalid.field("category", _("A thread stands under its channel."))


def _describe(row: ServerChannel, wanted: ChannelChanges) -> None:
    if wanted.name is not None and (name := _name_of(wanted.name)) != row.name:
        # Another name is another address; `save` makes it.
        row.name, row.slug = name, None
    if wanted.description is not None:
        row.description = clean_lines(wanted.description, MAX_DESCRIPTION)
    if wanted.position is not None:
        row.position = wanted.position
    if wanted.slow_mode is not None:
        row.slow_mode = wanted.slow_mode
    if wanted.user_limit is not None:
        row.user_limit = wanted.user_limit or None
    if wanted.is_private is not None:
        row.is_private = wanted.is_private
    if wanted.archived is not None:
        row.archived_at = (row.archived_at or timezone.now()) if wanted.archived else None


def _name_of(text: str) -> str:
    name = one_line(text)
    if not has_ink(name) or len(name) > MAX_NAME:
        raise Invalid.field("name", _("A channel’s name has 1 to {most} characters.", most=MAX_NAME))
    return name


def _category(server: Server, reference: str | None, principal: Principal) -> ServerChannel | None:
    """Return the category that is named; None for none. Raises Invalid."""
    if not reference:
        return None
    try:
        row = find_channel(server, reference, principal, of_kinds={Kind.CATEGORY})
    except NotFound:
        raise Invalid.field("category", _("There’s no such category in this server.")) from None
    return row


def _ordered(server: Server) -> list[ServerChannel]:
    return list(ServerChannel.objects.filter(server=server, parent=None).order_by("position", "id"))


def _below_all(server: Server) -> int:
    last = ServerChannel.objects.filter(server=server, parent=None).order_by("-position").first()
    return last.position + 1 if last else 0


def _put_before(server: Server, row: ServerChannel, other: ServerChannel, stays: bool) -> None:
    """Renumber the channels with the row above the other, in its category unless that `stays` as it was chosen."""
    if row.is_category != other.is_category:
        raise Invalid.field("before", _("Categories stand above categories, and channels above channels."))
    rows = [found for found in _ordered(server) if found.pk != row.pk]
    rows.insert(next(place for place, found in enumerate(rows) if found.pk == other.pk), row)
    if not stays:
        row.category = other.category
        row.save(update_fields=["category"])
    _number(rows)


def _number(rows: Sequence[ServerChannel]) -> None:
    moved = [(place, row) for place, row in enumerate(rows) if row.position != place]
    for place, row in moved:
        row.position = place
    ServerChannel.objects.bulk_update([row for _place, row in moved], ["position"], batch_size=200)
