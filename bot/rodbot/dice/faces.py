"""Dice on a card, as pictures, as shapes or in words."""

from collections.abc import Iterable, Mapping

from contract.dice_faces import ACE, Face, Options, face
from contract.rolls import Die
from contract.translation import N_, _
from rodbot.dice.pictures import picture_of

# The order in which kinds are shown, and what a line of them is called.
LABELS = {
    "regular": N_("Dice"),
    "hunger": N_("Hunger dice"),
    "rage": N_("Rage dice"),
    "desperation": N_("Desperation dice"),
    "nightmare": N_("Nightmare dice"),
    "chance": N_("Chance die"),
    "rote": N_("Rote dice"),
    "extra": N_("Dice rolled again"),
    "dropped": N_("Dropped"),
}
# More dice than these are text: each emoji takes thirty characters of a message.
MOST_PICTURES = 50
NO_EMOJI: Mapping[str, str] = {}


def drawn(system: str, dice: Iterable[Die], options: Options, emoji: Mapping[str, str] = NO_EMOJI) -> str:
    """`✦10 ◆8 ◇3`, or a picture of each where `emoji` has all of them."""
    shown = [(die, face(system, die, options)) for die in dice]
    pictures = [_emoji(die, die_face, emoji) for die, die_face in shown]
    if all(pictures) and len(pictures) <= MOST_PICTURES:
        return " ".join(pictures)
    return " ".join(f"{die_face.shape if die_face else ''}{die.value}" for die, die_face in shown)


def _emoji(die: Die, die_face: Face | None, emoji: Mapping[str, str]) -> str:
    return emoji.get(picture_of(die, die_face).name, "") if die.sides == ACE else ""


def in_words(system: str, dice: Iterable[Die], options: Options) -> str:
    """`10 critical, 8 success, 3 failure`"""
    faces = ((die, face(system, die, options)) for die in dice)
    return ", ".join(f"{die.value} {_(shown.word)}" if shown else str(die.value) for die, shown in faces)


def by_kind(dice: Iterable[Die]) -> dict[str, list[Die]]:
    """Dice by their kinds, in the order of `LABELS`; each kind from the best die to the worst."""
    kinds: dict[str, list[Die]] = {}
    for die in dice:
        kinds.setdefault(die.kind, []).append(die)
    known = [kind for kind in LABELS if kind in kinds]
    others = [kind for kind in kinds if kind not in LABELS]
    return {kind: sorted(kinds[kind], key=lambda die: -die.value) for kind in known + others}
