"""Servers, their roles, members and invitations."""

from django.conf import settings
from django.db import models

from contract.servers import EDITION_LABELS
from contract.translation import LANGUAGES
from rules.ids import uuid7


class Server(models.Model):
    """A community: a Discord guild, or one made on the web."""

    class Edition(models.TextChoices):
        FIFTH = "5th", EDITION_LABELS["5th"]
        TWENTIETH = "20th", EDITION_LABELS["20th"]
        COD = "cod", EDITION_LABELS["cod"]
        FANTASY = "fantasy", EDITION_LABELS["fantasy"]

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
    edition = models.CharField(max_length=20, choices=Edition, default=Edition.FIFTH)
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
    # Set when an admin deleted it: nobody else sees it, and for a while they can restore it.
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Set when that time was over: only its chronicles' history is left, for their storytellers.
    removed_at = models.DateTimeField(null=True, blank=True)
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
        "deleted_at",
        "removed_at",
        "version",
    )

    class Meta:
        db_table = "servers"

    def __str__(self) -> str:
        return self.name

    @property
    def is_mirrored(self) -> bool:
        """Return whether its channels and members come from Discord."""
        return self.discord_id is not None and self.kept_at is None

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


class Invite(models.Model):
    """An invitation into a server, with an optional role for those who join by it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="invites")
    chronicle = models.ForeignKey(
        "Chronicle", null=True, blank=True, on_delete=models.CASCADE, related_name="invites"
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
