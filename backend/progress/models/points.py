"""The ledger of points, seasons, and what a reset took away."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle, Server
from progress.models.boards import NOWHERE
from rules.ids import uuid7


class Season(models.Model):
    """A stretch of time in a server with a board of its own. `ends`: the first day that is not part of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="seasons")
    name = models.CharField(max_length=60)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "seasons"
        indexes = [models.Index(fields=["server", "starts"], name="season_server_starts")]

    def __str__(self) -> str:
        return self.name


class RestorePoint(models.Model):
    """What a reset took away, until `expires_at`: so long it can be undone. Its rows stand in `KeptRows`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    scope = models.CharField(max_length=10)
    scope_id = models.UUIDField(default=NOWHERE)
    summary = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "restore_points"

    def __str__(self) -> str:
        return f"{self.scope} {self.made_at}"


class KeptRows(models.Model):
    """Some hundred rows of one table, as a restore point keeps them."""

    point = models.ForeignKey(RestorePoint, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        db_table = "restore_point_rows"
        verbose_name_plural = "kept rows"
        constraints = [
            models.UniqueConstraint(fields=["point", "table", "number"], name="kept_rows_point_table_number")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"


class PointEntry(models.Model):
    """One line of the ledger: so many points, with a reason. Nothing here is ever changed or removed by play.

    `key` names what it is for: a second award for it is none. `day` and `week` (its Monday) are the user's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="point_entries", db_index=False
    )
    amount = models.IntegerField()
    source = models.CharField(max_length=12)
    reason = models.JSONField(default=dict)
    key = models.CharField(max_length=100)
    server = models.ForeignKey(Server, null=True, on_delete=models.SET_NULL, related_name="+")
    chronicle = models.ForeignKey(Chronicle, null=True, on_delete=models.SET_NULL, related_name="+")
    season = models.ForeignKey(Season, null=True, on_delete=models.SET_NULL, related_name="+")
    # The reset whose balance this is, or that an undo took back.
    reset = models.ForeignKey(RestorePoint, null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    week = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "point_entries"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="points_user_key")]
        indexes = [
            models.Index(fields=["user", "source", "day"], name="points_user_source_day"),
            models.Index(fields=["user", "-id"], name="points_user_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+} {self.source}"
