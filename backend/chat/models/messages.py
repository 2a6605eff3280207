"""Messages and what people do with them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from chat.models.conversations import PrivateConversation
from chat.models.scenes import Scene
from chronicle.models import Server, ServerChannel
from contract.base import MAX_NONCE
from contract.chat import MAX_EMOJI, MAX_TEXT
from rules.ids import uuid7
from rules.visibility import Level


class ChatMessage(models.Model):
    """One message of a room: of a channel or thread (`channel`), or of a private conversation (`conversation`).

    `seq` is its place in the room, `changed` the room's number when it was last changed; both are of one counter, so
    whoever knows the room up to a number asks for all that changed since.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        ROLL = "roll"
        REQUEST = "request"
        SCENE = "scene"
        NOTICE = "notice"

    class Origin(models.TextChoices):
        WEB = "web"
        API = "api"
        DISCORD = "discord"
        SYSTEM = "system"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.UUIDField()
    server = models.ForeignKey(
        Server, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    channel = models.ForeignKey(
        ServerChannel, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    conversation = models.ForeignKey(
        PrivateConversation, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.PositiveBigIntegerField()
    changed = models.PositiveBigIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    # The name as it was then: a conversation stays readable when an account goes.
    user_name = models.CharField(max_length=100, blank=True)
    # Who speaks, where it is not the person: a character, one of the storyteller's cast, somebody on Discord.
    voice = models.JSONField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    content = models.TextField(max_length=MAX_TEXT, blank=True)
    # What the mentions in the text are called: `<@…>` → name.
    named = models.JSONField(null=True, blank=True)
    # What is drawn beside the text: rolls, a roll request, a scene (`contract.chat.Card`).
    card = models.JSONField(null=True, blank=True)
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replies")
    # The thread that began with it.
    thread = models.OneToOneField(
        ServerChannel, null=True, blank=True, on_delete=models.SET_NULL, related_name="starter"
    )
    # Who sees it: everybody in the room, or from the owner or the storytellers up (`rules.visibility`).
    visibility = models.PositiveSmallIntegerField(default=int(Level.TABLE))
    # The widest circle that ever saw it: who lost sight of it is told that it is gone.
    widest = models.PositiveSmallIntegerField(default=int(Level.SECRET))
    # Who sees the private level beside the storytellers: its author, or the player to whom it was whispered.
    owner = models.UUIDField(null=True)
    scene = models.ForeignKey(Scene, null=True, on_delete=models.SET_NULL, related_name="messages")
    is_ooc = models.BooleanField(default=False)
    # By which its sender's page knows it again, and by which it is posted once.
    nonce = models.CharField(max_length=MAX_NONCE, null=True, blank=True)
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.WEB)
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # Its words, folded, as `chat.search` finds them.
    search = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "chat_messages"
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_room_seq"),
            models.UniqueConstraint(fields=["user", "room", "nonce"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["room", "changed"], name="message_room_changed"),
            models.Index(fields=["server", "channel", "created_at"], name="message_server_channel"),
            models.Index(fields=["room", "pinned_at"], name="message_room_pinned"),
            models.Index(fields=["room", "created_at"], name="message_room_created"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} #{self.seq}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save it, and with who sees it who ever did."""
        self.widest = min(self.widest, self.visibility)
        fields = options.get("update_fields")
        if fields is not None and "visibility" in fields:
            options["update_fields"] = {*fields, "widest"}
        super().save(*args, **options)

    @property
    def spoken_by(self) -> str:
        """The name that readers see beside it: of the character, or the person."""
        return str((self.voice or {}).get("name") or self.user_name)


class PrivateMessages(models.Manager["PrivateMessage"]):
    def get_queryset(self) -> models.QuerySet["PrivateMessage"]:
        return super().get_queryset().exclude(conversation=None)


class PrivateMessage(ChatMessage):
    """A message of a private conversation."""

    objects: ClassVar[PrivateMessages] = PrivateMessages()

    class Meta:
        proxy = True


class Reaction(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions")
    emoji = models.CharField(max_length=MAX_EMOJI)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_reactions"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.emoji} {self.user_id}"


class Mention(models.Model):
    """Somebody was mentioned: by name, by a role, or as one of their characters. Without a user: everybody was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="mentions"
    )
    room = models.UUIDField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        db_table = "chat_mentions"
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "room", "seq"], name="mention_user_room")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"


class ModerationEntry(models.Model):
    """What a moderator did: to which message of whom, and what stood there."""

    class Action(models.TextChoices):
        DELETED = "deleted"
        PINNED = "pinned"
        UNPINNED = "unpinned"
        ARCHIVED_THREAD = "archived_thread"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="moderation")
    channel = models.ForeignKey(ServerChannel, null=True, on_delete=models.SET_NULL, related_name="+")
    channel_name = models.CharField(max_length=100)
    action = models.CharField(max_length=16, choices=Action)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    moderator_name = models.CharField(max_length=100)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=100, blank=True)
    message = models.ForeignKey(ChatMessage, null=True, on_delete=models.SET_NULL, related_name="moderation")
    content = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_moderation"
        ordering = ["-id"]
        verbose_name_plural = "moderation entries"

    def __str__(self) -> str:
        return f"{self.moderator_name} {self.action} {self.author_name}"
