"""Practice, exams, points, badges, boards and the reset of them. Only `progress.services` writes here.

The names of the tables are those of the specification (S001); its eight columns of a user stand on `CustomUser`.
"""

from progress.models.badges import BadgeCount, BadgePosition, BadgeWalk, Reward
from progress.models.boards import NOWHERE, ArchivedWeek, Board, Standing
from progress.models.exams import Certificate, KeyReader, Paper, PaperAttempt
from progress.models.players import HelpfulAct, PlayerProfile, ProfileChange, TableStreak
from progress.models.points import KeptRows, PointEntry, RestorePoint, Season
from progress.models.practice import Attempt, PracticeSession

__all__ = [
    "NOWHERE",
    "ArchivedWeek",
    "Attempt",
    "BadgeCount",
    "BadgePosition",
    "BadgeWalk",
    "Board",
    "Certificate",
    "HelpfulAct",
    "KeptRows",
    "KeyReader",
    "Paper",
    "PaperAttempt",
    "PlayerProfile",
    "PointEntry",
    "PracticeSession",
    "ProfileChange",
    "RestorePoint",
    "Reward",
    "Season",
    "Standing",
    "TableStreak",
]
