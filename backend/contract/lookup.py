"""Find what a person meant by a name: in any case, without marks, by a unique beginning; else suggest the nearest.

Every option that names something is read with this, in Discord and on the pages, and completions are ordered by it.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from contract.translation import N_, _

Key = TypeVar("Key")
Item = TypeVar("Item")

APOSTROPHES = re.compile("['’‘‛ʻʼʽʾʿʹ`´′＇׳ꞌ]")
DASHES = re.compile("[‐‑‒–—―−－⁃﹘﹣⸺⸻־-]")
# Marks over and under letters of Latin, Greek and Cyrillic, and the vowels that Hebrew and Arabic mostly leave out. In
# other scripts marks are vowels, and stay. Besides, what chooses the look of a sign, and a stroke that widens a word.
MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640\ufe00-\ufe0f]"
)
# Signs without width: joiners, marks of direction, places where a word may break.
WIDTHLESS = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Letters that no mark can be taken off.
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# No name is longer. What is, is not looked for, nor quoted whole.
LONGEST = 100
# Below this share of common letters a suggestion would be a guess.
ALIKE = 0.6
SUGGESTED = 3
# The words between the last two of several names.
OR, AND = N_("or"), N_("and")
# What is less alike than the nearest by more than this share is not meant.
MARGIN = 0.1


class _Forms(NamedTuple):
    """A name in the forms that are compared, from strict to loose; `joined` has no blanks."""

    plain: str
    key: str
    folded: str
    joined: str


def quoted(typed: str) -> str:
    """As it stands in a sentence: an end is put to what is too long to be a name."""
    return f"“{typed if len(typed) <= LONGEST else typed[: LONGEST - 1] + '…'}”"


@lru_cache(maxsize=16384)
def key(name: str) -> str:
    """Return the form by which two names are one: case, marks, apostrophes and kinds of dashes do not matter, nor what
    has no width.
    """
    seen = WIDTHLESS.sub("", APOSTROPHES.sub("", name))
    bare = MARKS.sub("", unicodedata.normalize("NFKD", seen)).casefold()
    bare = MARKS.sub("", bare).translate(LETTERS)
    return " ".join(unicodedata.normalize("NFC", DASHES.sub(" ", bare)).split())


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """As `key`, and signs such as emoji do not matter either, unless there is nothing else."""
    found = key(name)
    letters = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in found
    )
    return " ".join(letters.split()) or found


@lru_cache(maxsize=16384)
def _forms(name: str) -> _Forms:
    folded = fold(name)
    plain = unicodedata.normalize("NFC", name.strip()).casefold()
    return _Forms(plain, key(name), folded, folded.replace(" ", ""))


def _words_begin(wanted: str, name: str) -> bool:
    """`an k` begins the words of `animal ken`."""
    words, asked = name.split(), wanted.split()
    return len(asked) == len(words) and all(map(str.startswith, words, asked))


# From the best to the loosest way in which a name fits what was typed.
_TESTS: tuple[Callable[[_Forms, _Forms], bool], ...] = (
    lambda wanted, name: name.plain == wanted.plain,
    lambda wanted, name: name.key == wanted.key,
    lambda wanted, name: name.folded == wanted.folded,
    lambda wanted, name: name.joined == wanted.joined,
    lambda wanted, name: name.folded.startswith(wanted.folded),
    lambda wanted, name: _words_begin(wanted.folded, name.folded),
    lambda wanted, name: name.joined.startswith(wanted.joined),
    lambda wanted, name: f" {wanted.folded}" in name.folded,
    lambda wanted, name: f" {wanted.key}" in f" {name.key}",  # emoji alone
)
WHOLE = 4


def rank(typed: str, name: str) -> int | None:
    """Return how well a name fits, 0 best, below WHOLE where all of it was typed; None where it does not."""
    wanted, forms = _forms(typed), _forms(name)
    if not wanted.folded:
        return None
    return next((number for number, fits in enumerate(_TESTS) if fits(wanted, forms)), None)


def matches(typed: str, named: Mapping[Key, Sequence[str]], *, whole: bool = False) -> list[Key]:
    """Return the keys that fit best; one where it is clear what was meant. `named` has each one's spellings.

    The whole of a first spelling, such as a slug, goes before everything else. `whole`: beginnings do not count.
    """
    ranked: dict[Key, int] = {}
    for item, names in named.items():
        for place, name in enumerate(names):
            if (number := rank(typed, name)) is None or (whole and number >= WHOLE):
                continue
            number -= len(_TESTS) if place == 0 and number < WHOLE else 0
            ranked[item] = min(number, ranked.get(item, number))
    best = min(ranked.values(), default=0)
    return [item for item, number in ranked.items() if number == best]


def nearest(typed: str, names: Iterable[str | Sequence[str]], limit: int = SUGGESTED) -> list[str]:
    """Return the names that look most like what was typed, the nearest first: for “did you mean …?”.

    Of what has several spellings the last is shown, whichever of them was nearly typed.
    """
    wanted = fold(typed)
    by_form: dict[str, str] = {}
    for spelled in names:
        listed = (spelled,) if isinstance(spelled, str) else spelled
        by_form |= {fold(name): listed[-1] for name in listed}
    if not wanted:
        return []
    found = difflib.get_close_matches(wanted, by_form, limit, ALIKE)
    likeness = {form: _likeness(wanted, form) for form in found}
    return list(
        dict.fromkeys(by_form[form] for form in found if likeness[form] >= likeness[found[0]] - MARGIN)
    )


def did_you_mean(typed: str, names: Iterable[str | Sequence[str]]) -> str:
    """Return ` Did you mean Strength?`, to follow a sentence; empty where nothing is near. `names`: see `nearest`."""
    found = nearest(typed, names)
    return " " + _("Did you mean {names}?", names=either(found)) if found else ""


def either(names: Sequence[str], word: str = OR) -> str:
    """Return `Strength`, `Strength or Streetwise`, `A, B or C`."""
    return f"{', '.join(names[:-1])} {_(word)} {names[-1]}" if len(names) > 1 else "".join(names)


def spellings(*names: str) -> tuple[str, ...]:
    """Return the names with the last one, the label, in the reader's language too; that one comes last."""
    return tuple(dict.fromkeys((*names, _(names[-1]))))


def fitting(typed: str, items: Iterable[Item], name: Callable[[Item], str]) -> list[Item]:
    """Return what a completion shows, the best first: what fits or contains what was typed; else what has its letters
    in their order, as `strn` has those of Strength; else what is near.
    """
    listed = list(items)
    if not fold(typed):
        return listed
    ranked = [(number, item) for item in listed if (number := _place(typed, name(item))) is not None]
    if ranked:
        return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]
    letters = _forms(typed).joined
    abridged = [item for item in listed if _in_order(letters, _forms(name(item)).joined)]
    if abridged:
        return sorted(abridged, key=lambda item: -_likeness(typed, name(item)))
    by_name = {name(item): item for item in listed}
    return [by_name[close] for close in nearest(typed, by_name)]


def _place(typed: str, name: str) -> int | None:
    found = rank(typed, name)
    return len(_TESTS) if found is None and fold(typed) in fold(name) else found


def _likeness(typed: str, name: str) -> float:
    return difflib.SequenceMatcher(None, fold(name), fold(typed)).ratio()


def _in_order(letters: str, name: str) -> bool:
    """`strn` stands in `strength`, letter by letter; from the same first letter on."""
    left = iter(name)
    return name[:1] == letters[:1] and all(letter in left for letter in letters)
