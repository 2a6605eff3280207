"""What ties messages to the game: the cast, and of what a message's card shows the present state."""

from django.db import models

from chat.models.messages import ChatMessage
from chronicle.models import Chronicle
from rules.ids import uuid7

MAX_CAST_NAME = 80


class CastMember(models.Model):
    """Somebody whom the storytellers of a chronicle speak for: a name and a portrait, without a sheet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="cast")
    name = models.CharField(max_length=MAX_CAST_NAME)
    # Without case and marks, as with characters.
    name_key = models.CharField(max_length=160)
    # Path below the media folder, or empty.
    portrait = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_cast"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["chronicle", "name_key"], name="cast_name")]

    def __str__(self) -> str:
        return self.name


class CardSubject(models.Model):
    """A roll, a request or a scene of which a message's card shows the present state: when it changes, so does the
    message.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="card_subjects")
    entity_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "chat_card_subjects"
        constraints = [models.UniqueConstraint(fields=["message", "entity_id"], name="card_subject_once")]

    def __str__(self) -> str:
        return f"{self.entity_id} in {self.message_id}"
