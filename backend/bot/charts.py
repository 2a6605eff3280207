"""Charts for Discord: the odds of a pool and the luck of a person as PNG, in base64."""

import base64

from PIL import Image

from rolls.charts import Json, course_png, luck_bars, odds_bars
from rules.odds.chart import Bar, png


def odds_chart(found: Json) -> str | None:
    """None where there are no exact odds to draw."""
    chances = found.get("chances")
    return _encoded(f"Odds: {found['pool']['told']}", odds_bars(chances)) if chances else None


def luck_chart(found: Json) -> str | None:
    """With the course of the luck under it."""
    return _encoded(f"Luck of {found['of']['name']}", luck_bars(found), course_png(found["course"]))


def _encoded(title: str, bars: list[Bar], below: Image.Image | None = None) -> str | None:
    return base64.b64encode(png(title, bars, below)).decode() if bars else None
