"""Submissions, what is said about them, and storytellers' notes. Only `desk.services` writes here."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle
from contract.desk import MAX_NOTE, MAX_TEXT
from contract.translation import N_
from haven.models import Character
from rules.ids import uuid7
from rules.traits import Operation


class Submission(models.Model):
    """A player's request: accept this new character, or change these traits of a locked one."""

    class Kind(models.TextChoices):
        NEW = "new", N_("New character")
        CHANGE = "change", N_("Changes")

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    character = models.ForeignKey(Character, on_delete=models.PROTECT, related_name="submissions")
    chronicle = models.ForeignKey(
        Chronicle, on_delete=models.PROTECT, related_name="submissions", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=6, choices=Kind)
    # As the change API takes them: `[{"path", "op", "value"}]`.
    operations = models.JSONField(default=list)
    # The version of the character that the player saw.
    base_version = models.PositiveIntegerField()
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    # TRUE while it is open, NULL afterwards: one open submission for a character, on every engine.
    is_open = models.BooleanField(null=True, default=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=MAX_TEXT, blank=True)
    # What approval changed: `{path: [before, after]}`, with labels, for a look back.
    applied = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "submissions"
        constraints = [models.UniqueConstraint(fields=["character", "is_open"], name="one_open_submission")]
        indexes = [models.Index(fields=["chronicle", "is_open", "id"], name="submission_chronicle")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.character}"

    def asked(self) -> list[Operation]:
        return [Operation(**operation) for operation in self.operations]


class Comment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.CharField(max_length=MAX_TEXT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "submission_comments"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:50]


class Note(models.Model):
    """A storytellers' note about one character, or about the chronicle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.PROTECT, related_name="notes")
    character = models.ForeignKey(Character, null=True, on_delete=models.PROTECT, related_name="notes_about")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=MAX_NOTE, blank=True)
    version = models.PositiveIntegerField(default=1)
    # A removed note stays: its history and the way back need it.
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "storyteller_notes"

    def __str__(self) -> str:
        return self.title
