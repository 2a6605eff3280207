"""How a row of a card is drawn in characters. Shapes carry the meaning, colour carries none."""

from collections.abc import Callable

from contract.base import JsonObject
from contract.characters import CardRow
from rodbot.core.text import escape

FREE, SUPERFICIAL, AGGRAVATED = "▢", "◪", "▣"
# A stroke as superficial damage has it, a cross, and the gravest as in the 5th edition.
BASHING, LETHAL = "◪", "⊠"
EMPTY, FULL, STAIN, OVER = "○", "●", "✕", "◉"
POINT, NO_POINT = "■", "□"
LONGEST = 20
HUMANITY = 10
ROLLOVER = 10
WHEEL = 20
BAR = 10
# No value counts further.
MOST = 1000


def draw(row: CardRow) -> str:
    """Shapes where the kind has some, and always the words beside them."""
    shapes = _shapes(row)
    words = escape(row.text, 300) if row.text else ""
    return "  ".join(part for part in (shapes, words) if part) or "—"


def _shapes(row: CardRow) -> str:
    kind = DRAWS.get(row.draw)
    if not kind:
        return ""
    value = row.value if isinstance(row.value, dict) else {}
    drawn, keys = kind
    return drawn(*(_count(value, key) for key in keys))


def _count(value: JsonObject, key: str) -> int:
    number = value.get(key)
    return max(0, min(number, MOST)) if isinstance(number, int) else 0


def _damage(total: int, superficial: int, aggravated: int) -> str:
    return _boxes(total, AGGRAVATED * aggravated + SUPERFICIAL * superficial)


def _wounds(total: int, bashing: int, lethal: int, aggravated: int) -> str:
    return _boxes(total, AGGRAVATED * aggravated + LETHAL * lethal + BASHING * bashing)


def _boxes(total: int, hurt: str) -> str:
    if not 0 < total <= LONGEST or len(hurt) > total:
        return ""
    return _grouped(hurt + FREE * (total - len(hurt)))


def _pool(total: int, current: int) -> str:
    """A dot for each point that there is or could be; those above the rating look different."""
    if not 0 < max(total, current) <= LONGEST:
        return ""
    over = max(0, current - total)
    return _grouped(FULL * (current - over) + EMPTY * (total - current) + OVER * over)


def _bar(total: int, current: int) -> str:
    """Ten marks for the whole; the last goes with the last point."""
    if not 0 <= current <= total or not total:
        return ""
    filled = -(-BAR * current // total)
    return _grouped(POINT * filled + NO_POINT * (BAR - filled))


def _rollover(permanent: int, temporary: int) -> str:
    """Ten lasting ones, then the ten that make the next."""
    if max(permanent, temporary) > ROLLOVER:
        return ""
    lasting = FULL * permanent + EMPTY * (ROLLOVER - permanent)
    passing = POINT * temporary + NO_POINT * (ROLLOVER - temporary)
    return f"{_grouped(lasting)}  {_grouped(passing)}"


def _wheel(quintessence: int, paradox: int) -> str:
    """Quintessence from the left, Paradox from the right."""
    free = WHEEL - quintessence - paradox
    return _grouped(FULL * quintessence + EMPTY * free + STAIN * paradox) if free >= 0 else ""


def _humanity(value: int, stains: int) -> str:
    """Ten slots: Humanity from the left, Stains from the right."""
    if value + stains > HUMANITY:
        return ""
    return _grouped(FULL * value + EMPTY * (HUMANITY - value - stains) + STAIN * stains)


def _dots(value: int, most: int) -> str:
    return _grouped(FULL * value + EMPTY * (most - value)) if value <= most and 0 < most <= LONGEST else ""


def _grouped(shapes: str) -> str:
    return " ".join(shapes[i : i + 5] for i in range(0, len(shapes), 5))


# How a kind is drawn, and of which parts of its value.
DRAWS: dict[str, tuple[Callable[..., str], tuple[str, ...]]] = {
    "damage5th": (_damage, ("total", "superficial", "aggravated")),
    "damage20th": (_wounds, ("total", "bashing", "lethal", "aggravated")),
    "humanity": (_humanity, ("value", "stains")),
    "dots": (_dots, ("value", "max")),
    "pool": (_pool, ("total", "current")),
    "hp": (_bar, ("total", "current")),
    "rollover": (_rollover, ("permanent", "temporary")),
    "wheel": (_wheel, ("quintessence", "paradox")),
}
