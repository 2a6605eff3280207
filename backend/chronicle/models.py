"""Servers, roles, members and chronicles. Characters are above, in `haven`; nothing here knows them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from contract.episodes import MAX_SUMMARY, MAX_TITLE
from contract.servers import EDITION_LABELS
from contract.translation import LANGUAGES
from rules.ids import uuid7
from rules.schedule import Rhythm


class Server(models.Model):
    """A community: a Discord guild, or one made on the web."""

    class Edition(models.TextChoices):
        FIFTH = "5th", EDITION_LABELS["5th"]
        TWENTIETH = "20th", EDITION_LABELS["20th"]
        COD = "cod", EDITION_LABELS["cod"]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    discord_id = models.CharField(max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(max_length=100, db_index=True)
    slug = models.SlugField(max_length=120, unique=True, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="owned_servers"
    )
    # Known before the owner's account is: the owner may never have used a command.
    owner_discord_id = models.CharField(max_length=20, blank=True)
    icon = models.CharField(max_length=300, blank=True, help_text="Discord's hash, or an address")
    banner_url = models.URLField(max_length=300, blank=True)
    is_private = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False, help_text="A badge that only a platform admin gives")
    edition = models.CharField(max_length=4, choices=Edition, default=Edition.FIFTH)
    # Somebody has chosen it; it is not just what every new server begins with.
    edition_chosen = models.BooleanField(default=False)
    tracker_channel = models.CharField(
        max_length=20, blank=True, help_text="Discord channel of the live trackers"
    )
    # Whether Discord has our commands there; null until the Discord process has reported it.
    commands_registered = models.BooleanField(null=True, blank=True, default=None)
    settings = models.JSONField(default=dict, blank=True)
    features = models.JSONField(default=dict, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    max_members = models.PositiveIntegerField(default=100_000)
    max_channels = models.PositiveIntegerField(default=500)
    # Set when the bot was removed: characters and chronicles stay, the server can come back.
    left_at = models.DateTimeField(null=True, blank=True)
    # Set when its owner goes on without Discord: then there is no grace period that could end.
    kept_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # What a change of a character goes by. The rest is for pages, and is read when somebody asks for it.
    PLAYED = (
        "discord_id",
        "name",
        "owner_id",
        "owner_discord_id",
        "icon",
        "edition",
        "tracker_channel",
        "settings",
        "features",
        "max_members",
        "max_channels",
        "left_at",
        "kept_at",
        "version",
    )

    class Meta:
        db_table = "servers"

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """Return the language of what many people read here, or "" for that of the Discord server."""
        chosen = str(self.settings.get("language", ""))
        return chosen if chosen in LANGUAGES else ""


class ServerRole(models.Model):
    """A system role, the mirror of a Discord role, or a custom role.

    `permissions` maps a right (see `chronicle.principal`) to "allow" or "deny"; absent asks the next role.
    With a `chronicle`, it counts in that chronicle alone, before what the server's roles say.
    """

    class System(models.TextChoices):
        ADMIN = "ADMIN"
        MODERATOR = "MODERATOR"
        STORYTELLER = "STORYTELLER"
        CO_STORYTELLER = "CO_STORYTELLER"
        OBSERVER = "OBSERVER"
        MEMBER = "MEMBER"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="roles")
    chronicle = models.ForeignKey(
        "Chronicle", null=True, blank=True, on_delete=models.CASCADE, related_name="roles"
    )
    name = models.CharField(max_length=100)
    color = models.CharField(max_length=7, default="#99aab5")
    permissions = models.JSONField(default=dict, blank=True)
    position = models.IntegerField(default=0)
    system = models.CharField(max_length=14, choices=System, blank=True)
    discord_id = models.CharField(max_length=20, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "server_roles"
        ordering = ["-position", "id"]
        constraints = [
            # Of roles that count in the whole server, whose chronicle is null, many may have one name.
            models.UniqueConstraint(fields=["chronicle", "name"], name="role_chronicle_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ServerMember(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    roles = models.ManyToManyField(ServerRole, related_name="members", blank=True)
    nickname = models.CharField(max_length=100, blank=True)
    is_online = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "server_members"
        constraints = [models.UniqueConstraint(fields=["server", "user"], name="member_server_user")]

    def __str__(self) -> str:
        return f"{self.nickname or self.user} @ {self.server}"

    @property
    def display_name(self) -> str:
        """The name in this server."""
        return self.nickname or self.user.display_name


class ServerChannel(models.Model):
    """The mirror of a Discord channel: a name to show, and proof that a channel belongs to the server.

    `permissions` maps a role's id to a document of the channel's own rights (see `chronicle.channels`), as "allow" or
    "deny"; absent asks the next role, and then the server.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="channels")
    discord_id = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.PositiveSmallIntegerField(default=0, help_text="Discord's channel type; 0 is text")
    position = models.IntegerField(default=0)
    category = models.CharField(max_length=100, blank=True, help_text="What it stands under in Discord")
    # Of a thread, which is known here once it is bound or chosen for something: it may do what its channel may.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="threads"
    )
    # What is played there. Not bound: the server's default chronicle.
    chronicle = models.ForeignKey(
        "Chronicle", null=True, blank=True, on_delete=models.SET_NULL, related_name="channels"
    )
    # Who sees it on Discord, by Discord's ids of roles and members, and “everyone”; unsaid: they do.
    seen_by = models.JSONField(default=dict, blank=True)
    # The permissions that the bot lacks to post there, as Discord's settings call them.
    bot_lacks = models.JSONField(default=list, blank=True)
    is_private = models.BooleanField(default=False)
    permissions = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "server_channels"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Chronicle(models.Model):
    """A story played in a server; each server has exactly one default chronicle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="chronicles")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, unique=True, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    # TRUE for the default, NULL for the others: a unique pair that every engine understands.
    is_default = models.BooleanField(null=True, default=None)
    own_edition = models.CharField(
        max_length=4,
        choices=Server.Edition,
        blank=True,
        default="",
        db_column="edition",
        help_text="Empty: the server's",
    )
    settings = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    PLAYED = ("server_id", "name", "is_default", "own_edition", "settings", "archived_at", "version")

    class Meta:
        db_table = "campaigns"
        constraints = [models.UniqueConstraint(fields=["server", "is_default"], name="one_default_chronicle")]

    def __str__(self) -> str:
        return self.name

    @property
    def edition(self) -> str:
        """The edition that is played: its own, else the server's main one."""
        return self.own_edition or self.server.edition

    @property
    def edition_label(self) -> str:
        return Server.Edition(self.edition).label

    @property
    def full_name(self) -> str:
        """The name with the server's, where they differ: for lists over several servers."""
        return self.name if self.name == self.server.name else f"{self.name} ({self.server.name})"


class Invite(models.Model):
    """An invitation into a server, with an optional role for those who join by it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="invites")
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.CASCADE, related_name="invites"
    )
    role = models.ForeignKey(
        ServerRole, null=True, blank=True, on_delete=models.CASCADE, related_name="invites"
    )
    code = models.CharField(max_length=32, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invites")
    max_uses = models.PositiveIntegerField(default=0, help_text="0: any number")
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "server_invites"

    def __str__(self) -> str:
        return f"{self.code} → {self.server}"


class Schedule(models.Model):
    """When a chronicle plays, on the clock of its time zone (`rules.schedule`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.OneToOneField(Chronicle, on_delete=models.CASCADE, related_name="schedule")
    timezone = models.CharField(max_length=64)
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    time = models.TimeField()
    weeks = models.PositiveSmallIntegerField(default=1, help_text="1: every week, 2: every second week")
    # A day on which it plays: every second week is counted from there.
    first_day = models.DateField()
    minutes = models.PositiveSmallIntegerField(default=240)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "session_schedules"

    def __str__(self) -> str:
        return f"{self.weekday} {self.time} {self.timezone}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.zone, self.first_day, self.time, self.weeks)


class Episode(models.Model):
    """A played session of a chronicle. Its number is its place in the story; one that was called off has none."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        LIVE = "live"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    summary = models.TextField(max_length=MAX_SUMMARY, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    planned_for = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The rhythm of the schedule in which it was planned; null where there was none.
    weeks = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "episodes"
        constraints = [models.UniqueConstraint(fields=["chronicle", "number"], name="episode_number")]
        indexes = [models.Index(fields=["chronicle", "status", "planned_for"], name="episode_planned")]

    def __str__(self) -> str:
        return self.title or f"{self.chronicle_id} {self.number}"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.CANCELLED)


class Attendance(models.Model):
    """Who said they would come to a session, and who came. `state` is empty until a storyteller has ticked it."""

    class State(models.TextChoices):
        CAME = "came"
        ABSENT = "absent"
        EXCUSED = "excused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendances")
    # The character they played, which lives above this app.
    character = models.UUIDField(null=True, blank=True)
    coming = models.BooleanField(null=True)
    state = models.CharField(max_length=7, choices=State, blank=True)
    # The experience that it was awarded: once.
    experience = models.PositiveSmallIntegerField(null=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "attendances"
        constraints = [models.UniqueConstraint(fields=["episode", "user"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


# The public face of a chronicle is called campaign.
Campaign = Chronicle
