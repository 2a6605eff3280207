"""Streams, events and idempotency keys. Only `timeline.services` and `timeline.keys` write here."""

from django.conf import settings
from django.db import models

from rules.ids import uuid7


class Stream(models.Model):
    """An ordered log. Its id is the id of what it belongs to: a chronicle, its campaign, a user, a server, a room."""

    class Kind(models.TextChoices):
        CHRONICLE = "chronicle"
        USER = "user"
        SERVER = "server"
        ROOM = "room"  # its log is the messages of `chat`, not events
        CAMPAIGN = "campaign"  # its log are the public events of a chronicle, by their `public_seq`

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    seq = models.PositiveBigIntegerField(default=0)
    # Of a chronicle's: whether the public is told of its events (`companion`).
    is_public = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "streams"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


class Event(models.Model):
    """One change. `changes` maps a trait's path to `[before, after]`, `visibility` the same paths to levels."""

    class Door(models.TextChoices):
        DISCORD = "discord"
        WEB = "web"
        API = "api"
        SYSTEM = "system"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=40)
    entity = models.CharField(max_length=20)
    entity_id = models.UUIDField()
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    visibility = models.JSONField(default=dict)
    # What people call these paths, as it was then: a trait may be renamed, an entry may be gone.
    labels = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    # What a reader must know of the entity without loading it: owner (id, decides visibility), name, splat.
    subject = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # The name as it was then: history stays readable when an account goes.
    actor_name = models.CharField(max_length=100, blank=True)
    door = models.CharField(max_length=10, choices=Door)
    command = models.CharField(max_length=500, blank=True)
    interaction_id = models.CharField(max_length=40, blank=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    # Its number in the stream of the chronicle's campaign; NULL for what the public was not told.
    public_seq = models.PositiveBigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "events"
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="event_stream_seq"),
            models.UniqueConstraint(fields=["stream", "public_seq"], name="event_public_seq"),
        ]
        indexes = [models.Index(fields=["entity_id", "version"], name="event_entity_version")]

    def __str__(self) -> str:
        return f"{self.type} #{self.seq}"


class FeedPosition(models.Model):
    """The seq up to which a stream's events are in its channels (`timeline.message_links`)."""

    stream_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField()

    class Meta:
        db_table = "feed_positions"

    def __str__(self) -> str:
        return f"{self.stream_id} #{self.seq}"


class PostedMessage(models.Model):
    """A message in Discord that follows something here (`timeline.message_links`); both ids are Discord's."""

    entity = models.CharField(max_length=20)
    entity_id = models.UUIDField(unique=True)
    stream_id = models.UUIDField(db_index=True)
    channel_id = models.CharField(max_length=20)
    message_id = models.CharField(max_length=20)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "posted_messages"

    def __str__(self) -> str:
        return f"{self.entity} {self.entity_id}"


class Notification(models.Model):
    """A direct message about an event (`timeline.notifications`); `body` is what it says."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # None where it is about the account itself.
    event = models.OneToOneField(Event, null=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    guild_id = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        # Their first name. A table cannot take another while the code of before still writes into it.
        db_table = "letters"
        indexes = [models.Index(fields=["taken_at", "created_at"], name="letter_taken")]

    def __str__(self) -> str:
        return f"{self.body.get('kind', '')} for {self.user_id}"


class IdempotencyKey(models.Model):
    """What is kept of the first answer to a request, for its retries (`timeline.keys`)."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    # No foreign key: a key outlives nothing, and is written with every change.
    event_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "idempotency_keys"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_scope_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
