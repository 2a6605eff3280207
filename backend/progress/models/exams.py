"""Exams, who sat them, and the certificates of those who passed."""

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle
from rules.ids import uuid7


class Paper(models.Model):
    """An exam: a fixed, timed set of questions. A standard one has a slug, a storyteller's own a chronicle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True, null=True, blank=True)
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.CASCADE, related_name="papers"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(max_length=100)
    system = models.CharField(max_length=10)
    minutes = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField(help_text="Percent")
    questions = models.JSONField(default=list)
    # How many there are, so that lists need not read them.
    length = models.PositiveSmallIntegerField(default=0, db_default=0)
    house_rules = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Of an exam that was changed after somebody sat it: the first of its versions.
    first_version = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later_versions"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "papers"

    def __str__(self) -> str:
        return self.title


class PaperAttempt(models.Model):
    """Somebody sits an exam: its questions as they were then, and what was answered up to the deadline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="paper_attempts", db_index=False
    )
    questions = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True)
    score = models.PositiveSmallIntegerField(null=True, help_text="Percent")
    passed = models.BooleanField(null=True)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "paper_attempts"
        indexes = [
            models.Index(fields=["user", "paper", "-started_at"], name="paper_attempt_user"),
            models.Index(fields=["finished_at", "deadline"], name="paper_attempt_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.user_id}"


class KeyReader(models.Model):
    """Who has read the key of a storyteller's own exam, in any of its versions; `paper` is the first of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="key_readers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        db_table = "paper_key_readers"
        constraints = [models.UniqueConstraint(fields=["paper", "user"], name="key_reader_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.user_id}"


class Certificate(models.Model):
    """Proof of a passed exam, one for a person and exam. It names no attempt, so that it outlives it (S001-27)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=24, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    paper = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="certificates")
    name = models.CharField(max_length=100, help_text="As its owner chose; empty once they are gone")
    title = models.CharField(max_length=100)
    system = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField(help_text="Percent")
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "certificates"

    def __str__(self) -> str:
        return self.code
