"""Draws the dice as pictures, one for each kind and face: 128 × 128 pixels, sharp at the size of a line of text.

As on the pages, shape and filling carry the meaning and colour only adds: what wins is filled, what loses is hollow,
what counts for more has rays, and what makes matters worse has an outline of its own. Each kind has its own body.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

import resvg_py

from contract.dice_faces import ACE, Face, Options, face
from contract.rolls import Die
from rodbot.core.config import BACKEND

SIZE = 128
FONT = BACKEND / "bot" / "fonts" / "inter-latin.ttf"
INK, PAPER, STONE = "#1d1e22", "#f6f3ea", "#7c808a"
NONE = Face("", "")


class Look(NamedTuple):
    """The body of a kind of dice as SVG without its end, and its colours: filled, and the dark of a hollow one."""

    body: str
    bright: str
    dark: str
    number: str = PAPER


SQUARE = '<rect x="10" y="10" width="108" height="108" rx="22"'
CIRCLE = '<circle cx="64" cy="64" r="55"'
LEAF = '<path d="M10 26 Q10 10 26 10 H82 Q118 10 118 46 V102 Q118 118 102 118 H46 Q10 118 10 82 Z"'
HEXAGON = '<path d="M64 6 L116 35 V93 L64 122 L12 93 V35 Z" stroke-linejoin="round"'
RAYS = (
    '<path d="M64 1 L79 20 L102 13 L105 37 L127 47 L115 68 L125 90 L102 98 L96 121 L73 114 L55 127 L42 107 L18 109 '
    'L18 85 L1 69 L17 52 L11 29 L35 25 L45 4 Z" stroke-linejoin="round"'
)
CROSS = (
    '<path d="M30 6 L64 32 L98 6 L122 30 L96 64 L122 98 L98 122 L64 96 L30 122 L6 98 L32 64 L6 30 Z" '
    'stroke-linejoin="round"'
)
TRIANGLE = '<path d="M6 14 H122 L64 122 Z" stroke-linejoin="round"'
SKULL = (
    '<path d="M64 8 C27 8 10 34 10 60 C10 78 19 88 32 94 V112 Q32 120 40 120 H88 Q96 120 96 112 V94 '
    'C109 88 118 78 118 60 C118 34 101 8 64 8 Z"'
)
SOCKETS = (
    '<circle cx="43" cy="60" r="15"/><circle cx="85" cy="60" r="15"/><path d="M64 74 L72 92 H56 Z"/>'
    '<path d="M53 102 V120 M75 102 V120" stroke-width="7"/>'
)
MOON = '<path d="M84 12 A56 56 0 1 0 118 56 A30 30 0 0 1 84 12 Z"'

REGULAR = Look(SQUARE, PAPER, INK, INK)
LOOKS = {
    "hunger": Look(CIRCLE, "#d3202f", "#4a0c13"),
    "rage": Look(LEAF, "#c4560f", "#461f06"),
    "desperation": Look(HEXAGON, "#7d4fd1", "#2c1a52"),
    "nightmare": Look(CIRCLE, "#3f6fd0", "#15264b"),
}
# The outline of what is worse than a failure.
WORST = {"bestial": SKULL, "despair": CROSS, "brutal": TRIANGLE, "cancels": CROSS, "dramatic": CROSS}
# What counts for more than a success.
MORE = ("critical", "counts twice", "rolls again")


class Picture(NamedTuple):
    """The name of an emoji, and what it shows."""

    name: str
    kind: str
    value: int
    word: str


def picture_of(die: Die, shown: Face | None) -> Picture:
    """The picture of a ten-sided die that shows this face; None is one that carries no mark."""
    kind = die.kind if die.kind in LOOKS else ""
    word = (shown or NONE).word
    name = "_".join(filter(None, (kind or "die", word.replace(" ", "_"), str(die.value))))
    return Picture(name, kind, die.value, word)


def every_picture() -> Iterator[Picture]:
    """The pictures of every face that the dice of the games can show, the most frequent first."""
    found = dict.fromkeys(picture_of(die, face(system, die, options)) for system, die, options in _dice())
    return iter(found)


def _dice() -> Iterator[tuple[str, Die, Options]]:
    for system, kinds in {"v5": ("hunger",), "w5": ("rage",), "h5": ("desperation",)}.items():
        yield from ((system, die, {}) for die in _faces("regular", *kinds))
    for difficulty, specialty, no_botch in product((10, 2), ("", "Claws"), (False, True)):
        options: Options = {"difficulty": difficulty, "specialty": specialty, "no_botch": no_botch}
        yield from (("wod20", die, options) for die in _faces("regular", "nightmare"))
    for target, again in product((2, 10), (8, 11)):
        yield from (("cod", die, {"target": target, "again": again}) for die in _faces("regular"))
    yield from (("cod", die, {}) for die in _faces("chance"))
    yield from (("wod20", die, {"difficulty": None}) for die in _faces("regular", "nightmare"))


def _faces(*kinds: str) -> Iterable[Die]:
    return (Die(value=value, kind=kind, sides=ACE) for kind in kinds for value in range(1, ACE + 1))


def svg(picture: Picture) -> str:
    """The picture as SVG."""
    look = LOOKS.get(picture.kind, REGULAR)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" font-family="Inter" '
        f'text-anchor="middle">{_drawing(picture, look)}</svg>'
    )


def _drawing(picture: Picture, look: Look) -> str:
    word = picture.word
    if word == "bestial":
        return f'{SKULL} fill="{look.bright}"/><g fill="{look.dark}" stroke="{look.dark}">{SOCKETS}</g>'
    if word == "nightmare":
        return _filled(MOON, look.bright, INK) + _number(picture.value, PAPER, 66, 58, 90)
    if word in WORST:
        low = 64 if word == "brutal" else 86
        return _filled(WORST[word], look.dark, "#ff5c5c", 7) + _number(picture.value, PAPER, 64, at_y=low)
    if word in MORE:
        return _filled(RAYS, look.bright, INK, 4) + _number(picture.value, look.number, 66)
    if word == "success":
        return _filled(look.body, look.bright, INK) + _number(picture.value, look.number)
    if word == "failure":
        return _filled(look.body, look.dark, STONE, 7) + _number(picture.value, "#c9ccd3")
    return _filled(look.body, STONE, INK) + _number(picture.value, PAPER)


def _filled(body: str, colour: str, edge: str, width: int = 5) -> str:
    return f'{body} fill="{colour}" stroke="{edge}" stroke-width="{width}"/>'


def _number(value: int, colour: str, size: int = 82, at_x: int = 64, at_y: int = 0) -> str:
    """A number in the middle, its strokes made bolder. Two digits stand closer together."""
    close = ' letter-spacing="-5"' if value > 9 else ""
    return (
        f'<text x="{at_x + 3 if close else at_x}" y="{at_y or 64 + size * 0.36:.0f}" font-size="{size}"{close} '
        f'fill="{colour}" stroke="{colour}" stroke-width="4">{value}</text>'
    )


def png(picture: Picture) -> bytes:
    """The picture as Discord takes it."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg(picture), font_files=[str(FONT)], skip_system_fonts=True)
    )
