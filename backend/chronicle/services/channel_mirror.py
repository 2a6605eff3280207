"""Mirror a guild's channels and categories from Discord, by difference."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.utils import timezone

from chronicle import tracker
from chronicle.channel_rights import EVERYONE
from chronicle.models import Chronicle, Server, ServerChannel
from chronicle.services.change import ours_alone
from contract.guilds import GuildChannel
from rules.text import clean

# What Discord says of a channel.
MIRRORED = ("name", "kind", "position", "category", "category_name", "seen_by", "bot_lacks")
WRITTEN = (*MIRRORED, "slug", "discord_id")
CATEGORY = ServerChannel.Kind.CATEGORY
# Discord's ids carry the milliseconds since 2015.
DISCORD_EPOCH = 1_420_070_400_000


def sync_channels(server: Server, facts: Collection[GuildChannel]) -> None:
    """Make the mirror equal to these. What was made on the web stays as it is."""
    rows = list(ServerChannel.objects.filter(server=server))
    mirror = _Mirror(server, rows)
    mirrored = {
        row.discord_id: row for row in rows if row.discord_id and not row.parent_id and not row.is_category
    }
    # Those that are here stay; as many new ones come as there is room for.
    listed = sorted(facts, key=lambda channel: channel.id not in mirrored)[: server.max_channels]
    for channel in listed:
        mirror.take(channel, mirrored.get(channel.id))
    wanted = {channel.id for channel in listed}
    gone = [row.pk for key, row in mirrored.items() if key not in wanted]
    mirror.write(gone)
    drop_lost_channels(server)


class _Mirror:
    """Collect what is new and what differs, and write it in a constant number of statements."""

    def __init__(self, server: Server, rows: Collection[ServerChannel]) -> None:
        self.server, self.rows = server, rows
        self.slugs = {row.slug for row in rows}
        self.categories = {row.discord_id or row.name: row for row in rows if row.is_category}
        self.placed: set[str] = set()
        self.new: list[ServerChannel] = []
        self.changed: list[ServerChannel] = []

    def take(self, channel: GuildChannel, row: ServerChannel | None) -> None:
        values = (
            clean(channel.name, 100) or "channel",
            channel.type,
            channel.position,
            self._category_of(channel),
            clean(channel.category, 100),
            {EVERYONE if pk == self.server.discord_id else pk: sees for pk, sees in channel.seen_by.items()},
            [clean(label, 60) for label in channel.bot_lacks],
        )
        self._set(row, channel.id, dict(zip(MIRRORED, values, strict=True)))

    def _category_of(self, channel: GuildChannel) -> ServerChannel | None:
        """Return the row of its category: as Discord's id says, else as its name does, else a new one."""
        name = clean(channel.category, 100)
        if not name:
            return None
        key = channel.category_id or name
        row = self.categories.get(key) or self.categories.get(name)
        position = row.position if row and key in self.placed else channel.position
        values = {"name": name, "kind": CATEGORY, "position": position}
        self.categories[key] = self._set(row, channel.category_id, values)
        self.placed.add(key)
        return self.categories[key]

    def _set(
        self, row: ServerChannel | None, discord_id: str | None, values: dict[str, object]
    ) -> ServerChannel:
        known = row or ServerChannel(server=self.server, created_at=made_at(discord_id))
        slugless = row is not None and not row.slug
        if row is None or slugless or row.name != values["name"]:
            known.slug = ServerChannel.slug_for(str(values["name"]), int(str(values["kind"])), self.slugs)
            self.slugs.add(known.slug)
        values = values | ({"discord_id": discord_id} if discord_id else {})
        differs = [name for name, value in values.items() if getattr(known, name) != value]
        for name in differs:
            setattr(known, name, values[name])
        if row is None:
            self.new.append(known)
        elif (differs or slugless) and known not in self.new and known not in self.changed:
            self.changed.append(known)
        return known

    def write(self, gone: Collection[object]) -> None:
        with ours_alone("channels"):
            # Categories first: the channels refer to them.
            ServerChannel.objects.bulk_create(row for row in self.new if row.is_category)
            ServerChannel.objects.bulk_create(row for row in self.new if not row.is_category)
        if self.changed:
            ServerChannel.objects.bulk_update(self.changed, WRITTEN)
        used = {row.category_id for row in (*self.rows, *self.new) if row.pk not in set(gone)}
        empty = [row.pk for row in self.rows if row.is_category and row.pk not in used]
        if gone or empty:
            ServerChannel.objects.filter(pk__in=[*gone, *empty]).delete()


def keep_categories(server: Server) -> None:
    """Make rows of the categories that a server knows by name alone, now that no mirror will: it is on its own."""
    rows = list(ServerChannel.objects.filter(server=server, category=None).exclude(category_name=""))
    made: dict[str, ServerChannel] = {}
    for row in rows:
        if row.category_name not in made:
            values = {"name": row.category_name, "kind": CATEGORY, "position": row.position}
            made[row.category_name] = ServerChannel.objects.create(server=server, **values)
        row.category = made[row.category_name]
    ServerChannel.objects.bulk_update(rows, ["category"])


def made_at(discord_id: str | None) -> datetime:
    """Return when Discord made what has this id, which the id tells; now, if it has none."""
    milliseconds = (int(discord_id) >> 22) + DISCORD_EPOCH if discord_id else 0
    now = timezone.now()
    made = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return made if milliseconds > DISCORD_EPOCH and made < now else now


def drop_lost_channels(server: Server) -> None:
    """Show nothing any more in channels that are gone."""
    left = set(ServerChannel.objects.filter(server=server).values_list("discord_id", flat=True))
    if server.tracker_channel not in left:
        server.tracker_channel = ""
    if tracker.storyteller_channel(server.settings) not in left:
        server.settings = {k: v for k, v in server.settings.items() if k != "storyteller_channel"}
    announcing = Chronicle.objects.filter(server=server, settings__has_key=tracker.EPISODE_CHANNEL)
    for chronicle in announcing:
        if tracker.episode_channel(chronicle.settings) not in left:
            del chronicle.settings[tracker.EPISODE_CHANNEL]
            chronicle.save(update_fields=["settings"])
