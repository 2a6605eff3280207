"""Tiers of supporters, who pledges for which, and what changed when.

Of a person on Patreon their id is kept, and no name, address or amount.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models

from rules.ids import uuid7

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # of a document without a time
MAX_ID, MAX_NAME = 64, 50


class SupporterTier(models.Model):
    """One of the campaign's tiers on Patreon. Patreon's id is filled in when it first names a tier of this name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patreon_id = models.CharField("Patreon’s id", max_length=MAX_ID, unique=True, null=True, blank=True)
    name = models.CharField(max_length=MAX_NAME)
    level = models.PositiveSmallIntegerField(default=0, help_text="0: this tier makes nobody a supporter")
    characters = models.PositiveIntegerField(default=0, help_text="Of one player; never less than anybody’s")
    macros = models.PositiveIntegerField(default=0, help_text="Of one character; never less than anybody’s")

    class Meta:
        db_table = "supporter_tiers"
        ordering = ["level", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Empty text, which the admin's form sends, would collide in the unique column.
        self.patreon_id = self.patreon_id or None
        super().save(*args, **kwargs)


class Pledge(models.Model):
    """What a person of Patreon is entitled to now. Without a user it waits until they link their account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patron_id = models.CharField("Patreon’s id of the person", max_length=MAX_ID, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="pledge"
    )
    # Off once the person unlinked it: then nothing but they themselves links it again.
    may_link = models.BooleanField(default=True)
    tiers = models.ManyToManyField(SupporterTier, related_name="pledges", db_table="pledge_tiers")
    status = models.CharField("Patreon’s word for it", max_length=30, blank=True)
    # Of the newest document that counted (`documents.Membership.place`).
    moment = models.DateTimeField(default=UNKNOWN)
    rank = models.PositiveSmallIntegerField(default=0)
    next_charge_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "pledges"

    def __str__(self) -> str:
        return self.patron_id

    @property
    def level(self) -> int:
        return max((tier.level for tier in self.tiers.all()), default=0)


class PledgeChange(models.Model):
    """One thing that happened to a pledge, with what it was entitled to before and after."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="changes")
    # Patreon's name of the event, or linked, unlinked, lapsed.
    event = models.CharField(max_length=30)
    # Of Patreon's call: it counts once, however often it comes. Null where nobody called.
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    # What Patreon's document says of its time.
    moment = models.DateTimeField(null=True)
    before = models.CharField("tiers before", max_length=300, blank=True)
    after = models.CharField("tiers after", max_length=300, blank=True)
    level_before = models.PositiveSmallIntegerField()
    level_after = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "pledge_changes"
        ordering = ["-created_at", "-id"]
