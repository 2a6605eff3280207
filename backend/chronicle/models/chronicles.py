"""Chronicles, when they play, their sessions and who came."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from chronicle.models.servers import Server
from contract.episodes import MAX_RECAP, MAX_SUMMARY, MAX_TITLE
from rules.ids import uuid7
from rules.schedule import Rhythm


class Chronicle(models.Model):
    """A story played in a server; each server has exactly one default chronicle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="chronicles")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, unique=True, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    # TRUE for the default, NULL for the others: a unique pair that every engine understands.
    is_default = models.BooleanField(null=True, default=None)
    own_edition = models.CharField(
        max_length=20,
        choices=Server.Edition,
        blank=True,
        default="",
        db_column="edition",
        help_text="Empty: the server's",
    )
    settings = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    PLAYED = ("server_id", "name", "is_default", "own_edition", "settings", "archived_at", "version")

    class Meta:
        db_table = "campaigns"
        constraints = [models.UniqueConstraint(fields=["server", "is_default"], name="one_default_chronicle")]

    def __str__(self) -> str:
        return self.name

    @property
    def edition(self) -> str:
        """The edition that is played: its own, else the server's main one."""
        return self.own_edition or self.server.edition

    @property
    def edition_label(self) -> str:
        return Server.Edition(self.edition).label

    @property
    def full_name(self) -> str:
        """The name with the server's, where they differ: for lists over several servers."""
        return self.name if self.name == self.server.name else f"{self.name} ({self.server.name})"


class Schedule(models.Model):
    """When a chronicle plays, on the clock of its time zone (`rules.schedule`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.OneToOneField(Chronicle, on_delete=models.CASCADE, related_name="schedule")
    timezone = models.CharField(max_length=64)
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    time = models.TimeField()
    weeks = models.PositiveSmallIntegerField(default=1, help_text="1: every week, 2: every second week")
    # A day on which it plays: every second week is counted from there.
    first_day = models.DateField()
    minutes = models.PositiveSmallIntegerField(default=240)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "session_schedules"

    def __str__(self) -> str:
        return f"{self.weekday} {self.time} {self.timezone}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.zone, self.first_day, self.time, self.weeks)


class Episode(models.Model):
    """A played session of a chronicle. Its number is its place in the story; one that was called off has none."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        LIVE = "live"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    summary = models.TextField(max_length=MAX_SUMMARY, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    planned_for = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stream_offset = models.IntegerField(
        default=0, db_default=0, help_text="Seconds from its start to where its recording begins"
    )
    # A draft of the storytellers until it is published.
    recap = models.TextField(max_length=MAX_RECAP, blank=True, default="", db_default="")
    recap_published_at = models.DateTimeField(null=True, blank=True)
    recap_is_public = models.BooleanField(
        default=False, db_default=False, help_text="Everybody reads it where the campaign is public"
    )
    # The rhythm of the schedule in which it was planned; null where there was none.
    weeks = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    # Null: not since there is this column.
    updated_at = models.DateTimeField(auto_now=True, null=True)

    class Meta:
        db_table = "episodes"
        constraints = [models.UniqueConstraint(fields=["chronicle", "number"], name="episode_number")]
        indexes = [models.Index(fields=["chronicle", "status", "planned_for"], name="episode_planned")]

    def __str__(self) -> str:
        return self.title or f"{self.chronicle_id} {self.number}"

    @property
    def changed_at(self) -> datetime:
        return self.updated_at or self.created_at

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.CANCELLED)


class Attendance(models.Model):
    """Who said they would come to a session, and who came. `state` is empty until a storyteller has ticked it."""

    class State(models.TextChoices):
        CAME = "came"
        ABSENT = "absent"
        EXCUSED = "excused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendances")
    # The character they played, which lives above this app.
    character = models.UUIDField(null=True, blank=True)
    coming = models.BooleanField(null=True)
    maybe = models.BooleanField(default=False, db_default=False, help_text="They said maybe")
    state = models.CharField(max_length=7, choices=State, blank=True)
    # The experience that it was awarded: once.
    experience = models.PositiveSmallIntegerField(null=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "attendances"
        constraints = [models.UniqueConstraint(fields=["episode", "user"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    @property
    def answer(self) -> str | None:
        """`yes`, `no`, `maybe`, or None where nothing was said."""
        if self.coming is None:
            return "maybe" if self.maybe else None
        return "yes" if self.coming else "no"


class EpisodeSettings(models.Model):
    """What one person wants of the episodes of a chronicle: reminders, and an address of their calendar.

    Where no row is, there are both reminders and no address. Each address holds the generation: another one ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="+")
    remind_day = models.BooleanField(default=True)
    remind_hour = models.BooleanField(default=True)
    has_calendar = models.BooleanField(default=False)
    generation = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "episode_settings"
        verbose_name_plural = "episode settings"
        constraints = [models.UniqueConstraint(fields=["user", "chronicle"], name="episode_settings_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.chronicle_id}"


class EpisodeReminder(models.Model):
    """That somebody was reminded of an episode: once for each date of it and each time before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    planned_for = models.DateTimeField()
    before = models.CharField(max_length=4)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "episode_reminders"
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "user", "planned_for", "before"], name="episode_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.before}"
