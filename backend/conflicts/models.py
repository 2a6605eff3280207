"""Conflicts. Only `conflicts.services` writes here."""

from uuid import UUID

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle
from rules.conflict.state import State, unflat
from rules.ids import uuid7

MAX_TITLE = 100


class Conflict(models.Model):
    """Who acts when, in a channel or on the web. `paths` is its state (`rules.conflict.state.flat`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(
        Chronicle, on_delete=models.PROTECT, related_name="conflicts", db_index=False
    )
    # Discord's, NULL for one of the web.
    channel_id = models.CharField(max_length=20, null=True)
    # TRUE while it runs, NULL afterwards: one at a time in a channel, on every engine.
    is_open = models.BooleanField(null=True, default=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    paths = models.JSONField(default=dict)
    # Something of it outlives it: an effect until the end of the night, say.
    lasts = models.BooleanField(default=False)
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    # Of these steps those that the table saw, and by user id how many more they saw of their own. Nobody but those who
    # see all reads `version`: it grows when somebody hidden acts.
    shown_version = models.PositiveIntegerField(default=1)
    own_steps = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conflicts"
        constraints = [models.UniqueConstraint(fields=["channel_id", "is_open"], name="one_conflict_here")]
        indexes = [models.Index(fields=["chronicle", "is_open", "id"], name="conflict_chronicle")]

    def __str__(self) -> str:
        return self.title or f"Conflict ({self.kind})"

    def version_for(self, user_id: UUID | None) -> int:
        """Count the steps that somebody saw who may not know who is hidden."""
        return self.shown_version + int(self.own_steps.get(str(user_id), 0))

    def state(self) -> State:
        return unflat(self.kind, self.paths)
