"""How points came, week by week, as SVG."""

from collections.abc import Sequence

from contract.points import WeekPoints
from contract.translation import _, n_
from rules.odds.chart import EDGE, WIDTH, Drawing, framed

HEIGHT, FOOT, HEAD = 150, 22, 18


def weeks_svg(weeks: Sequence[WeekPoints]) -> str:
    """A column for each week, with its points above it and the day of its Monday under it."""
    high = max(1, *(week.points for week in weeks))
    step = (WIDTH - 2 * EDGE) / len(weeks)
    columns = "".join(_column(week, EDGE + step * place, step, high) for place, week in enumerate(weeks))
    said = "; ".join(
        n_(
            "week of {day}: {count} point",
            "week of {day}: {count} points",
            week.points,
            day=week.week.isoformat(),
        )
        for week in weeks
        if week.points
    )
    return framed(Drawing(columns, HEIGHT), _("Points by week"), said or _("No points yet."), "weeks")


def _column(week: WeekPoints, left: float, step: float, high: int) -> str:
    ground = HEIGHT - FOOT
    # What is taken back may leave a week below nothing.
    height = max(week.points, 0) / high * (ground - HEAD)
    middle = left + step / 2
    shown = f"{week.points}" if week.points else ""
    return (
        f'<rect x="{left + step * 0.14:.1f}" y="{ground - height:.1f}" width="{step * 0.72:.1f}"'
        f' height="{height + 1:.1f}" rx="2" opacity="0.8"/>'
        f'<text x="{middle:.1f}" y="{ground - height - 5:.1f}" text-anchor="middle" font-size="11">{shown}</text>'
        f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle" font-size="10" opacity="0.75">'
        f"{week.week:%m-%d}</text>"
    )
