"""How a row of a card is drawn in characters. Shapes carry the meaning, colour carries none."""

from rodbot.models import Row
from rodbot.text import plain

FREE, SUPERFICIAL, AGGRAVATED = "▢", "◪", "▣"
EMPTY, FULL, STAIN = "○", "●", "✕"
LONGEST = 20
HUMANITY = 10


def draw(row: Row) -> str:
    """Shapes where the kind has some, and always the words beside them."""
    shapes = _shapes(row)
    words = plain(row.text, 300) if row.text else ""
    return "  ".join(part for part in (shapes, words) if part) or "—"


def _shapes(row: Row) -> str:
    value = row.value if isinstance(row.value, dict) else {}
    if row.draw == "damage5th":
        return _damage(_count(value, "total"), _count(value, "superficial"), _count(value, "aggravated"))
    if row.draw == "humanity":
        return _humanity(_count(value, "value"), _count(value, "stains"))
    if row.draw == "dots":
        return _dots(_count(value, "value"), _count(value, "max"))
    return ""


def _count(value: dict[str, object], key: str) -> int:
    number = value.get(key)
    return max(0, min(number, LONGEST + 1)) if isinstance(number, int) else 0


def _damage(total: int, superficial: int, aggravated: int) -> str:
    if not 0 < total <= LONGEST or superficial + aggravated > total:
        return ""
    boxes = AGGRAVATED * aggravated + SUPERFICIAL * superficial
    return _grouped(boxes + FREE * (total - len(boxes)))


def _humanity(value: int, stains: int) -> str:
    """Ten slots: Humanity from the left, Stains from the right."""
    if value + stains > HUMANITY:
        return ""
    return _grouped(FULL * value + EMPTY * (HUMANITY - value - stains) + STAIN * stains)


def _dots(value: int, most: int) -> str:
    return _grouped(FULL * value + EMPTY * (most - value)) if value <= most and 0 < most <= LONGEST else ""


def _grouped(shapes: str) -> str:
    return " ".join(shapes[i : i + 5] for i in range(0, len(shapes), 5))
