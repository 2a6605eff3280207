"""Channels of a server: made on the web, or the mirror of Discord's; text, voice, categories and threads alike."""

from collections.abc import Collection
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from chronicle.models.chronicles import Chronicle
from chronicle.models.servers import Server
from chronicle.models.slugs import numbered, slug_base
from rules.ids import uuid7

ChannelT = TypeVar("ChannelT", bound="ServerChannel")


class ServerChannel(models.Model):
    """A channel, category or thread; what was made on the web has no `discord_id`.

    `permissions` maps a role's id to a document of the channel's own rights (see `chronicle.channel_rights`), as
    "allow" or "deny"; absent asks the next role, and then the server.
    """

    class Kind(models.IntegerChoices):
        """Discord's numbers, of which the mirror may bring others."""

        TEXT = 0
        VOICE = 2
        CATEGORY = 4
        NEWS = 5
        NEWS_THREAD = 10
        THREAD = 11
        PRIVATE_THREAD = 12
        STAGE = 13

    TEXTS = frozenset({Kind.TEXT, Kind.NEWS})
    VOICES = frozenset({Kind.VOICE, Kind.STAGE})
    THREADS = frozenset({Kind.NEWS_THREAD, Kind.THREAD, Kind.PRIVATE_THREAD})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="channels")
    discord_id = models.CharField(max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(max_length=100)
    slug = models.SlugField(
        max_length=120, null=True, blank=True, help_text="Made from the name, for people; no two in a server"
    )
    description = models.CharField(max_length=1024, blank=True, default="", db_default="")
    kind = models.PositiveSmallIntegerField(
        default=Kind.TEXT, help_text="Discord's channel type; 0 is text, 2 voice, 4 a category"
    )
    position = models.IntegerField(default=0)
    category = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="channels"
    )
    # What Discord calls it; beside the row it is for the code of before, and for servers that go on without Discord.
    category_name = models.CharField(max_length=100, blank=True, default="", db_column="category")
    # Of a thread: it may do what its channel may. Discord's are known here once bound or chosen for something.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="threads"
    )
    # What is played there. Not bound: the server's default chronicle.
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.SET_NULL, related_name="channels"
    )
    user_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of a voice channel; empty or 0: any number"
    )
    slow_mode = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Seconds between two messages of one person; 0: off"
    )
    # Who sees it on Discord, by Discord's ids of roles and members, and “everyone”; unsaid: they do.
    seen_by = models.JSONField(default=dict, blank=True)
    # The permissions that the bot lacks to post there, as Discord's settings call them.
    bot_lacks = models.JSONField(default=list, blank=True)
    is_private = models.BooleanField(default=False)
    permissions = models.JSONField(default=dict, blank=True)
    # It can be read and nobody writes there any more.
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        db_table = "server_channels"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["server", "slug"], name="channel_server_slug")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, with a slug of its own if it has none."""
        if not self.slug:
            taken = ServerChannel.objects.filter(server_id=self.server_id).values_list("slug", flat=True)
            self.slug = self.slug_for(self.name, self.kind, set(taken))
        super().save(*args, **kwargs)

    @classmethod
    def slug_for(cls, name: str, kind: int, taken: Collection[str | None]) -> str:
        """Return a slug that is not taken. Categories have a prefix, so that no channel loses its plain name."""
        base = slug_base(name)
        return numbered(f"category-{base}" if kind == cls.Kind.CATEGORY else base, taken)

    @property
    def is_text(self) -> bool:
        return self.kind in self.TEXTS

    @property
    def is_voice(self) -> bool:
        return self.kind in self.VOICES

    @property
    def is_category(self) -> bool:
        return self.kind == self.Kind.CATEGORY


class _OfKinds(models.Manager[ChannelT]):
    """The channels of some kinds; a new one is of the first of them."""

    kinds: tuple[ServerChannel.Kind, ...] = ()

    def get_queryset(self) -> models.QuerySet[ChannelT]:
        return super().get_queryset().filter(kind__in=self.kinds)

    def create(self, **values: Any) -> ChannelT:
        return super().create(**{"kind": self.kinds[0], **values})


class TextChannels(_OfKinds["TextChannel"]):
    kinds = (ServerChannel.Kind.TEXT, ServerChannel.Kind.NEWS)


class VoiceChannels(_OfKinds["VoiceChannel"]):
    kinds = (ServerChannel.Kind.VOICE, ServerChannel.Kind.STAGE)


class TextChannel(ServerChannel):
    """A channel to write in."""

    objects: ClassVar[TextChannels] = TextChannels()

    class Meta:
        proxy = True


class VoiceChannel(ServerChannel):
    """A channel to talk in, with room for `user_limit` people."""

    objects: ClassVar[VoiceChannels] = VoiceChannels()

    class Meta:
        proxy = True


class VoiceSeat(models.Model):
    """Somebody in a voice channel; nobody is in two. It ends by itself when it is not renewed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.ForeignKey(ServerChannel, on_delete=models.CASCADE, related_name="seats")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    renewed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "voice_seats"
        ordering = ["joined_at", "id"]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.channel_id}"
