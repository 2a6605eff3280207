"""Charts for Discord: the odds of a pool and the luck of a person as PNG, in base64."""

import base64
from collections.abc import Mapping
from typing import Any

from rules.odds.chart import Bar, png

Json = Mapping[str, Any]


def odds_chart(found: Json) -> str | None:
    """None where there are no exact odds to draw."""
    chances = found.get("chances")
    if not chances:
        return None
    bars = [Bar(one["label"], one["chance"], one["tone"]) for one in chances["outcomes"]]
    return _encoded(f"Odds: {found['pool']['told']}", bars)


def luck_chart(found: Json) -> str | None:
    """Each outcome's share of the rolls of its system, with a stroke where it was expected."""
    many = len(found["systems"]) > 1
    bars = [
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
    return _encoded(f"Luck of {found['of']['name']}", bars)


def _encoded(title: str, bars: list[Bar]) -> str | None:
    return base64.b64encode(png(title, bars)).decode() if bars else None
