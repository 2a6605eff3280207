"""Badges that people have, and how far the timeline was counted for them."""

from django.conf import settings
from django.db import models

from progress.models.boards import NOWHERE
from rules.ids import uuid7
from timeline.models import Stream


class Reward(models.Model):
    """A badge that somebody has, or that waits for a storyteller. `scope`: the id of what it counts in, or empty."""

    class State(models.TextChoices):
        # Counted by the rules; in a moment it is given, or waits.
        DUE = "due"
        GIVEN = "given"
        WAITING = "waiting"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rewards", db_index=False
    )
    badge = models.CharField(max_length=40)
    scope = models.CharField(max_length=36, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    # No foreign key: history goes by its own rules.
    event_id = models.UUIDField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        db_table = "rewards"
        constraints = [models.UniqueConstraint(fields=["user", "badge", "scope"], name="reward_once")]
        indexes = [models.Index(fields=["state", "scope"], name="reward_state_scope")]

    def __str__(self) -> str:
        return f"{self.badge} {self.user_id}"


class BadgeCount(models.Model):
    """How much of what a badge counts somebody has; `scope` as in `Reward`.

    `era`: the last reset before it that was about it (`NOWHERE`: none). A reset changes nothing here: what it took
    counts no more because its era is over, and counts again when the reset is undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    badge = models.CharField(max_length=40)
    scope = models.CharField(max_length=36, blank=True, default="")
    era = models.UUIDField(default=NOWHERE)
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "badge_counts"
        constraints = [
            models.UniqueConstraint(fields=["user", "badge", "scope", "era"], name="badge_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.badge} {self.user_id}: {self.count}"


class BadgePosition(models.Model):
    """Up to which event of a stream the rules of badges have looked. Its number says how far a `BadgeWalk` has come."""

    id = models.BigAutoField(primary_key=True)
    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="badge_position")
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "badge_positions"

    def __str__(self) -> str:
        return f"{self.stream_id} #{self.seq}"


class BadgeWalk(models.Model):
    """A badge that is, or was, counted from the beginning: all positions up to `position`, and `seq` of the next.

    The row without a badge stands for all of them: who counts locks it.
    """

    badge = models.CharField(max_length=40, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "badge_walks"

    def __str__(self) -> str:
        return f"{self.badge} {self.position} #{self.seq}"
