"""The log of a scene as a file to keep: Markdown or a page of HTML, written piece by piece."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.html import escape

from chat.models import Scene
from contract.chat_scenes import Format, Line
from contract.translation import _, language, speaking

# What would begin another block, or end ours, at the start of a line of Markdown.
BLOCK = re.compile(
    r"^(\s{0,3})(#{1,6}(?=\s|$)|`{3,}|~{3,}|[-*_=](?:\s*[-*_=]){2,}\s*$|\d+[.)](?=\s)|>)", re.MULTILINE
)
INLINE = re.compile(r"([\\`*_\[\]<>#|~])")
UNSAFE = re.compile(r"[^A-Za-z0-9]+")
MAX_NAME = 60
STYLE = (
    "body{font:1.05rem/1.6 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1{margin-bottom:.2rem}.about,.roll,time{color:#666}.roll,time{font:0.85rem/1.5 system-ui,sans-serif}"
    "article{margin:1.2rem 0}.aside{border-left:3px solid #b9a;padding-left:.8rem}"
    ".spoiler{background:#ddd}@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def written(row: Scene, lines: Iterable[Line], format: Format, zone: ZoneInfo) -> Iterator[str]:
    """The file in pieces, in the language of this moment, whenever they are asked for."""
    wanted = language()
    pieces = _markdown(row, lines, zone) if format == "md" else _html(row, lines, zone, wanted)

    def spoken() -> Iterator[str]:
        while True:
            with speaking(wanted):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return spoken()


def disposition(row: Scene, format: Format) -> str:
    """The header that names the file: letters of ASCII for all, the title for those who read UTF-8."""
    plain = unicodedata.normalize("NFKD", row.title).encode("ascii", "ignore").decode()
    name = UNSAFE.sub("-", plain).strip("-")[:MAX_NAME] or "scene"
    whole = quote(f"{_safe_title(row.title)}.{format}", safe="")
    return f"attachment; filename=\"{name.lower()}.{format}\"; filename*=UTF-8''{whole}"


def _safe_title(title: str) -> str:
    """Without what is no part of a file’s name on some system, and nothing that begins with a dot."""
    kept = "".join(
        " " if char in '\\/:*?"<>|' or unicodedata.category(char)[0] == "C" else char for char in title
    )
    return " ".join(kept.split()).strip(". ")[:MAX_NAME] or "scene"


def _about(row: Scene, zone: ZoneInfo) -> str:
    day = _moment(row.opened_at, zone)
    parts = [row.chronicle.name, row.place, day]
    return " · ".join(part for part in parts if part)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _markdown(row: Scene, lines: Iterable[Line], zone: ZoneInfo) -> Iterator[str]:
    yield f"# {_plain(row.title)}\n\n*{_plain(_about(row, zone))}*\n"
    for line in lines:
        aside = _("whispered") if line.aside else ""
        name = f"**{_plain(line.name)}** ({aside})" if aside else f"**{_plain(line.name)}**"
        yield f"\n{name}: {_text(line.text)}\n"
        for roll in line.rolls:
            yield f"\n> {_plain(roll)}\n"


def _plain(text: str) -> str:
    """Words that mean nothing to Markdown."""
    return INLINE.sub(r"\\\1", " ".join(text.split()))


def _text(text: str) -> str:
    """What somebody wrote, in their own Markdown, without what would be HTML or take the log apart."""
    return BLOCK.sub(r"\1\\\2", text.replace("<", "&lt;"))


def _html(row: Scene, lines: Iterable[Line], zone: ZoneInfo, wanted: str) -> Iterator[str]:
    title = escape(row.title)
    yield (
        f'<!doctype html>\n<html lang="{wanted}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p class="about">{escape(_about(row, zone))}</p>\n'
    )
    for line in lines:
        yield _article(line, zone)
    yield "</body>\n</html>\n"


def _article(line: Line, zone: ZoneInfo) -> str:
    """`line.html` was cleaned when it was made."""
    aside = ' class="aside"' if line.aside else ""
    rolls = "".join(f'<p class="roll">{escape(roll)}</p>\n' for roll in line.rolls)
    return (
        f"<article{aside}>\n<p><strong>{escape(line.name)}</strong> "
        f"<time>{_moment(line.at, zone)}</time></p>\n{line.html}\n{rolls}</article>\n"
    )
