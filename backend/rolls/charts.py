"""What odds and luck look like as bars, and how luck ran."""

from collections.abc import Sequence

from contract.luck import Luck, SystemLuck
from contract.rolls import Chances
from contract.translation import _, n_
from rules.odds.chart import EDGE, WIDTH, Bar, Drawing, framed

HEIGHT = 150


# Of what only adds up or finds something out: it is always what it is, so a bar of it says nothing.
NEUTRAL = "neutral"


def odds_bars(chances: Chances) -> list[Bar]:
    outcomes = [outcome for outcome in chances.outcomes if outcome.tone != NEUTRAL]
    return [Bar(outcome.label, outcome.chance, outcome.tone) for outcome in outcomes]


def luck_bars(found: Luck) -> list[Bar]:
    """Return a bar for each outcome's share of the rolls of its system, marked where it was expected."""
    systems = {
        system.system: [outcome for outcome in system.outcomes if outcome.tone != NEUTRAL]
        for system in found.systems
        if system.rolls
    }
    many = sum(map(bool, systems.values())) > 1
    return [
        Bar(
            f"{system.label}: {outcome.label}" if many else outcome.label,
            outcome.count / system.rolls,
            outcome.tone,
            outcome.expected / system.rolls,
        )
        for system in found.systems
        for outcome in systems.get(system.system, ())
    ]


def system_bars(system: SystemLuck) -> list[Bar]:
    """Return a bar for each outcome that fell with these dice, marked where it was expected."""
    return [
        Bar(outcome.label, outcome.count / system.rolls, outcome.tone, outcome.expected / system.rolls)
        for outcome in system.outcomes
        if outcome.count and outcome.tone != NEUTRAL
    ]


def course_chart(course: Sequence[float]) -> Drawing | None:
    """How far one was above or below what was expected, roll by roll; None with fewer than two points."""
    if len(course) < 2:
        return None
    high = max(1.0, *(abs(value) for value in course))
    step, middle = (WIDTH - 2 * EDGE) / (len(course) - 1), HEIGHT / 2
    points = " ".join(
        f"{EDGE + step * place:.1f},{middle - value / high * (middle - EDGE):.1f}"
        for place, value in enumerate(course)
    )
    above = n_("+{count} success above expectation", "+{count} successes above expectation", round(high))
    line = f'<line x1="{EDGE}" y1="{middle}" x2="{WIDTH - EDGE}" y2="{middle}" stroke-dasharray="3 4" opacity=".5"/>'
    curve = f'<polyline points="{points}" fill="none" stroke-width="2" stroke-linejoin="round"/>'
    return Drawing(
        f'<g stroke="currentColor">{line}{curve}</g>'
        f'<text x="{EDGE}" y="14" font-size="12">{above}</text>'
        f'<text x="{EDGE}" y="{HEIGHT - 4}" font-size="12">−{high:.0f}</text>',
        HEIGHT,
    )


def course_svg(title: str, course: Sequence[float]) -> str:
    drawing = course_chart(course)
    if drawing is None:
        return ""
    said = _(
        "from {first:+.1f} to {last:+.1f}; at most {most:+.1f}, at least {least:+.1f}",
        first=course[0],
        last=course[-1],
        most=max(course),
        least=min(course),
    )
    return framed(drawing, title, said, "course")
