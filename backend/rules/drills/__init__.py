"""Endless questions about the rules: drawn at random, answered by the same engine that rolls at the table.

`question.py` draws and reads them; each system has its kinds of question in a module of its own.
"""

from rules.drills.base import LEVELS
from rules.drills.question import BOOK, SYSTEMS, Question, generate, kinds, read

__all__ = ["BOOK", "LEVELS", "SYSTEMS", "Question", "generate", "kinds", "read"]
