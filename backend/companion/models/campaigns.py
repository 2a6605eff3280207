"""Campaigns, who is on stage in them, and where their badges stand."""

from django.core.validators import MaxValueValidator
from django.db import models

from chronicle.models import Chronicle
from contract.stage import TIERS
from haven.models import Character
from rules.ids import uuid7

MAX_DELAY = 600


class Campaign(models.Model):
    """The public face of a chronicle; its name, slug and description are the chronicle's.

    Its id is also that of its own stream, whose numbers count what became public.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.OneToOneField(Chronicle, on_delete=models.CASCADE, related_name="campaign")
    # SHA-256 of the token that its storytellers' programs send; empty where none was given out.
    admin_token_hash = models.CharField(max_length=64, blank=True, editable=False)
    is_public = models.BooleanField(default=False)
    is_listed = models.BooleanField(
        default=True, db_default=True, help_text="In the list of campaigns, and for search engines"
    )
    shows_rolls = models.BooleanField(default=True, help_text="Rolls of characters on the roster")
    shows_players = models.BooleanField(default=False, help_text="Names of players")
    shows_conflicts = models.BooleanField(default=True, help_text="Who acts when, without who is hidden")
    delay = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(MAX_DELAY)], help_text="Seconds, of everything public"
    )
    # What the producer decided (`contract.stage.StageState`).
    stage = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        # `campaigns` is the table of chronicles.
        db_table = "public_campaigns"

    def __str__(self) -> str:
        return str(self.chronicle)

    @property
    def stream(self) -> str:
        return f"campaign:{self.pk}"


class Roster(models.Model):
    """The characters that play now, in order; those that left are left out where it is read."""

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.CASCADE, related_name="roster"
    )
    character_ids = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "rosters"

    def __str__(self) -> str:
        return str(self.campaign_id)


class LayoutOverrides(models.Model):
    """Where badges and status chips stand in one tier: name → `contract.stage.Place`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="layouts")
    tier = models.CharField(max_length=7, choices=[(tier, tier) for tier in TIERS])
    badges = models.JSONField(default=dict, blank=True)
    chips = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "layout_overrides"
        constraints = [models.UniqueConstraint(fields=["campaign", "tier"], name="one_layout_a_tier")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.tier}"


class Appearance(models.Model):
    """What the public knows of a character beside its sheet.

    `version` and `changed_at` count what the public saw, for the character's own tell of changes that are hidden.
    """

    character = models.OneToOneField(
        Character, primary_key=True, on_delete=models.CASCADE, related_name="shown_as"
    )
    background = models.CharField(
        max_length=300, blank=True, help_text="Path below the media folder, or empty"
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "appearances"

    def __str__(self) -> str:
        return str(self.character_id)
