"""What players earned: the part of `privacy.declaration` that is of `progress`."""

from django.db.models import Q, QuerySet

from discordauth.models import CustomUser
from privacy import erasing
from privacy.erasing import delete, stays
from privacy.personal import Personal, of
from privacy.showing import columns
from progress.models import (
    ArchivedWeek,
    Attempt,
    BadgeCount,
    Certificate,
    HelpfulAct,
    KeptRows,
    KeyReader,
    Paper,
    PaperAttempt,
    PlayerProfile,
    PointEntry,
    PracticeSession,
    ProfileChange,
    RestorePoint,
    Reward,
    Standing,
    TableStreak,
)
from progress.services.restore_points import forget_person, rows_with


def helpful_acts(person: CustomUser) -> "QuerySet[HelpfulAct]":
    return HelpfulAct.objects.filter(Q(helper=person) | Q(reported_by=person)).select_related("chronicle")


PERSONAL = (
    Personal(
        Attempt,
        "your answers in practice",
        of(Attempt, "session__user", "session"),
        delete(of(Attempt, "session__user")),
        {
            "practice_answers": columns(
                "session_id", "number", "question", "choice", "is_right", "answered_at"
            )
        },
    ),
    Personal(
        PracticeSession,
        "your practice",
        of(PracticeSession),
        delete(of(PracticeSession)),
        {
            "practice": columns(
                "id", "system", "level", "asked", "right", "points", "started_at", "finished_at"
            )
        },
    ),
    Personal(
        PaperAttempt,
        "the exams you sat",
        of(PaperAttempt, "user", "paper"),
        delete(of(PaperAttempt)),
        {"exams": columns("paper__title", "answers", "score", "passed", "started_at", "finished_at")},
    ),
    Personal(
        Paper,
        "exams that you wrote",
        of(Paper, "author", "chronicle"),
        stays,
        {"own_exams": columns("chronicle__name", "title", "system", "minutes", "questions", "created_at")},
    ),
    Personal(
        KeyReader,
        "the exams whose answers you have read",
        of(KeyReader, "user", "paper"),
        delete(of(KeyReader)),
        {"exam_keys_read": columns("paper__title", "read_at")},
    ),
    Personal(
        Certificate,
        "your certificates, which anybody can verify who has their code",
        of(Certificate),
        erasing.certificates,
        {"certificates": columns("code", "name", "title", "score", "issued_at")},
    ),
    Personal(
        Reward,
        "your badges",
        of(Reward),
        delete(of(Reward)),
        {"badges": columns("badge", "state", "given_at")},
    ),
    Personal(
        BadgeCount,
        "how far you are with each badge",
        of(BadgeCount),
        delete(of(BadgeCount)),
        {"badge_counts": columns("badge", "count")},
    ),
    Personal(
        PointEntry,
        "your points, with what each was for",
        of(PointEntry, "user", "server", "chronicle"),
        delete(of(PointEntry)),
        {"points": columns("amount", "source", "reason", "server__name", "chronicle__name", "created_at")},
    ),
    Personal(
        Standing,
        "your places on boards",
        of(Standing),
        delete(of(Standing)),
        {"boards": columns("board", "total_points", "weekly_points", "week", "rank", "weekly_rank")},
    ),
    Personal(
        ArchivedWeek,
        "your weeks on boards",
        of(ArchivedWeek),
        delete(of(ArchivedWeek)),
        {"board_weeks": columns("board", "week", "points", "rank")},
    ),
    Personal(
        TableStreak,
        "how many sessions in a row you came to",
        of(TableStreak, "user", "chronicle"),
        delete(of(TableStreak)),
        {"table_streaks": columns("chronicle__name", "current", "longest")},
    ),
    Personal(
        HelpfulAct,
        "what you helped with, and whose help you reported",
        helpful_acts,
        delete(helpful_acts),
        {"helpful_acts": columns("chronicle__name", "text", "state", "created_at")},
    ),
    Personal(
        ProfileChange,
        "what was changed of your profile",
        of(ProfileChange),
        delete(of(ProfileChange)),
        {"profile_changes": columns("changes", "at")},
    ),
    Personal(
        PlayerProfile,
        "your profile",
        of(PlayerProfile, "user", "home_server"),
        delete(of(PlayerProfile)),
        {"profile": columns("public_id", "home_server__name", "level", "on_boards", "is_public")},
    ),
    Personal(
        RestorePoint,
        "resets that you made",
        of(RestorePoint, "made_by"),
        stays,
        {"resets": columns("scope", "summary", "made_at")},
    ),
    Personal(
        KeptRows,
        "copies of what a reset took from you",
        rows_with,
        forget_person,
        hidden="Copies for undoing the reset, for some days.",
    ),
)
