"""How a public trait is drawn on stage: a row of marks, a bar, the wheel, or words. Pure.

A mark is a symbol of the page's sprite in a state. Symbols and states both tell what a mark means, so that colour alone
never does.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from contract.base import Json
from contract.stage import Gauge, HitPoints
from contract.translation import _

# More marks than these are a bar: nobody counts them on a screen.
MOST_MARKS = 15
SLOTS = 20

ON, OFF, HURT, GRAVE = "on", "off", "hurt", "grave"
# What stands for a point of a trait; every other has a dot.
SYMBOLS = {
    "hunger": "drop",
    "blood": "drop",
    "vitae": "drop",
    "rage": "flame",
    "torment": "flame",
    "desperation": "flame",
    "danger": "eye",
    "willpower": "diamond",
    "gnosis": "moon",
    "faith": "star",
    "glamour": "star",
    "arete": "star",
    "pathos": "star",
    "nightmare": "moon",
    "angst": "moon",
}
Numbers = Mapping[str, int]


class Mark(NamedTuple):
    symbol: str
    state: str


class Bar(NamedTuple):
    """Shares of a hundred."""

    filled: float
    extra: float


class Slot(NamedTuple):
    """One of the wheel's slots, by its angle in degrees."""

    angle: int
    state: str


class Drawn(NamedTuple):
    """`figure` says it in few characters, `said` in words; `value` changes whenever the gauge does."""

    path: str
    kind: str
    label: str
    said: str
    figure: str
    marks: tuple[Mark, ...] = ()
    more: tuple[Mark, ...] = ()
    bar: Bar | None = None
    slots: tuple[Slot, ...] = ()
    note: str = ""


def drawn(gauge: Gauge) -> Drawn | None:
    """Return how a gauge is drawn; None for one that there is nothing to show of, such as a flag that is not set."""
    draw = KINDS.get(gauge.kind, _words)
    return draw(gauge)


def hit_points(points: HitPoints) -> Drawn:
    most = max(points.max, points.current + points.temporary, 1)
    extra = f" +{points.temporary}" if points.temporary else ""
    said = _("{value} of {most}", value=points.current, most=points.max)
    return Drawn(
        path="hp",
        kind="hp",
        label=_("Hit points"),
        said=said + extra,
        figure=f"{points.current}/{points.max}{extra}",
        bar=Bar(_share(points.current, most), _share(points.temporary, most)),
    )


def armour(value: int) -> Drawn:
    return Drawn("ac", "ac", _("Armour class"), str(value), str(value), (Mark("shield", ON),))


# One function for each kind of trait


def _dots(gauge: Gauge) -> Drawn | None:
    value = _whole(gauge.value)
    if value is None:
        return _words(gauge)
    most = gauge.max or max(value, 5)
    return _points(gauge, value, most, _("{value} of {most}", value=value, most=most))


def _points(gauge: Gauge, value: int, most: int, said: str) -> Drawn:
    figure = f"{value}/{most}"
    if most > MOST_MARKS:
        bar = Bar(_share(value, most), 0)
        return Drawn(gauge.path, gauge.kind, _(gauge.label), said, figure, bar=bar)
    return Drawn(gauge.path, gauge.kind, _(gauge.label), said, figure, _row(_symbol(gauge), value, most))


def _pool(gauge: Gauge) -> Drawn:
    value = _numbers(gauge.value)
    current, total = value.get("current", 0), value.get("total", 0)
    return _points(gauge, current, max(total, current), _("{value} of {most}", value=current, most=total))


def _rollover(gauge: Gauge) -> Drawn:
    value = _numbers(gauge.value)
    lasting, passing = value.get("permanent", 0), value.get("temporary", 0)
    said = _("{value} lasting, {count} temporary", value=lasting, count=passing)
    return Drawn(
        gauge.path,
        gauge.kind,
        _(gauge.label),
        said,
        f"{lasting}·{passing}",
        _row(_symbol(gauge), lasting, 10),
        _row("tick", passing, 10),
    )


def _humanity(gauge: Gauge) -> Drawn:
    value = _numbers(gauge.value)
    humanity, stains = value.get("value", 0), value.get("stains", 0)
    free = max(0, 10 - humanity - stains)
    marks = (*_row("dot", humanity, humanity + free), *([Mark("stain", HURT)] * stains))
    said = _("{value} of {most}", value=humanity, most=10)
    if stains:
        said = _("{said}, stains: {count}", said=said, count=stains)
    return Drawn(gauge.path, gauge.kind, _(gauge.label), said, str(humanity), marks)


def _damage(severities: Mapping[str, Mark]) -> Callable[[Gauge], Drawn]:
    """Boxes: the gravest damage first, then the lighter, then what is free."""

    def draw(gauge: Gauge) -> Drawn:
        value = _numbers(gauge.value)
        total = value.get("total", 0)
        taken = [mark for name, mark in severities.items() for _count in range(value.get(name, 0))][:total]
        free = total - len(taken)
        said = _("{value} of {most} free", value=free, most=total)
        marks = (*taken, *([Mark("box", OFF)] * free))
        return Drawn(
            gauge.path, gauge.kind, _(gauge.label), said, f"{free}/{total}", marks, note=_note(gauge)
        )

    return draw


def _hit_points(gauge: Gauge) -> Drawn:
    value = _numbers(gauge.value)
    return hit_points(
        HitPoints(
            current=value.get("current", 0), max=value.get("total", 0), temporary=value.get("temporary", 0)
        )
    )


def _nothing(gauge: Gauge) -> None:
    """Conditions stand as chips."""


def _wheel(gauge: Gauge) -> Drawn:
    value = _numbers(gauge.value)
    first, second = value.get("quintessence", 0), value.get("paradox", 0)
    states = [ON] * first + [OFF] * max(0, SLOTS - first - second) + [GRAVE] * second
    slots = tuple(Slot(number * 360 // SLOTS, state) for number, state in enumerate(states[:SLOTS]))
    said = _("Quintessence {first}, Paradox {second}", first=first, second=second)
    return Drawn(gauge.path, gauge.kind, _(gauge.label), said, f"{first} · {second}", slots=slots)


def _number(gauge: Gauge) -> Drawn | None:
    value = _whole(gauge.value)
    if value is None:
        return _words(gauge)
    if gauge.path == "ac":
        return armour(value)
    return Drawn(gauge.path, gauge.kind, _(gauge.label), str(value), str(value))


def _flag(gauge: Gauge) -> Drawn | None:
    if gauge.value is not True:
        return None
    return Drawn(gauge.path, gauge.kind, _(gauge.label), _(gauge.label), "", (Mark("warning", GRAVE),))


def _words(gauge: Gauge) -> Drawn | None:
    """A choice or a text, and a kind of trait that is not known here: as far as it is a word or a number."""
    if isinstance(gauge.value, bool) or not isinstance(gauge.value, str | int | float) or gauge.value == "":
        return None
    text = _(gauge.value) if isinstance(gauge.value, str) else str(gauge.value)
    return Drawn(gauge.path, "words", _(gauge.label), text, text)


KINDS: Mapping[str, Callable[[Gauge], Drawn | None]] = {
    "dots": _dots,
    "counter": _dots,
    "skill": _dots,
    "pool": _pool,
    "rollover": _rollover,
    "humanity": _humanity,
    "damage5th": _damage({"aggravated": Mark("box-x", GRAVE), "superficial": Mark("box-slash", HURT)}),
    "damage20th": _damage(
        {
            "aggravated": Mark("box-star", GRAVE),
            "lethal": Mark("box-x", GRAVE),
            "bashing": Mark("box-slash", HURT),
        }
    ),
    "wheel": _wheel,
    "hp": _hit_points,
    "conditions": _nothing,
    "number": _number,
    "flag": _flag,
}


def _row(symbol: str, filled: int, most: int) -> tuple[Mark, ...]:
    filled = min(filled, most)
    return (*([Mark(symbol, ON)] * filled), *([Mark(symbol, OFF)] * (most - filled)))


def _symbol(gauge: Gauge) -> str:
    return SYMBOLS.get(gauge.path, "dot")


def _share(part: int, whole: int) -> float:
    return round(max(0, min(100, 100 * part / whole)), 1) if whole > 0 else 0.0


def _note(gauge: Gauge) -> str:
    """The wound level, where the value carries one."""
    level = gauge.value.get("level") if isinstance(gauge.value, dict) else None
    return _(level) if isinstance(level, str) else ""


def _numbers(value: Json) -> Numbers:
    if not isinstance(value, dict):
        return {}
    return {
        name: max(0, number)
        for name, number in value.items()
        if isinstance(number, int) and not isinstance(number, bool)
    }


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
