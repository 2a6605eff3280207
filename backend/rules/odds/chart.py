"""Bars as data, drawn as SVG for pages and as PNG for Discord.

What an outcome is can be read without colours: each tone has a shape, each bar a label and its number.
"""

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from rules.dice.base import Verdict
from rules.odds.base import Odds

WIDTH, ROW, TOP, EDGE = 480, 26, 44, 16
LABEL_WIDTH, VALUE_WIDTH = 168, 64
BAR_LEFT = EDGE + LABEL_WIDTH
BAR_WIDTH = WIDTH - EDGE - BAR_LEFT - VALUE_WIDTH
MAX_BARS = 30
MAX_LABEL = 24
MAX_TITLE = 54

# Twice the size of the SVG, for sharp text on phones.
SCALE = 2
BACKGROUND, TEXT, TRACK = "#1e1f22", "#f2f3f5", "#3a3c43"
COLOURS = {
    "critical": "#66ffcc",
    "exceptional": "#66ffcc",
    "success": "#66ff33",
    "neutral": "#8ab4f8",
    "failure": "#b5bac1",
    "total_failure": "#ffcc00",
    "messy": "#ff4d94",
    "overreach": "#e6a35c",
    "choice": "#e07be3",
}
GRAVE = "#ff5c5c"
# What Unicode takes apart for no one.
PLAIN = str.maketrans("−–—’×łŁøØđĐ", "---'xlLoOdD")

Point = tuple[float, float]


class Bar(NamedTuple):
    """`share` from 0 to 1. `expected` is marked on the bar with a stroke; None for none."""

    label: str
    share: float
    tone: str = "neutral"
    expected: float | None = None


class Shape(NamedTuple):
    """A polygon around the origin, of radius 1; hollow ones are only outlined."""

    points: tuple[Point, ...]
    filled: bool = True


def _ring(corners: int, inner: float = 1.0, turn: float = -math.pi / 2) -> tuple[Point, ...]:
    """A regular polygon; with `inner` below 1, every second corner lies nearer: a star."""
    angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
    radii = [inner if corner % 2 else 1.0 for corner in range(corners)]
    return tuple((r * math.cos(angle), r * math.sin(angle)) for r, angle in zip(radii, angles, strict=True))


STAR = Shape(_ring(10, 0.42))
DISC = Shape(_ring(20))
SQUARE = Shape(_ring(4, turn=-math.pi / 4))
CIRCLE = Shape(_ring(20), filled=False)
DIAMOND = Shape(_ring(4), filled=False)
TRIANGLE = Shape(_ring(3))
CROSS = Shape(_ring(8, 0.3, turn=math.pi / 4))
SHAPES = {
    "critical": STAR,
    "exceptional": STAR,
    "success": DISC,
    "neutral": SQUARE,
    "failure": CIRCLE,
    "total_failure": DIAMOND,
    "messy": TRIANGLE,
    "overreach": TRIANGLE,
    "choice": TRIANGLE,
}


def shape_of(tone: str) -> Shape:
    """What is no success and none of the milder failures (botch, bestial, despair) is a cross."""
    return SHAPES.get(tone, CROSS)


def outcome_bars(odds: Odds, verdicts: Mapping[str, Verdict]) -> list[Bar]:
    return [Bar(verdicts[slug].label, share, verdicts[slug].tone) for slug, share in odds.outcomes.items()]


def success_bars(odds: Odds, most: int = 12) -> list[Bar]:
    """One bar for each number, of unlikely ends none; more than `most` numbers are put into equal spans."""
    numbers = list(enumerate(odds.successes, odds.least))
    while len(numbers) > 1 and numbers[-1][1] < 0.0005:
        numbers.pop()
    while len(numbers) > 1 and numbers[0][1] < 0.0005:
        numbers.pop(0)
    width = math.ceil(len(numbers) / most)
    spans = [numbers[start : start + width] for start in range(0, len(numbers), width)]
    return [Bar(_span(one), sum(share for _, share in one)) for one in spans]


def _span(numbers: Sequence[tuple[int, float]]) -> str:
    first, last = numbers[0][0], numbers[-1][0]
    return str(first) if first == last else f"{first} to {last}"


def percent(share: float) -> str:
    """`62.5%`; what is neither impossible nor certain never looks so."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return f"{share * 100:.1f}%"


def described(bars: Iterable[Bar]) -> str:
    """The chart in words: the description of the picture, the alt text of the attachment."""
    return "; ".join(
        f"{one.label} {percent(one.share)}"
        + (f" (expected {percent(one.expected)})" if one.expected is not None else "")
        for one in bars
    )


def svg(title: str, bars: Sequence[Bar], key: str = "chart") -> str:
    """An inline SVG in the colour of the text around it. `key` keeps its ids apart from others of the page."""
    bars = bars[:MAX_BARS]
    name = re.sub(r"[^a-z0-9]+", "-", key.lower())
    height = TOP + ROW * len(bars) + EDGE
    rows = "".join(_svg_row(one, TOP + ROW * place) for place, one in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" fill="currentColor" font-family="inherit" font-size="13">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(described(bars))}</desc>'
        f'<text x="{EDGE}" y="26" font-size="16" font-weight="bold">{escape(_clipped(title, MAX_TITLE))}</text>'
        f"{rows}</svg>"
    )


def _svg_row(bar: Bar, top: int) -> str:
    middle = top + ROW / 2
    shape = shape_of(bar.tone)
    points = " ".join(f"{EDGE + 6 + 6 * x:.1f},{middle + 6 * y:.1f}" for x, y in shape.points)
    paint = "" if shape.filled else ' fill="none" stroke="currentColor" stroke-width="1.5"'
    width = BAR_WIDTH * _within(bar.share)
    return (
        f'<polygon points="{points}"{paint}/>'
        f'<text x="{EDGE + 20}" y="{middle + 4.5:.1f}">{escape(_clipped(bar.label, MAX_LABEL))}</text>'
        f'<rect x="{BAR_LEFT}" y="{top + 5}" width="{BAR_WIDTH}" height="{ROW - 10}" opacity="0.15"/>'
        f'<rect x="{BAR_LEFT}" y="{top + 5}" width="{width:.1f}" height="{ROW - 10}" opacity="0.8"/>'
        f"{_svg_mark(bar, top)}"
        f'<text x="{WIDTH - EDGE}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(percent(bar.share))}</text>'
    )


def _svg_mark(bar: Bar, top: int) -> str:
    if bar.expected is None:
        return ""
    x = BAR_LEFT + BAR_WIDTH * _within(bar.expected)
    return f'<path d="M{x:.1f} {top + 2}v{ROW - 4}" stroke="currentColor" stroke-width="2"/>'


def canvas(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), BACKGROUND)
    return image, ImageDraw.Draw(image)


def png(title: str, bars: Sequence[Bar], below: Image.Image | None = None) -> bytes:
    """The same chart on Discord's dark ground, with another picture under it where there is one.

    Its font knows no letters but ASCII; `described` belongs beside it.
    """
    bars = bars[:MAX_BARS]
    height = TOP + ROW * len(bars) + EDGE
    image, pen = canvas(height + (below.height // SCALE if below else 0))
    if below:
        image.paste(below, (0, height * SCALE))
    write(pen, EDGE, 22, _clipped(title, MAX_TITLE), 17)
    for place, one in enumerate(bars):
        _png_row(pen, one, TOP + ROW * place)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _png_row(pen: ImageDraw.ImageDraw, bar: Bar, top: int) -> None:
    middle = top + ROW / 2
    colour = COLOURS.get(bar.tone, GRAVE)
    shape = shape_of(bar.tone)
    points = [((EDGE + 6 + 6 * x) * SCALE, (middle + 6 * y) * SCALE) for x, y in shape.points]
    if shape.filled:
        pen.polygon(points, fill=colour)
    else:
        pen.line([*points, *points[:2]], fill=colour, width=2 * SCALE, joint="curve")
    write(pen, EDGE + 20, middle, _clipped(bar.label, MAX_LABEL), 13)
    _box(pen, top, BAR_WIDTH, TRACK)
    if bar.share > 0:
        _box(pen, top, max(1.0, BAR_WIDTH * _within(bar.share)), colour)
    if bar.expected is not None:
        x = (BAR_LEFT + BAR_WIDTH * _within(bar.expected)) * SCALE
        ends = [(x, (top + 2) * SCALE), (x, (top + ROW - 2) * SCALE)]
        pen.line(ends, fill=BACKGROUND, width=4 * SCALE)
        pen.line(ends, fill=TEXT, width=2 * SCALE)
    write(pen, WIDTH - EDGE, middle, percent(bar.share), 13, "rm")


def _box(pen: ImageDraw.ImageDraw, top: int, width: float, colour: str) -> None:
    left, right = BAR_LEFT * SCALE, (BAR_LEFT + width) * SCALE
    pen.rectangle((left, (top + 5) * SCALE, right - 1, (top + ROW - 5) * SCALE), fill=colour)


def write(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, anchor: str = "lm") -> None:
    font = ImageFont.load_default(size * SCALE)
    pen.text((x * SCALE, y * SCALE), _ascii(text), fill=TEXT, font=font, anchor=anchor)


def _ascii(text: str) -> str:
    """Letters without their accents; the signs that we use ourselves in their plain form; “?” for other scripts."""
    plain = text.translate(PLAIN)
    letters = (one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return "".join(one if " " <= one <= "~" else "?" for one in letters)


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
