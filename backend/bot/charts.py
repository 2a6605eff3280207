"""Charts for Discord: the odds of a pool and the luck of a person as PNG, in base64.

The pages' SVG on Discord's dark ground, its text in the pages' own font, which a server need not have installed.
"""

import base64
from pathlib import Path

import resvg_py

from chronicle.call import Call
from contract import endpoints
from contract.luck import GetLuck, Luck
from contract.rolls import GetOdds, Odds
from contract.translation import _
from rolls.charts import course_chart, luck_bars, odds_bars
from rolls.operations import rolls
from rules.odds.chart import svg
from timeline.operations import Operation

# Inter at weight 450, Latin letters only; other scripts take what the system has.
FONT = Path(__file__).with_name("fonts") / "inter-latin.ttf"
SCALE = 2  # sharp on phones
BACKGROUND, TEXT, GRAVE = "#1e1f22", "#f2f3f5", "#ff5c5c"
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
STYLE = (
    f"svg {{ color: {TEXT}; font-family: Inter }} g[class] {{ color: {GRAVE} }} g rect {{ opacity: 1 }}"
    + "".join(f" g.{tone} {{ color: {colour} }}" for tone, colour in COLOURS.items())
)


def odds_chart(odds: Odds) -> str | None:
    """None where there are no exact odds to draw."""
    bars = odds_bars(odds.chances) if odds.chances else []
    return _png(svg(f"Odds: {odds.pool.as_sum()}", bars)) if bars else None


def luck_chart(luck: Luck) -> str | None:
    """With the course of the luck under it; None where nothing was rolled."""
    bars, course = luck_bars(luck), course_chart(luck.course)
    return _png(svg(_("Luck of {name}", name=luck.of.name), bars, below=course)) if bars else None


def _png(picture: str) -> str:
    rendered = resvg_py.svg_to_bytes(
        svg_string=picture,
        zoom=SCALE,
        background=BACKGROUND,
        style_sheet=STYLE,
        font_files=[str(FONT)],
    )
    return base64.b64encode(rendered).decode()


def _odds(call: Call, given: GetOdds) -> Odds:
    """Exactly what such a roll would do, with a chart where one is asked for; nothing is rolled."""
    odds = rolls.ODDS.run(call, given)
    return odds.model_copy(update={"chart": odds_chart(odds)}) if given.chart else odds


def _luck(call: Call, given: GetLuck) -> Luck:
    """Actual against expected results, with a chart where one is asked for."""
    luck = rolls.LUCK.run(call, given)
    return luck.model_copy(update={"chart": luck_chart(luck)}) if given.chart else luck


ODDS = Operation("rolls.odds", endpoints.GET_ODDS, _odds, "roll.make", reads=True)
LUCK = Operation("luck.get", endpoints.GET_LUCK, _luck, "chronicle.view", reads=True)
