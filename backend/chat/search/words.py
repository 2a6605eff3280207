"""Fold text into words, and words into what the index of each engine reads alike.

An engine has stop words, a shortest word, signs of its own in a query, and its own idea of what a letter is. So it
never sees a word as people write it: case and marks are folded away, each sign that is no ASCII letter or digit is
written by five of them, and a letter stands before every word. What begins alike still begins alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from contract.chat_search import MAX_WORDS, SHORTEST
from contract.translation import _
from rules.errors import Invalid

FIRST = "x"  # no stop word begins so, and a word of two letters has three of them
ESCAPE = "q"
# Engines leave out what is longer than 84 letters (InnoDB), so it is cut, in a message and in a query alike.
LONGEST = 80
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
ASCII_WORD = re.compile("[a-z0-9]+")
IDEOGRAPHS = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+)")
# Apostrophes belong to a word: “don’t” is one.
APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ＇"))


def fold(text: str) -> list[str]:
    """The words of a text without case, marks and signs; “Straße” is like “STRASSE”, “Zoë” like “zoe”."""
    if text.isascii():  # nearly always, and a tenth of the work
        return ASCII_WORD.findall(text.replace("'", "").lower())
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES).casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    folded = unicodedata.normalize("NFKC", bare.casefold())
    kept = "".join(char if _is_of_a_word(char) else " " for char in folded)
    return [word for run in kept.split() for word in _parted(run)]


def _is_of_a_word(char: str) -> bool:
    """Letters, digits, and the vowel signs of scripts that write them so."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _parted(run: str) -> Iterator[str]:
    """Chinese and Japanese put no blanks between words: each two signs that stand together are one."""
    for part in IDEOGRAPHS.split(run):
        if part and IDEOGRAPHS.fullmatch(part) and len(part) > 1:
            yield from (part[place : place + 2] for place in range(len(part) - 1))
        elif part:
            yield part


def length(word: str) -> int:
    """What a sign of Chinese or Japanese says is as much as two letters."""
    return len(word) * 2 if IDEOGRAPHS.fullmatch(word) else len(word)


def encoded(word: str) -> str:
    """A folded word in ASCII letters and digits, so that its beginnings are beginnings of what they give."""
    signs = word.replace(ESCAPE, ESCAPE * 2) if word.isascii() else "".join(map(_sign, word))
    return (FIRST + signs)[:LONGEST]


def _sign(char: str) -> str:
    if char.isascii():
        return char * 2 if char == ESCAPE else char
    point, digits = ord(char), ""
    for _place in range(4):
        point, digit = divmod(point, 36)
        digits = DIGITS[digit] + digits
    return ESCAPE + digits


def column(*texts: str) -> str:
    """What `ChatMessage.search` holds: each word once, in order."""
    words = dict.fromkeys(word for text in texts for word in fold(text))
    return " ".join(dict.fromkeys(map(encoded, words)))


def asked(query: str) -> tuple[list[str], list[str]]:
    """The words that are looked for, and those that are too short to be. Raises Invalid."""
    words = list(dict.fromkeys(fold(query)))
    long = [word for word in words if length(word) >= SHORTEST]
    if query.strip() and not long:
        raise Invalid.field("q", _("Type at least {least} letters of a word.", least=SHORTEST))
    if len(long) > MAX_WORDS:
        raise Invalid.field("q", _("Search for up to {most} words at once.", most=MAX_WORDS))
    return long, [word for word in words if length(word) < SHORTEST]


def all_encoded(words: Iterable[str]) -> list[str]:
    """Those that say the most: a word that is the beginning of another one is found with it."""
    found = sorted(set(map(encoded, words)), key=len, reverse=True)
    return [
        word
        for place, word in enumerate(found)
        if not any(longer.startswith(word) for longer in found[:place])
    ]
