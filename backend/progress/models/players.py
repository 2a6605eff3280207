"""What is known of a player: profile, help, streaks at a table."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle, Server
from rules.ids import uuid7


class HelpfulAct(models.Model):
    """Somebody says that another person helped; a storyteller confirms or refuses it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="helpful_acts")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "helpful_acts"
        indexes = [models.Index(fields=["chronicle", "state"], name="helpful_act_waiting")]

    def __str__(self) -> str:
        return self.text


class PlayerProfile(models.Model):
    """How a player shows themselves: a page under `public_id` if `is_public`, a place on boards if `on_boards`.

    On the page stands what is switched on.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    public_id = models.CharField(max_length=12, unique=True)
    home_server = models.ForeignKey(Server, null=True, on_delete=models.SET_NULL, related_name="+")
    level = models.PositiveIntegerField(default=1)
    on_boards = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    shows_level = models.BooleanField(default=False, db_default=False)
    shows_streak = models.BooleanField(default=False, db_default=False)
    shows_badges = models.BooleanField(default=False, db_default=False)
    shows_certificates = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "player_profiles"

    def __str__(self) -> str:
        return self.public_id


class ProfileChange(models.Model):
    """Who changed what of an account: `changes` maps a field to `[before, after]`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile_changes"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changes = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "profile_audit_logs"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class TableStreak(models.Model):
    """How many sessions of a chronicle in a row somebody came to. `grace`: misses in a row that are still forgiven."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="table_streaks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="table_streaks")
    current = models.PositiveIntegerField(default=0)
    longest = models.PositiveIntegerField(default=0)
    grace = models.PositiveSmallIntegerField(default=1)
    # The last session that counts in it.
    last_episode = models.UUIDField(null=True)

    class Meta:
        db_table = "table_streaks"
        constraints = [models.UniqueConstraint(fields=["chronicle", "user"], name="table_streak_once")]

    def __str__(self) -> str:
        return f"{self.chronicle_id} {self.user_id}: {self.current}"
