"""The charts as Discord gets them: pictures of the right size, in the colours of their tones."""

import base64
import io
from typing import Any

from PIL import Image

from bot.charts import SCALE, luck_chart, odds_chart
from rolls.charts import HEIGHT
from rules.odds.chart import BAR_LEFT, EDGE, ROW, TOP, WIDTH

OUTCOMES = [
    {"label": "Critical win", "chance": 0.125, "tone": "critical"},
    {"label": "Failure – Zażółć 夜", "chance": 0.875, "tone": "failure"},
    {"label": "Botch", "chance": 0.0, "tone": "botch"},
]


def opened(chart: str | None) -> Image.Image:
    assert chart
    image = Image.open(io.BytesIO(base64.b64decode(chart)))
    assert image.format == "PNG"
    return image.convert("RGB")


def test_the_png_shows_every_bar() -> None:
    image = opened(odds_chart({"pool": {"told": "Zażółć – 夜 pool"}, "chances": {"outcomes": OUTCOMES}}))
    assert image.size == (WIDTH * SCALE, (TOP + 3 * ROW + EDGE) * SCALE)
    start, middle = (BAR_LEFT + 2) * SCALE, [(TOP + ROW * place + ROW // 2) * SCALE for place in range(3)]
    assert image.getpixel((start, middle[0])) == (0x66, 0xFF, 0xCC)
    assert image.getpixel((start, middle[1])) == (0xB5, 0xBA, 0xC1)
    track = image.getpixel((start + 200, middle[0]))
    assert image.getpixel((start, middle[2])) == image.getpixel((start + 100, middle[2])) == track


def test_its_text_is_drawn_without_any_font_of_the_system() -> None:
    image = opened(odds_chart({"pool": {"told": "Strength"}, "chances": {"outcomes": OUTCOMES}}))
    title = image.crop((0, 0, WIDTH * SCALE, TOP * SCALE))
    assert len(title.getcolors(maxcolors=10_000) or ()) > 10


def test_what_cannot_be_counted_has_no_chart() -> None:
    assert odds_chart({"pool": {"told": "2d6"}, "chances": None}) is None


def test_the_course_of_the_luck_stands_under_its_bars() -> None:
    outcome = {"label": "Success", "count": 1, "expected": 0.5, "tone": "success"}
    found: dict[str, Any] = {
        "of": {"name": "Mira"},
        "systems": [{"label": "Vampire", "rolls": 2, "outcomes": [outcome]}],
        "course": [],
    }
    alone = opened(luck_chart(found))
    with_course = opened(luck_chart(found | {"course": [0.0, 1.5, -2.0]}))
    assert with_course.height == alone.height + HEIGHT * SCALE
    assert luck_chart(found | {"systems": []}) is None
