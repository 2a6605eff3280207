"""Stored rolls, macros and roll requests. Only `rolls.services` writes here."""

from uuid import UUID

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle
from haven.models import Character
from rules.ids import uuid7
from timeline.models import Event

MAX_NOTE = 300
MAX_NAME = 50
MAX_REASON = 300


class Visibility(models.TextChoices):
    PUBLIC = "public"
    STORYTELLER = "storyteller"
    PRIVATE = "private"


class RollRequest(models.Model):
    """A storyteller asks named players for a roll, until a deadline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.PROTECT, related_name="roll_requests")
    storyteller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=10, blank=True)
    pool = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=dict)
    hide_difficulty = models.BooleanField(default=False)
    deadline = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "roll_requests"

    def __str__(self) -> str:
        return self.text or self.pool or str(self.id)


class Roll(models.Model):
    """One roll or check: what was asked, every die, the outcome, what followed.

    `rolled` holds the dice (`rules.dice.base.Rolled`), `steps` and `value` those of a check. `slug`, `successes` and
    `passed` are its first outcome, whatever was decided afterwards; `chances` are the exact odds before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(
        Chronicle, null=True, on_delete=models.PROTECT, related_name="rolls", db_index=False
    )
    character = models.ForeignKey(
        Character, null=True, on_delete=models.PROTECT, related_name="rolls", db_index=False
    )
    roller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rolls", db_index=False
    )
    name = models.CharField(max_length=MAX_NAME, blank=True)
    system = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, default="roll")
    pool = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    rolled = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    value = models.JSONField(null=True)
    outcome = models.JSONField(default=dict)
    chances = models.JSONField(null=True)
    consequences = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    slug = models.CharField(max_length=40)
    passed = models.BooleanField()
    successes = models.IntegerField(null=True)
    mean = models.FloatField(null=True)
    variance = models.FloatField(null=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)
    hide_difficulty = models.BooleanField(default=False)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    # One reroll for a roll: that of the first to press.
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    # What came with a roll (its Rouse checks), or from its offers: then `offer` names it, once for each roll.
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    offer = models.CharField(max_length=20, null=True)
    request = models.ForeignKey(RollRequest, null=True, on_delete=models.PROTECT, related_name="rolls")
    # The change of the character that this roll caused.
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    struck_reason = models.CharField(max_length=MAX_REASON, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "rolls"
        constraints = [models.UniqueConstraint(fields=["parent", "offer"], name="roll_offer_once")]
        indexes = [
            models.Index(fields=["chronicle", "id"], name="roll_chronicle"),
            models.Index(fields=["character", "id"], name="roll_character"),
            models.Index(fields=["roller", "id"], name="roll_roller"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @property
    def attached(self) -> bool:
        """A part of another roll, shown with it."""
        return self.parent_id is not None and self.offer is None

    @property
    def stream(self) -> tuple[str, UUID]:
        """The chronicle's stream; for a private roll that of its roller."""
        if self.chronicle_id and self.visibility != Visibility.PRIVATE:
            return ("chronicle", self.chronicle_id)
        return ("user", self.roller_id)


class Asked(models.Model):
    """One player of a request, and the answer."""

    request = models.ForeignKey(RollRequest, on_delete=models.CASCADE, related_name="asked")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    roll = models.OneToOneField(Roll, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "roll_request_players"
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.user} for {self.request}"


class Macro(models.Model):
    """A roll of a character under a name; `shared` ones may be copied by the table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="macros")
    name = models.CharField(max_length=MAX_NAME)
    # As with characters: without case and marks, on every engine.
    name_key = models.CharField(max_length=100)
    system = models.CharField(max_length=10, blank=True)
    pool = models.CharField(max_length=200)
    options = models.JSONField(default=dict)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "roll_macros"
        constraints = [models.UniqueConstraint(fields=["character", "name_key"], name="macro_name")]

    def __str__(self) -> str:
        return self.name
