"""The one user model: a Discord user, a local account with a password, or both."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from contract.base import Person
from contract.translation import LANGUAGES, N_, _
from rules.ids import uuid7

# What the bot and the pages let people switch in `user_settings`, and how it is for who has said nothing.
PREFERENCES = {"direct_messages": True, "text_mode": False}

FORMER_PLAYER = N_("a former player")


class CustomUser(AbstractUser):
    class Role(models.TextChoices):
        MEMBER = "member"
        ADMIN = "admin"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Snowflakes are text everywhere: a browser rounds numbers of that size.
    discord_id = models.CharField(max_length=20, unique=True, null=True, blank=True)
    discord_username = models.CharField(max_length=80, blank=True)
    global_name = models.CharField(max_length=80, blank=True)
    discord_avatar = models.CharField(max_length=80, blank=True, help_text="Discord's hash of the picture")
    avatar_url = models.URLField(max_length=300, blank=True)
    bio = models.TextField(max_length=2000, blank=True)
    status_message = models.CharField(max_length=140, blank=True)
    user_settings = models.JSONField(default=dict, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    per_game_stats = models.JSONField(default=dict, blank=True)
    role = models.CharField(
        max_length=10,
        choices=Role,
        default=Role.MEMBER,
        db_default=Role.MEMBER.value,
        help_text="An admin may reset everybody’s progress",
    )
    timezone = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Such as Europe/Berlin; empty: UTC"
    )
    # What practice and play earned (`progress`); days are the user's own.
    total_points = models.IntegerField(default=0, db_default=0)
    current_streak = models.PositiveIntegerField(default=0, db_default=0)
    longest_streak = models.PositiveIntegerField(default=0, db_default=0)
    last_practice_date = models.DateField(null=True, blank=True)
    total_questions_attempted = models.PositiveIntegerField(default=0, db_default=0)
    last_grace_skip_date = models.DateField(null=True, blank=True)
    grace_skip_week_start = models.DateField(null=True, blank=True)
    last_daily_login_bonus_date = models.DateField(null=True, blank=True)
    # A summary of the presence that Redis counts; never the source.
    is_online = models.BooleanField(default=False)
    last_login_ip = models.GenericIPAddressField(null=True, blank=True)
    # When the account goes, as its owner asked for (`privacy.deletion`); they may change their mind until then.
    delete_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # When it went: what is left of the row is a former player, whom others' history names.
    erased_at = models.DateTimeField(null=True, blank=True)
    # Whatever was signed in before is not any more.
    signed_out_at = models.DateTimeField(null=True, blank=True)

    # The columns that `as_person` reads.
    TOLD = (
        "discord_id",
        "username",
        "first_name",
        "last_name",
        "global_name",
        "discord_username",
        "discord_avatar",
        "avatar_url",
        "erased_at",
    )

    # And those that matter when this person does something.
    ACTS = (*TOLD, "is_active", "is_superuser", "user_settings")

    class Meta:
        db_table = "users"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Empty text would collide in the unique column; a missing Discord account is NULL.
        self.discord_id = self.discord_id or None
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        if self.erased_at:
            return _(FORMER_PLAYER)
        return self.global_name or self.get_full_name() or self.discord_username or self.username

    @property
    def picture_url(self) -> str:
        """Return the user's own picture, else Discord's, else an empty text."""
        if self.avatar_url or not (self.discord_id and self.discord_avatar):
            return self.avatar_url
        return f"{settings.DISCORD_CDN}/avatars/{self.discord_id}/{self.discord_avatar}.png"

    @property
    def is_admin(self) -> bool:
        """Whether this person may reset everybody’s progress; superusers may do all there is."""
        return self.is_superuser or self.role == self.Role.ADMIN

    @property
    def zone(self) -> ZoneInfo:
        """Where this person's days begin. A zone that the machine does not know any more counts as UTC."""
        try:
            return ZoneInfo(self.timezone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def preferences(self) -> dict[str, bool]:
        return {name: bool(self.user_settings.get(name, start)) for name, start in PREFERENCES.items()}

    @property
    def language(self) -> str:
        """Return the language that this person chose to read in, or "" for that of browser or Discord."""
        chosen = str(self.user_settings.get("language", ""))
        return chosen if chosen in LANGUAGES else ""

    @property
    def accepts_notifications(self) -> bool:
        """Whether this user can and wants to get direct messages on Discord (`timeline.notifications`)."""
        return bool(self.discord_id and self.is_active and self.preferences["direct_messages"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Also for older secret keys: a session, and a socket, ends when everything is signed out."""
        hashed: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # its stub knows no such
        return salted_hmac(hashed, str(self.signed_out_at)).hexdigest() if self.signed_out_at else hashed

    def as_person(self) -> Person:
        """As others see this account."""
        return Person(
            id=self.id, discord_id=self.discord_id, name=self.display_name, avatar_url=self.picture_url
        )

    def as_json(self) -> dict[str, object]:
        return self.as_person().model_dump(mode="json")


class TokenFamily(models.Model):
    """The JSON web tokens that one sign-in gave. Each refresh token is good once and gives the next; a row that is
    gone ends all of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(CustomUser, on_delete=models.CASCADE, related_name="token_families")
    # Of the web session that asked for it: the family ends with it. Empty for a password.
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    # The `jti` of the one refresh token that is still good.
    current = models.CharField(max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "token_families"
        verbose_name_plural = "token families"
