"""Text that comes from outside, made fit to be kept and shown."""

import re
import unicodedata

# Controls except tab and newline, the marks that turn the rest of a page around, and halves of surrogate pairs, which
# no database takes.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Letters and signs of no width or without ink, which Unicode does not count as blanks.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean(text: str | None, limit: int) -> str:
    """One line: without control characters, runs of blanks as one, clipped to `limit` characters."""
    return one_line(text or "")[:limit].rstrip()


def clean_lines(text: str | None, limit: int) -> str:
    """Several lines: as `clean`, but the lines and blanks in them stay."""
    return lines(text or "")[:limit].rstrip()


def counted(number: float, singular: str, many: str = "") -> str:
    """`1 box`, `2 boxes`, `−1 die`; without a word for many, an s is put to the one."""
    return f"{number} {singular if abs(number) == 1 else many or singular + 's'}"


def one_line(text: str) -> str:
    return " ".join(lines(text).split())


def lines(text: str) -> str:
    """Line ends as newlines, composed letters (NFC), nothing unseen; one “é” is like the other."""
    if text.isascii() and text.isprintable():  # nearly always, and nothing of it is to be changed
        return text.strip()
    return unicodedata.normalize("NFC", UNSEEN.sub("", LINE_END.sub("\n", text))).strip()


def has_ink(text: str) -> bool:
    """Is there anything to see? Zero-width characters and the like are no name."""
    return any(unicodedata.category(char)[0] not in "ZCM" and char not in BLANK for char in text)
