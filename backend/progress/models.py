"""Practice, exams, points, badges, boards and the reset of them. Only `progress.services` writes here.

The names of the tables are those of the specification (S001); its eight columns of a user stand on `CustomUser`.
"""

from uuid import UUID

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle, Server
from rules.ids import uuid7
from timeline.models import Stream

NOWHERE = UUID(int=0)  # the id of the one board that belongs to no server, chronicle or season


class PracticeSession(models.Model):
    """A drill: some questions of one system and level. `ends_at`: when it ends by itself if nobody finishes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_sessions", db_index=False
    )
    # Where it was begun; empty on the web.
    server = models.ForeignKey(Server, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    system = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField(default=0)
    right = models.PositiveSmallIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "practice_sessions"
        indexes = [
            models.Index(fields=["user", "-started_at"], name="practice_user_started"),
            models.Index(fields=["finished_at", "ends_at"], name="practice_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.level}"


class Attempt(models.Model):
    """One question of a drill and its answer. `question`: what `rules.drills.read` makes the question from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(PracticeSession, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    question = models.JSONField(default=dict)
    choice = models.PositiveSmallIntegerField(null=True)
    is_right = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "attempts"
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="attempt_session_number")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


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


class Reward(models.Model):
    """A badge that somebody has, or that waits for a storyteller. `scope`: the id of what it counts in, or empty."""

    class State(models.TextChoices):
        # Counted by the rules; in a moment it is given, or waits.
        DUE = "due"
        GIVEN = "given"
        WAITING = "waiting"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rewards", db_index=False
    )
    badge = models.CharField(max_length=40)
    scope = models.CharField(max_length=36, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    # No foreign key: history goes by its own rules.
    event_id = models.UUIDField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        db_table = "rewards"
        constraints = [models.UniqueConstraint(fields=["user", "badge", "scope"], name="reward_once")]
        indexes = [models.Index(fields=["state", "scope"], name="reward_state_scope")]

    def __str__(self) -> str:
        return f"{self.badge} {self.user_id}"


class BadgeCount(models.Model):
    """How much of what a badge counts somebody has; `scope` as in `Reward`.

    `era`: the last reset before it that was about it (`NOWHERE`: none). A reset changes nothing here: what it took
    counts no more because its era is over, and counts again when the reset is undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    badge = models.CharField(max_length=40)
    scope = models.CharField(max_length=36, blank=True, default="")
    era = models.UUIDField(default=NOWHERE)
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "badge_counts"
        constraints = [
            models.UniqueConstraint(fields=["user", "badge", "scope", "era"], name="badge_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.badge} {self.user_id}: {self.count}"


class BadgePosition(models.Model):
    """Up to which event of a stream the rules of badges have looked. Its number says how far a `BadgeWalk` has come."""

    id = models.BigAutoField(primary_key=True)
    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="badge_position")
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "badge_positions"

    def __str__(self) -> str:
        return f"{self.stream_id} #{self.seq}"


class BadgeWalk(models.Model):
    """A badge that is, or was, counted from the beginning: all positions up to `position`, and `seq` of the next.

    The row without a badge stands for all of them: who counts locks it.
    """

    badge = models.CharField(max_length=40, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "badge_walks"

    def __str__(self) -> str:
        return f"{self.badge} {self.position} #{self.seq}"


class Season(models.Model):
    """A stretch of time in a server with a board of its own. `ends`: the first day that is not part of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="seasons")
    name = models.CharField(max_length=60)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "seasons"
        indexes = [models.Index(fields=["server", "starts"], name="season_server_starts")]

    def __str__(self) -> str:
        return self.name


class RestorePoint(models.Model):
    """What a reset took away, until `expires_at`: so long it can be undone. Its rows stand in `KeptRows`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    scope = models.CharField(max_length=10)
    scope_id = models.UUIDField(default=NOWHERE)
    summary = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "restore_points"

    def __str__(self) -> str:
        return f"{self.scope} {self.made_at}"


class KeptRows(models.Model):
    """Some hundred rows of one table, as a restore point keeps them."""

    point = models.ForeignKey(RestorePoint, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        db_table = "restore_point_rows"
        verbose_name_plural = "kept rows"
        constraints = [
            models.UniqueConstraint(fields=["point", "table", "number"], name="kept_rows_point_table_number")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"


class PointEntry(models.Model):
    """One line of the ledger: so many points, with a reason. Nothing here is ever changed or removed by play.

    `key` names what it is for: a second award for it is none. `day` and `week` (its Monday) are the user's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="point_entries", db_index=False
    )
    amount = models.IntegerField()
    source = models.CharField(max_length=12)
    reason = models.JSONField(default=dict)
    key = models.CharField(max_length=100)
    server = models.ForeignKey(Server, null=True, on_delete=models.SET_NULL, related_name="+")
    chronicle = models.ForeignKey(Chronicle, null=True, on_delete=models.SET_NULL, related_name="+")
    season = models.ForeignKey(Season, null=True, on_delete=models.SET_NULL, related_name="+")
    # The reset whose balance this is, or that an undo took back.
    reset = models.ForeignKey(RestorePoint, null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    week = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "point_entries"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="points_user_key")]
        indexes = [
            models.Index(fields=["user", "source", "day"], name="points_user_source_day"),
            models.Index(fields=["user", "-id"], name="points_user_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+} {self.source}"


class Board(models.TextChoices):
    ALL = "all"
    SERVER = "server"
    CHRONICLE = "chronicle"
    SEASON = "season"


class Standing(models.Model):
    """A person's place on one board.

    `weekly_points` count the week that begins on `week`. The ranks are as of the last computation, hourly: a page
    shows by them who has risen since. `hidden`: this person is on no board (`PlayerProfile.on_boards`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.CharField(max_length=10, choices=Board)
    board_id = models.UUIDField(default=NOWHERE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standings", db_index=False
    )
    total_points = models.IntegerField(default=0)
    weekly_points = models.IntegerField(default=0)
    week = models.DateField(null=True)
    rank = models.PositiveIntegerField(null=True)
    weekly_rank = models.PositiveIntegerField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        db_table = "leaderboard"
        constraints = [models.UniqueConstraint(fields=["board", "board_id", "user"], name="standing_once")]
        indexes = [
            # To their last column in the order of a page (`selectors.ladder`), so that nothing is sorted.
            models.Index(
                fields=["board", "board_id", "hidden", "-total_points", "id"], name="standing_by_total"
            ),
            models.Index(
                fields=["board", "board_id", "hidden", "week", "-weekly_points", "id"],
                name="standing_by_week",
            ),
            models.Index(fields=["user"], name="standing_user"),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.user_id}: {self.total_points}"


class ArchivedWeek(models.Model):
    """What somebody had on a board when a week ended; the rank is filled in when it has ended everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.CharField(max_length=10, choices=Board)
    board_id = models.UUIDField(default=NOWHERE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archived_weeks", db_index=False
    )
    week = models.DateField()
    points = models.IntegerField()
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "leaderboard_weeks"
        constraints = [
            models.UniqueConstraint(fields=["board", "board_id", "week", "user"], name="archived_week_once")
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.week} {self.user_id}"


class HelpfulAct(models.Model):
    """Somebody says that another person helped; a storyteller confirms or refuses it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="helpful_acts")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "helpful_acts"
        indexes = [models.Index(fields=["chronicle", "state"], name="helpful_act_waiting")]

    def __str__(self) -> str:
        return self.text


class PlayerProfile(models.Model):
    """How a player shows themselves: a page under `public_id` if `is_public`, a place on boards if `on_boards`.

    On the page stands what is switched on.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    public_id = models.CharField(max_length=12, unique=True)
    home_server = models.ForeignKey(Server, null=True, on_delete=models.SET_NULL, related_name="+")
    level = models.PositiveIntegerField(default=1)
    on_boards = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    shows_level = models.BooleanField(default=False, db_default=False)
    shows_streak = models.BooleanField(default=False, db_default=False)
    shows_badges = models.BooleanField(default=False, db_default=False)
    shows_certificates = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "player_profiles"

    def __str__(self) -> str:
        return self.public_id


class ProfileChange(models.Model):
    """Who changed what of an account: `changes` maps a field to `[before, after]`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile_changes"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changes = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "profile_audit_logs"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class TableStreak(models.Model):
    """How many sessions of a chronicle in a row somebody came to. `grace`: misses in a row that are still forgiven."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chronicle = models.ForeignKey(Chronicle, on_delete=models.CASCADE, related_name="table_streaks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="table_streaks")
    current = models.PositiveIntegerField(default=0)
    longest = models.PositiveIntegerField(default=0)
    grace = models.PositiveSmallIntegerField(default=1)
    # The last session that counts in it.
    last_episode = models.UUIDField(null=True)

    class Meta:
        db_table = "table_streaks"
        constraints = [models.UniqueConstraint(fields=["chronicle", "user"], name="table_streak_once")]

    def __str__(self) -> str:
        return f"{self.chronicle_id} {self.user_id}: {self.current}"
