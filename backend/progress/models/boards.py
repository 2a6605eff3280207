"""Places on leaderboards, now and in the weeks before."""

from uuid import UUID

from django.conf import settings
from django.db import models

from rules.ids import uuid7

NOWHERE = UUID(int=0)  # the id of the one board that belongs to no server, chronicle or season


class Board(models.TextChoices):
    ALL = "all"
    SERVER = "server"
    CHRONICLE = "chronicle"
    SEASON = "season"


class Standing(models.Model):
    """A person's place on one board.

    `weekly_points` count the week that begins on `week`. The ranks are as of the last computation, hourly: a page
    shows by them who has risen since. `hidden`: this person is on no board (`PlayerProfile.on_boards`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.CharField(max_length=10, choices=Board)
    board_id = models.UUIDField(default=NOWHERE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standings", db_index=False
    )
    total_points = models.IntegerField(default=0)
    weekly_points = models.IntegerField(default=0)
    week = models.DateField(null=True)
    rank = models.PositiveIntegerField(null=True)
    weekly_rank = models.PositiveIntegerField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        db_table = "leaderboard"
        constraints = [models.UniqueConstraint(fields=["board", "board_id", "user"], name="standing_once")]
        indexes = [
            # To their last column in the order of a page (`selectors.ladder`), so that nothing is sorted.
            models.Index(
                fields=["board", "board_id", "hidden", "-total_points", "id"], name="standing_by_total"
            ),
            models.Index(
                fields=["board", "board_id", "hidden", "week", "-weekly_points", "id"],
                name="standing_by_week",
            ),
            models.Index(fields=["user"], name="standing_user"),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.user_id}: {self.total_points}"


class ArchivedWeek(models.Model):
    """What somebody had on a board when a week ended; the rank is filled in when it has ended everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.CharField(max_length=10, choices=Board)
    board_id = models.UUIDField(default=NOWHERE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archived_weeks", db_index=False
    )
    week = models.DateField()
    points = models.IntegerField()
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "leaderboard_weeks"
        constraints = [
            models.UniqueConstraint(fields=["board", "board_id", "week", "user"], name="archived_week_once")
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.week} {self.user_id}"
