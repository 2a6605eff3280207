"""What somebody keeps of a room: how far they have read, what they want to hear of it, as whom they speak there."""

from django.conf import settings
from django.db import models

from rules.ids import uuid7


class RoomState(models.Model):
    """`room` may be a server's id as well: then `notify` is for all its rooms where nothing is chosen."""

    class Notify(models.TextChoices):
        ALL = "all"
        MENTIONS = "mentions"
        NOTHING = "nothing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="room_states", db_index=False
    )
    room = models.UUIDField(db_index=True)
    # The place up to which they have read; null: they have never opened it.
    read_seq = models.PositiveBigIntegerField(null=True, blank=True)
    notify = models.CharField(max_length=8, choices=Notify, blank=True, default="")
    # The character as whom they write there, unless they say otherwise.
    speaks_as = models.UUIDField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "chat_room_states"
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="room_state_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.room} #{self.read_seq}"
