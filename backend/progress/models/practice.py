"""Drills: short sets of generated questions, and their answers."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle, Server
from rules.ids import uuid7


class PracticeSession(models.Model):
    """A drill: some questions of one system and level. `ends_at`: when it ends by itself if nobody finishes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_sessions", db_index=False
    )
    # Where it was begun; empty on the web.
    server = models.ForeignKey(Server, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    system = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField(default=0)
    right = models.PositiveSmallIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "practice_sessions"
        indexes = [
            models.Index(fields=["user", "-started_at"], name="practice_user_started"),
            models.Index(fields=["finished_at", "ends_at"], name="practice_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.level}"


class Attempt(models.Model):
    """One question of a drill and its answer. `question`: what `rules.drills.read` makes the question from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(PracticeSession, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    question = models.JSONField(default=dict)
    choice = models.PositiveSmallIntegerField(null=True)
    is_right = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "attempts"
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="attempt_session_number")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"
