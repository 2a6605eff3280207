"""Dice on a card, as shapes or in words."""

from collections.abc import Iterable

from contract.dice_faces import Options, face
from contract.rolls import Die
from rodbot.core.text import escape

# The order in which kinds are shown, and what a line of them is called.
LABELS = {
    "regular": "Dice",
    "hunger": "Hunger dice",
    "rage": "Rage dice",
    "desperation": "Desperation dice",
    "nightmare": "Nightmare dice",
    "chance": "Chance die",
    "rote": "Rote dice",
    "extra": "Dice rolled again",
    "dropped": "Dropped",
}


def drawn(system: str, dice: Iterable[Die], options: Options) -> str:
    """`✦10 ◆8 ◇3`"""
    return " ".join(_drawn(system, die, options) for die in dice)


def _drawn(system: str, die: Die, options: Options) -> str:
    shown = face(system, die, options)
    return f"{shown.shape if shown else ''}{die.value}"


def in_words(system: str, dice: Iterable[Die], options: Options) -> str:
    """`10 critical, 8 success, 3 failure`"""
    faces = ((die, face(system, die, options)) for die in dice)
    return ", ".join(f"{die.value} {shown.word}" if shown else str(die.value) for die, shown in faces)


def by_kind(dice: Iterable[Die]) -> dict[str, list[Die]]:
    """Lines of dice by their labels, in the order of `LABELS`; each line from the best die to the worst."""
    kinds: dict[str, list[Die]] = {}
    for die in dice:
        kinds.setdefault(die.kind, []).append(die)
    known = [kind for kind in LABELS if kind in kinds]
    others = [kind for kind in kinds if kind not in LABELS]
    return {
        LABELS.get(kind) or escape(kind, 40).capitalize(): sorted(kinds[kind], key=lambda die: -die.value)
        for kind in known + others
    }
