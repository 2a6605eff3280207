"""What odds and luck look like as bars, and how luck ran; pages draw them as SVG, Discord gets them as PNG."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from PIL import Image

from rules.odds.chart import SCALE, TEXT, TRACK, WIDTH, Bar, canvas, write

Json = Mapping[str, Any]
HEIGHT, EDGE = 150, 16


def odds_bars(chances: Json) -> list[Bar]:
    return [Bar(one["label"], one["chance"], one["tone"]) for one in chances["outcomes"]]


def luck_bars(found: Json) -> list[Bar]:
    """Each outcome's share of the rolls of its system, with a stroke where it was expected."""
    many = len(found["systems"]) > 1
    return [
        Bar(
            f"{system['label']}: {one['label']}" if many else one["label"],
            one["count"] / system["rolls"],
            one["tone"],
            one["expected"] / system["rolls"],
        )
        for system in found["systems"]
        if system["rolls"]
        for one in system["outcomes"]
    ]


def course_points(course: Sequence[float], high: float) -> list[tuple[float, float]]:
    """Where each point stands in a picture of WIDTH × HEIGHT; `high` is as far as it goes up or down."""
    step = (WIDTH - 2 * EDGE) / (len(course) - 1)
    middle = HEIGHT / 2
    return [
        (EDGE + step * place, middle - value / high * (middle - EDGE)) for place, value in enumerate(course)
    ]


def course_png(course: Sequence[float]) -> Image.Image | None:
    """The same on Discord's dark ground, to stand under the bars; None with fewer than two points."""
    if len(course) < 2:
        return None
    high = max(1.0, *(abs(one) for one in course))
    image, pen = canvas(HEIGHT)
    middle = HEIGHT / 2
    pen.line(_scaled([(EDGE, middle), (WIDTH - EDGE, middle)]), fill=TRACK, width=SCALE)
    pen.line(_scaled(course_points(course, high)), fill=TEXT, width=2 * SCALE, joint="curve")
    write(pen, EDGE, 10, f"+{high:.0f} successes: the running difference", 12)
    write(pen, EDGE, HEIGHT - 8, f"-{high:.0f}", 12)
    return image


def _scaled(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def course_svg(title: str, course: Sequence[float]) -> str:
    """How far one was above or below what was expected, roll by roll; empty with fewer than two points."""
    if len(course) < 2:
        return ""
    high = max(1.0, *(abs(one) for one in course))
    middle = HEIGHT / 2
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in course_points(course, high))
    told = (
        f"from {course[0]:+.1f} to {course[-1]:+.1f}; at most {max(course):+.1f}, at least {min(course):+.1f}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(f"{title}: {told}")}" fill="none" stroke="currentColor" font-family="inherit">'
        f'<line x1="{EDGE}" y1="{middle}" x2="{WIDTH - EDGE}" y2="{middle}" stroke-dasharray="3 4" opacity=".5"/>'
        f'<polyline points="{points}" stroke-width="2" stroke-linejoin="round"/>'
        f'<text x="{EDGE}" y="14" font-size="12" fill="currentColor" stroke="none">+{high:.0f} successes</text>'
        f'<text x="{EDGE}" y="{HEIGHT - 4}" font-size="12" fill="currentColor" stroke="none">−{high:.0f}</text></svg>'
    )
