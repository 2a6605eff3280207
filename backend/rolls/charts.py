"""What odds and luck look like as bars, and how luck ran; pages draw them as SVG, Discord gets them as PNG."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from rules.odds.chart import Bar

Json = Mapping[str, Any]
WIDTH, HEIGHT, EDGE = 480, 150, 16


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


def course_svg(title: str, course: Sequence[float]) -> str:
    """How far one was above or below what was expected, roll by roll; empty with fewer than two points."""
    if len(course) < 2:
        return ""
    high = max(1.0, *(abs(one) for one in course))
    step = (WIDTH - 2 * EDGE) / (len(course) - 1)
    middle = HEIGHT / 2
    points = " ".join(
        f"{EDGE + step * place:.1f},{middle - value / high * (middle - EDGE):.1f}"
        for place, value in enumerate(course)
    )
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
