"""The charts as Discord gets them: pictures of the right size, in the colours of their tones."""

import base64
import io
from uuid import uuid4

from PIL import Image

from bot.charts import SCALE, luck_chart, odds_chart
from contract.luck import Luck, LuckOf, RerollLuck, Successes, SystemLuck, Tally
from contract.rolls import Chance, Chances, Odds, PoolLine, RolledPool
from rolls.charts import HEIGHT
from rules.odds.chart import BAR_LEFT, EDGE, ROW, TOP, WIDTH


def chance(label: str, share: float, tone: str) -> Chance:
    return Chance(slug=tone, label=label, tone=tone, colour="#000000", passed=True, chance=share)


def odds(label: str, *outcomes: Chance) -> Odds:
    chances = Chances(outcomes=list(outcomes), win=None, mean=None, least=0, successes=[], beyond=0)
    pool = RolledPool(text=label, dice=1, lines=[PoolLine(label=label, dice=1, trait="", specialty="")])
    more = {"options": {}, "notices": [], "with_reroll": None, "character": None, "chosen": ""}
    return Odds.model_validate(
        {"system": "v5", "label": "", "pool": pool, "chances": chances if outcomes else None, **more}
    )


def luck(systems: list[SystemLuck], course: list[float]) -> Luck:
    nothing = {"rolls": 0, "struck": 0, "cut": False, "chronicle": None, "since": None, "until": None}
    of = LuckOf(kind="player", id=uuid4(), name="Mira")
    sums = {
        "successes": Successes(mean=None, expected=None, difference=0, deviation=None),
        "rerolls": RerollLuck(rolls=0, won=0, expected=0),
    }
    return Luck(of=of, systems=systems, checks=[], course=course, text="", **nothing, **sums)


OUTCOMES = (
    chance("Critical win", 0.125, "critical"),
    chance("Failure – Zażółć 夜", 0.875, "failure"),
    chance("Botch", 0.0, "botch"),
)


def opened(chart: str | None) -> Image.Image:
    assert chart
    image = Image.open(io.BytesIO(base64.b64decode(chart)))
    assert image.format == "PNG"
    return image.convert("RGB")


def test_the_png_shows_every_bar() -> None:
    image = opened(odds_chart(odds("Zażółć – 夜 pool", *OUTCOMES)))
    assert image.size == (WIDTH * SCALE, (TOP + 3 * ROW + EDGE) * SCALE)
    start, middle = (BAR_LEFT + 2) * SCALE, [(TOP + ROW * place + ROW // 2) * SCALE for place in range(3)]
    assert image.getpixel((start, middle[0])) == (0x66, 0xFF, 0xCC)
    assert image.getpixel((start, middle[1])) == (0xB5, 0xBA, 0xC1)
    track = image.getpixel((start + 200, middle[0]))
    assert image.getpixel((start, middle[2])) == image.getpixel((start + 100, middle[2])) == track


def test_its_text_is_drawn_without_any_font_of_the_system() -> None:
    image = opened(odds_chart(odds("Strength", *OUTCOMES)))
    title = image.crop((0, 0, WIDTH * SCALE, TOP * SCALE))
    assert len(title.getcolors(maxcolors=10_000) or ()) > 10


def test_what_cannot_be_counted_has_no_chart() -> None:
    assert odds_chart(odds("2d6")) is None


def test_the_course_of_the_luck_stands_under_its_bars() -> None:
    won = Tally(slug="success", label="Success", tone="success", colour="#000000", count=1, expected=0.5)
    vampire = SystemLuck(
        system="v5",
        label="Vampire",
        rolls=2,
        mean=None,
        expected=None,
        passed=1,
        passed_expected=0.5,
        outcomes=[won],
    )
    alone = opened(luck_chart(luck([vampire], [])))
    with_course = opened(luck_chart(luck([vampire], [0.0, 1.5, -2.0])))
    assert with_course.height == alone.height + HEIGHT * SCALE
    assert luck_chart(luck([], [])) is None
