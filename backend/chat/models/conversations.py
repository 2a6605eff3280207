"""Private conversations: two or more people, and nobody else, read them."""

from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db import models

from rules.ids import uuid7


class PrivateConversation(models.Model):
    """`pair` names the two of a conversation between two, so that there is one of each; a group has none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100, blank=True)
    pair = models.CharField(max_length=73, unique=True, null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # Where the last one came in: what was said up to there not everybody may read, so no answer quotes it.
    begins = models.PositiveBigIntegerField(default=0, db_default=0)
    # Raised whenever who is in it changes: open sockets check their right again.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "private_conversations"

    def __str__(self) -> str:
        return self.name or str(self.id)

    @cached_property
    def joined(self) -> dict[UUID, int]:
        """Who is in it → the room's number after which what is said is theirs to read."""
        return dict(self.participants.values_list("user_id", "since"))

    @property
    def people(self) -> frozenset[UUID]:
        """Who is in it; nobody else may know of it."""
        return frozenset(self.joined)

    @cached_property
    def is_silent(self) -> bool:
        """Whether nobody writes there any more: of the two, one has blocked the other, or is gone."""
        if self.pair is None:
            return False
        if len(self.people) < 2:
            return True
        return Block.objects.filter(user__in=self.people, blocked__in=self.people).exists()


class Participant(models.Model):
    """Somebody in a conversation. Who left keeps nothing; who came later reads from `since` on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(
        PrivateConversation, on_delete=models.CASCADE, related_name="participants"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    # The room's number when they joined: what was said before is not theirs to read.
    since = models.PositiveBigIntegerField(default=0)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "conversation_participants"
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Block(models.Model):
    """`user` wants nothing of `blocked`: no private message, and their messages in channels folded away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_blocks"
        constraints = [models.UniqueConstraint(fields=["user", "blocked"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.user_id} blocks {self.blocked_id}"
