"""Files of messages (`uploads` checks and stores them)."""

from django.conf import settings
from django.db import models

from chat.models.messages import ChatMessage
from rules.ids import uuid7
from uploads.models import StoredFile


class Attachment(models.Model):
    """A file that somebody uploaded. Without a message it waits for one, and goes when none comes.

    Once its message is deleted the file is removed; its name and digest say to moderators what it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ChatMessage, null=True, on_delete=models.CASCADE, related_name="attachments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="attachments"
    )
    stored = models.OneToOneField(StoredFile, null=True, on_delete=models.SET_NULL, related_name="attachment")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_attachments"
        ordering = ["id"]
        indexes = [models.Index(fields=["message", "created_at"], name="attachment_waiting")]

    def __str__(self) -> str:
        return self.name
