"""Clean text from outside for storage and display."""

import re
import unicodedata

# Controls except tab and newline, the marks that turn the rest of a page around, halves of surrogate pairs, which no
# database takes, and what is no character, which no XML takes and so no picture.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Letters and signs of no width or without ink, which Unicode does not count as blanks.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean(text: str | None, limit: int) -> str:
    """Return one line without control characters, blanks collapsed, clipped to `limit` characters."""
    return one_line(text or "")[:limit].rstrip()


def clean_lines(text: str | None, limit: int) -> str:
    """As `clean`, but line breaks and blanks stay."""
    return lines(text or "")[:limit].rstrip()


def counted(number: float, singular: str, many: str = "") -> str:
    """Return `1 box`, `2 boxes`, `−1 die`; the plural defaults to the singular with an s."""
    return f"{number} {singular if abs(number) == 1 else many or singular + 's'}"


def one_line(text: str) -> str:
    return " ".join(lines(text).split())


def lines(text: str) -> str:
    """Line ends as newlines, composed letters (NFC), nothing unseen; one “é” is like the other."""
    if text.isascii() and text.isprintable():  # nearly always, and nothing of it is to be changed
        return text.strip()
    return unicodedata.normalize("NFC", UNSEEN.sub("", LINE_END.sub("\n", text))).strip()


def has_ink(text: str) -> bool:
    """Return whether any visible character remains; zero-width characters are no name."""
    return any(unicodedata.category(char)[0] not in "ZCM" and char not in BLANK for char in text)
