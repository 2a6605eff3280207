"""Scenes that are played in a channel."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle, ServerChannel
from rules.ids import uuid7


class Scene(models.Model):
    """A scene: what is said in the channel while it is open belongs to it. One is open in a channel at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="scenes")
    channel = models.ForeignKey(ServerChannel, null=True, on_delete=models.SET_NULL, related_name="scenes")
    channel_name = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    # TRUE while it is open, NULL afterwards: a unique pair that every engine understands.
    is_open = models.BooleanField(null=True, default=True)
    # After so many minutes the others may go on without who is at turn; null: they wait.
    pace = models.PositiveIntegerField(null=True, blank=True)
    # Whose turn it is, and since when.
    turn = models.ForeignKey("ScenePart", null=True, on_delete=models.SET_NULL, related_name="+")
    turn_since = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scenes"
        constraints = [models.UniqueConstraint(fields=["channel", "is_open"], name="one_open_scene")]

    def __str__(self) -> str:
        return self.title

    @property
    def playing(self) -> list["ScenePart"]:
        """Who takes part at the moment, in the order of turns."""
        return [part for part in self.parts.all() if part.left_at is None]


class ScenePart(models.Model):
    """Somebody who takes part, as a character. `position` is the order of turns."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="parts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scene_parts")
    # A character, which may be deleted and restored; or one of the cast, for a storyteller.
    character = models.UUIDField(null=True)
    cast = models.UUIDField(null=True)
    # Whichever of the three it is: one part each.
    speaker = models.UUIDField()
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    is_away = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "scene_parts"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["scene", "speaker"], name="scene_part_once")]

    def __str__(self) -> str:
        return self.name
