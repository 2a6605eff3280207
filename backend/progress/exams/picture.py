"""A certificate as a PNG, in the pages' own font, which a server need not have installed."""

from html import escape
from pathlib import Path

import resvg_py

from contract.exams import Certificate
from contract.labels import label
from contract.translation import _

# Inter with Latin letters only; other scripts take what the system has.
FONT = Path(__file__).parents[2] / "bot" / "fonts" / "inter-latin.ttf"
WIDTH, HEIGHT, SCALE = 800, 500, 2
MIDDLE = WIDTH // 2
GROUND, FRAME, TEXT, MUTED = "#1e1a1c", "#8c1c2b", "#f2ede4", "#b9b0a8"
# A line is as wide as the frame lets it be: so many letters at the largest size, fewer pixels a letter beyond.
FITS = 26


def png(certificate: Certificate) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=_svg(certificate), zoom=SCALE, font_files=[str(FONT)]))


def described(certificate: Certificate) -> str:
    """The picture in words."""
    return _(
        "{name} passed “{title}” with {score}%.",
        name=name_on(certificate),
        title=certificate.title,
        score=certificate.score,
    )


def name_on(certificate: Certificate) -> str:
    return certificate.name or _("A former player")


def _svg(certificate: Certificate) -> str:
    score = _("{score}% · {day}", score=certificate.score, day=certificate.issued_at.date().isoformat())
    kind = _("Standard exam") if certificate.standard else _("A storyteller’s exam")
    lines = (
        _line(92, 20, MUTED, _("Certificate").upper(), spacing=6),
        _line(178, _size(name_on(certificate), 52), TEXT, name_on(certificate), bold=True),
        _line(232, 20, MUTED, _("passed the exam")),
        _line(290, _size(certificate.title, 36), TEXT, certificate.title),
        _line(336, 18, MUTED, f"{label(certificate.system_label)} · {kind}"),
        _line(392, 24, TEXT, score),
        _line(446, 18, MUTED, certificate.code, spacing=3),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="Inter, sans-serif">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>'
        f'<rect x="18" y="18" width="{WIDTH - 36}" height="{HEIGHT - 36}" rx="14" fill="none" stroke="{FRAME}" '
        f'stroke-width="3"/>{"".join(lines)}</svg>'
    )


def _size(text: str, largest: int) -> int:
    return min(largest, largest * FITS // max(len(text), 1)) if len(text) > FITS else largest


def _line(y: int, size: int, colour: str, text: str, *, bold: bool = False, spacing: int = 0) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{MIDDLE}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="middle" '
        f'letter-spacing="{spacing}"{weight}>{escape(text)}</text>'
    )
