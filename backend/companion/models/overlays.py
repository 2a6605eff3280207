"""Overlays of a campaign, and who besides its storytellers decides what is on air."""

from django.conf import settings
from django.db import models

from companion.models.campaigns import Campaign
from rules.ids import uuid7


class Overlay(models.Model):
    """What a program for streaming shows. Its address follows from id and generation (`companion.overlay_tokens`).

    `subjects`: ids of the characters that it is about, none for all. `places`: `contract.stage.TierLayout`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="overlays")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    subjects = models.JSONField(default=list, blank=True)
    tier = models.CharField(max_length=7)
    theme = models.CharField(max_length=10)
    motion = models.CharField(max_length=5)
    language = models.CharField(max_length=5)
    css = models.TextField(blank=True)
    delay = models.PositiveSmallIntegerField(default=0, help_text="Seconds, of everything")
    moment_delay = models.PositiveSmallIntegerField(default=0, help_text="Seconds more, of rolls")
    hold = models.PositiveSmallIntegerField(default=8, help_text="Seconds that a roll stays")
    places = models.JSONField(default=dict, blank=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "overlays"
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.name


class Producer(models.Model):
    """Somebody whom a storyteller lets decide what is on air."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="producers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "producers"
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="one_producer_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.user_id}"
