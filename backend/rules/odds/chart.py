"""Bars as data, drawn as SVG in the colour of the text around it; a style sheet may colour each tone by its class.

What an outcome is can be read without colours: each tone has a shape, each bar a label and its number.
"""

import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from contract.translation import _, decimal

WIDTH, ROW, TOP, EDGE = 480, 26, 44, 16
LABEL_WIDTH, VALUE_WIDTH = 168, 64
BAR_LEFT = EDGE + LABEL_WIDTH
BAR_WIDTH = WIDTH - EDGE - BAR_LEFT - VALUE_WIDTH
MAX_BARS = 30
MAX_LABEL = 24
MAX_TITLE = 54

Point = tuple[float, float]


class Bar(NamedTuple):
    """`share` from 0 to 1. `expected` is marked on the bar with a stroke; None for none."""

    label: str
    share: float
    tone: str = "neutral"
    expected: float | None = None


class Drawing(NamedTuple):
    """SVG elements WIDTH wide."""

    body: str
    height: int


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


def percent(share: float) -> str:
    """`62.5%`; what is neither impossible nor certain never looks so."""
    if 0 < share < 0.0005:
        return f"<{decimal(0.1, 1)}%"
    if 0.9995 <= share < 1:
        return f">{decimal(99.9, 1)}%"
    # Halves go up, as people round; the rest of a float does not spoil one.
    return f"{decimal(math.floor(share * 1000 + 0.5 + 1e-9) / 10, 1)}%"


def described(bars: Iterable[Bar]) -> str:
    """The chart in words: the description of the picture, the alt text of the attachment."""
    return "; ".join(
        (
            f"{bar.label} {percent(bar.share)}"
            if bar.expected is None
            else _(
                "{label} {share} (expected {expected})",
                label=bar.label,
                share=percent(bar.share),
                expected=percent(bar.expected),
            )
        )
        for bar in bars
    )


def svg(title: str, bars: Sequence[Bar], key: str = "chart", below: Drawing | None = None) -> str:
    """Draw the bars, with another drawing under them where there is one. `key` keeps ids apart on a page."""
    bars = bars[:MAX_BARS]
    heading = f'<text x="{EDGE}" y="26" font-size="16" font-weight="bold">{escape(_clipped(title, MAX_TITLE))}</text>'
    rows = "".join(_row(bar, TOP + ROW * place) for place, bar in enumerate(bars))
    height = TOP + ROW * len(bars) + EDGE
    if below:
        rows += f'<g transform="translate(0 {height})">{below.body}</g>'
    drawing = Drawing(heading + rows, height + (below.height if below else 0))
    return framed(drawing, title, described(bars), key)


def framed(drawing: Drawing, title: str, description: str, key: str) -> str:
    """Complete an inline SVG with its name and description for those who do not see it."""
    name = re.sub(r"[^a-z0-9]+", "-", key.lower())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" fill="currentColor" font-family="inherit" font-size="13">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{drawing.body}</svg>'
    )


def _row(bar: Bar, top: int) -> str:
    middle = top + ROW / 2
    shape = shape_of(bar.tone)
    points = " ".join(f"{EDGE + 6 + 6 * x:.1f},{middle + 6 * y:.1f}" for x, y in shape.points)
    paint = "" if shape.filled else ' fill="none" stroke="currentColor" stroke-width="1.5"'
    box = f'x="{BAR_LEFT}" y="{top + 5}" height="{ROW - 10}"'
    width = BAR_WIDTH * _within(bar.share)
    return (
        f'<text x="{EDGE + 20}" y="{middle + 4.5:.1f}">{escape(_clipped(bar.label, MAX_LABEL))}</text>'
        f'<rect {box} width="{BAR_WIDTH}" opacity="0.15"/>'
        f'<g class="{bar.tone}"><polygon points="{points}"{paint}/><rect {box} width="{width:.1f}" opacity="0.8"/></g>'
        f"{_mark(bar, top)}"
        f'<text x="{WIDTH - EDGE}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(percent(bar.share))}</text>'
    )


def _mark(bar: Bar, top: int) -> str:
    if bar.expected is None:
        return ""
    x = BAR_LEFT + BAR_WIDTH * _within(bar.expected)
    return f'<path d="M{x:.1f} {top + 2}v{ROW - 4}" stroke="currentColor" stroke-width="2"/>'


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
