"""A community that has earned something everywhere, and what is compared of it."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from chronicle.models import Chronicle
from discordauth.models import CustomUser
from patreon.models import Pledge, SupporterTier
from progress.counting import counted
from progress.models import (
    NOWHERE,
    ArchivedWeek,
    Attempt,
    Board,
    Certificate,
    HelpfulAct,
    Paper,
    PaperAttempt,
    PlayerProfile,
    PointEntry,
    PracticeSession,
    ProfileChange,
    Reward,
    Season,
    Standing,
    TableStreak,
)
from progress.services import restore_points
from progress.services.ledger import award
from progress.services.reset import Reset, reset
from progress.services.reset_boards import EMPTY
from progress.services.reset_users import ZEROED
from progress.services.scopes import Scope
from rules.levels import level_of
from rules.notices import notice
from testing.personas import SYSTEM, World

NOW = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
ANSWERS = 3


def drill(user: CustomUser, chronicle: Chronicle | None = None, answers: int = ANSWERS) -> PracticeSession:
    """A drill with this many answers, and a question that was not answered."""
    server = chronicle.server if chronicle else None
    session = PracticeSession.objects.create(
        user=user, server=server, chronicle=chronicle, system="v5", level=1, started_at=NOW, ends_at=NOW
    )
    for number in range(answers + 1):
        answered = {"choice": 1, "is_right": True, "answered_at": NOW} if number < answers else {}
        Attempt.objects.create(session=session, number=number, question={"kind": "roll"}, **answered)
    user.total_questions_attempted += answers
    user.save(update_fields=["total_questions_attempted"])
    return session


def earn(user: CustomUser, amount: int, key: str, chronicle: Chronicle | None = None, **more: Any) -> None:
    award(user, amount, "exam", notice("points_reset"), key, SYSTEM, chronicle=chronicle, **more)


def sit(user: CustomUser, paper: Paper) -> PaperAttempt:
    return PaperAttempt.objects.create(
        paper=paper, user=user, started_at=NOW, deadline=NOW, finished_at=NOW, score=80, passed=True
    )


def populate(world: World) -> None:
    """Mira has earned here, elsewhere and nowhere in particular; Jonas here; what a reset keeps is there too."""
    world.server.features = {"boards": True}
    world.server.save()
    season = Season.objects.create(server=world.server, name="Autumn", starts=date(2026, 1, 1))
    standard = Paper.objects.create(slug="v5", title="V5", system="v5", minutes=10, pass_mark=70)
    own = Paper.objects.create(
        chronicle=world.chronicle, title="House rules", system="v5", minutes=10, pass_mark=70
    )
    for user in (world.mira, world.jonas):
        user.current_streak, user.longest_streak, user.last_practice_date = 4, 9, date(2026, 11, 29)
        user.last_grace_skip_date, user.grace_skip_week_start = date(2026, 11, 25), date(2026, 11, 23)
        user.last_daily_login_bonus_date = date(2026, 11, 29)
        user.save()
        earn(user, 20, f"here {user.pk}", world.chronicle)
        drill(user, world.chronicle)
        sit(user, own)
        sit(user, standard)
        for scope in ("", str(world.chronicle.pk)):
            Reward.objects.create(user=user, badge="first_drill", scope=scope, given_at=NOW)
        keep_sakes(user, world)
    earn(world.mira, 15, "elsewhere", world.other_chronicle)
    earn(world.mira, 7, "nowhere")
    earn(world.mira, 5, "last week", world.chronicle, now=timezone.now() - timedelta(days=7))
    drill(world.mira, world.other_chronicle)
    drill(world.mira)
    Standing.objects.update(rank=1, weekly_rank=2)
    assert PointEntry.objects.filter(season=season).count() == 3


def keep_sakes(user: CustomUser, world: World) -> None:
    """Rows of every kind that a reset leaves alone."""
    Certificate.objects.create(
        code=f"code{user.username}", user=user, name="M", title="V5", system="v5", score=80, issued_at=NOW
    )
    ArchivedWeek.objects.create(board=Board.ALL, user=user, week=date(2026, 11, 2), points=30, rank=1)
    ProfileChange.objects.create(user=user, changes={"timezone": ["", "Europe/Berlin"]}, at=NOW)
    HelpfulAct.objects.create(chronicle=world.chronicle, helper=user, reported_by=world.vesna, text="Dice")
    TableStreak.objects.create(chronicle=world.chronicle, user=user, current=2, longest=3)
    tier, _new = SupporterTier.objects.get_or_create(patreon_id="1", defaults={"name": "Ghoul", "level": 1})
    Pledge.objects.create(user=user, patron_id=f"p{user.username}").tiers.add(tier)


def run(scope: Scope | None = None, **options: Any) -> Reset:
    return reset(scope or Scope.of("all"), SYSTEM, after=restore_points.last_id(), **options)


def tables(without: dict[str, set[str]] | None = None) -> dict[str, str]:
    """The hash of each table; of some without some columns."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        return {name: _hash(cursor, name, (without or {}).get(name, set())) for name in names}


def _hash(cursor: Any, table: str, without: set[str]) -> str:
    columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns if name not in without)
    cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
    rows = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


# What a reset changes of rows that stay, by table.
CHANGED = {"users": set(ZEROED), "leaderboard": set(EMPTY), "player_profiles": {"level"}}
GONE = {"practice_sessions", "attempts", "paper_attempts", "rewards"}
# What it writes itself: the restore point, the ledger's balances, and the events that say so.
WRITTEN = {"restore_points", "restore_point_rows", "point_entries", "events", "streams"}


def consistent() -> None:
    """Assert that totals, boards, levels and counts follow from the ledger and the answers."""
    for user in CustomUser.objects.all():
        entries = PointEntry.objects.filter(user=user)
        assert user.total_points == _sum(entries), user.username
        assert user.total_points >= 0
        answered = Attempt.objects.filter(session__user=user).exclude(answered_at=None).count()
        assert user.total_questions_attempted == answered, user.username
        profile = PlayerProfile.objects.filter(user=user).first()
        assert profile is None or profile.level == level_of(user.total_points)
        for place in Standing.objects.filter(user=user):
            where = {} if place.board == Board.ALL else {place.board: place.board_id}
            on_board = counted(entries.filter(**where))
            assert place.total_points == _sum(on_board), (user.username, place.board)
            assert place.week is not None
            assert place.weekly_points == _sum(on_board.filter(week=place.week)), (user.username, place.board)


def _sum(entries: Any) -> int:
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0


def place_of(user: CustomUser, board: Board, board_id: Any = NOWHERE) -> Standing:
    return Standing.objects.get(user=user, board=board, board_id=board_id)
