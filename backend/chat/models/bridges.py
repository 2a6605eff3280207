"""Channels whose messages also go to Discord and come from there."""

from django.db import models

from chat.models.messages import ChatMessage
from chronicle.models import ServerChannel
from rules.ids import uuid7


class Bridge(models.Model):
    """A bridged channel, with how far each side has been brought to the other."""

    channel = models.OneToOneField(
        ServerChannel, primary_key=True, on_delete=models.CASCADE, related_name="bridge"
    )
    is_on = models.BooleanField(default=True)
    # The last message of Discord's that came here, and the room's last number that went there.
    discord_position = models.CharField(max_length=20, blank=True)
    room_position = models.PositiveBigIntegerField(default=0)
    # Why nothing goes through at the moment, as a code; empty while it works.
    problem = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "chat_bridges"

    def __str__(self) -> str:
        return str(self.channel_id)


class BridgedMessage(models.Model):
    """A message and what it is on Discord; a long one is several there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="bridged")
    discord_id = models.CharField(max_length=20, unique=True)
    # It came from there; else we posted it there.
    came = models.BooleanField(default=False)
    # The message's `changed` that was last brought over.
    changed = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "chat_bridged_messages"

    def __str__(self) -> str:
        return self.discord_id
