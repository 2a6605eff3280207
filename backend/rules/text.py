"""Text that comes from outside, made fit to be kept and shown."""

import unicodedata

# Newline and tab are the only control characters that people write on purpose.
WRITTEN = "\n\t"


def clean(text: str | None, limit: int) -> str:
    """One line: without control characters, runs of blanks as one, clipped to `limit` characters."""
    visible = "".join(" " if char in WRITTEN else char for char in text or "" if not _is_control(char))
    return " ".join(visible.split())[:limit].rstrip()


def clean_lines(text: str | None, limit: int) -> str:
    """Several lines: as `clean`, but the lines and blanks in them stay."""
    return "".join(char for char in text or "" if not _is_control(char)).strip()[:limit].rstrip()


def _is_control(char: str) -> bool:
    # Cc: control; Cs: half a surrogate pair, which no database takes; the others turn the rest of a page.
    return (
        (unicodedata.category(char) in ("Cc", "Cs") and char not in WRITTEN)
        or "\u202a" <= char <= "\u202e"
        or "\u2066" <= char <= "\u2069"
    )
