"""The rank card as a PNG: portrait, level, points, streak and the newest badges, in the pages' own font."""

import base64
import io
import logging
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import resvg_py
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from contract.badges import Badge
from contract.points import Progress
from contract.translation import _, n_
from discordauth.models import CustomUser
from haven.models import Character
from progress.avatars import avatar_of
from uploads.pictures import DECODER_ERRORS

log = logging.getLogger(__name__)

BACKEND = Path(__file__).parents[1]
# Inter with Latin letters only; other scripts take what the system has.
FONT = BACKEND / "bot" / "fonts" / "inter-latin.ttf"
DRAWINGS = BACKEND / "main" / "static" / "main" / "img" / "badges.svg"
SVG = "{http://www.w3.org/2000/svg}"
WIDTH, HEIGHT, SCALE = 640, 240, 2
SIDE, LEFT = 168, 232
GROUND, EDGE, TEXT, MUTED, ACCENT = "#1e1a1c", "#3a3236", "#f2ede4", "#b9b0a8", "#d2455a"
SHOWN_BADGES = 8
FITS = 24


def card(user: CustomUser, progress: Progress) -> str:
    """The PNG, in base64."""
    picture = resvg_py.svg_to_bytes(
        svg_string=_svg(progress, portrait(user)), zoom=SCALE, font_files=[str(FONT)]
    )
    return base64.b64encode(bytes(picture)).decode()


def portrait(user: CustomUser) -> str:
    """The portrait of the character that this person changed last, else the picture of their account, as a data URI;
    empty without one.
    """
    rows = Character.objects.filter(owner=user, deleted_at=None).exclude(avatar="")
    path = rows.order_by("-updated_at").values_list("avatar", flat=True).first()
    try:
        if path is not None:
            with default_storage.open(path) as stored:
                return _drawn(stored)
        avatar = avatar_of(user)
        return _drawn(io.BytesIO(avatar)) if avatar else ""
    except DECODER_ERRORS as error:
        log.warning("no portrait on a rank card: %s", error)
        return ""


def _drawn(stored: IO[bytes]) -> str:
    with Image.open(stored, formats=("WEBP",)) as picture:
        square = ImageOps.fit(picture.convert("RGBA"), (SIDE * SCALE, SIDE * SCALE))
    written = io.BytesIO()
    square.save(written, "PNG")
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"


def _svg(progress: Progress, picture: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="Inter, sans-serif" fill="{TEXT}">'
        f'<defs><clipPath id="round"><circle cx="120" cy="120" r="{SIDE // 2}"/></clipPath></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>'
        f'<rect x="8" y="8" width="{WIDTH - 16}" height="{HEIGHT - 16}" rx="12" fill="none" stroke="{EDGE}" '
        f'stroke-width="2"/>{_face(progress.user.name, picture)}{"".join(_lines(progress))}</svg>'
    )


def _face(name: str, picture: str) -> str:
    ring = f'<circle cx="120" cy="120" r="{SIDE // 2}" fill="{EDGE}" stroke="{ACCENT}" stroke-width="3"/>'
    if picture:
        corner = 120 - SIDE // 2
        return (
            f'{ring}<image xlink:href="{picture}" x="{corner}" y="{corner}" width="{SIDE}" height="{SIDE}" '
            f'clip-path="url(#round)"/>'
        )
    return (
        f'{ring}<text x="120" y="148" font-size="80" text-anchor="middle">{escape(name[:1].upper())}</text>'
    )


def _lines(progress: Progress) -> Iterator[str]:
    name, level = progress.user.name, progress.level
    size = min(30, 30 * FITS // max(len(name), 1)) if len(name) > FITS else 30
    yield _text(58, max(size, 12), name, bold=True)
    place = _("Level {level}", level=level.level)
    if progress.rank:
        place = _("Level {level} · place {rank}", level=level.level, rank=progress.rank)
    yield _text(88, 17, place, colour=MUTED)
    width = WIDTH - LEFT - 32
    into = (progress.points - level.begins) / (level.next - level.begins)
    yield f'<rect x="{LEFT}" y="104" width="{width}" height="12" rx="6" fill="{EDGE}"/>'
    filled = max(0.0, min(1.0, into)) * width
    yield f'<rect x="{LEFT}" y="104" width="{filled:.0f}" height="12" rx="6" fill="{ACCENT}"/>'
    yield _text(142, 17, n_("{count} point", "{count} points", progress.points))
    streak = n_("{count} day in a row", "{count} days in a row", progress.streak.current)
    yield f'<text x="{WIDTH - 32}" y="142" font-size="17" text-anchor="end">{escape(streak)}</text>'
    for place_, badge in enumerate(progress.badges[:SHOWN_BADGES]):
        yield _badge(badge, LEFT + place_ * 46)
    if not progress.badges:
        yield _text(190, 15, _("No badges yet."), colour=MUTED)


def _text(y: int, size: int, text: str, *, colour: str = TEXT, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{LEFT}" y="{y}" font-size="{size}" fill="{colour}"{weight}>{escape(text)}</text>'


def _badge(badge: Badge, left: int) -> str:
    frame = "prestige" if badge.prestige else badge.group
    stroke = f'fill="none" stroke="{TEXT}" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<g transform="translate({left} 166) scale(0.8)" {stroke} stroke-width="2">{_drawing(f"frame-{frame}")}</g>'
        f'<g transform="translate({left + 9.6:.1f} 175.6) scale(0.8)" {stroke} stroke-width="1.5">'
        f"{_drawing(badge.slug)}</g>"
    )


@cache
def _drawing(slug: str) -> str:
    """A drawing of the pages; nothing for one that there is not."""
    ElementTree.register_namespace("", SVG[1:-1])
    symbols = ElementTree.parse(DRAWINGS).getroot().iter(f"{SVG}symbol")  # noqa: S314  (a file of ours)
    found = next((symbol for symbol in symbols if symbol.get("id") == slug), ())
    return "".join(ElementTree.tostring(part, encoding="unicode") for part in found)
