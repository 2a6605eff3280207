"""The chapters of a recording as files: for YouTube, as WebVTT, and as JSON for podcasts."""

from collections.abc import Callable, Mapping
from html import escape

import orjson

from contract.replay import Chapters
from contract.timecodes import timecode


def youtube(found: Chapters) -> str:
    """Lines for the description of a video: `00:00 Title`."""
    return "".join(f"{timecode(chapter.seconds)} {chapter.title}\n" for chapter in found.chapters)


def webvtt(found: Chapters) -> str:
    ends = [chapter.seconds for chapter in found.chapters[1:]]
    ends.append(max(found.length, found.chapters[-1].seconds + 1))
    cues = [
        f"{number}\n{_clock(chapter.seconds)} --> {_clock(end)}\n{escape(chapter.title, quote=False)}\n"
        for number, (chapter, end) in enumerate(zip(found.chapters, ends, strict=True), 1)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def podcast(found: Chapters) -> str:
    """Version 1.2 of the JSON chapters of podcasts."""
    listed = [{"startTime": chapter.seconds, "title": chapter.title} for chapter in found.chapters]
    return orjson.dumps({"version": "1.2.0", "chapters": listed}, option=orjson.OPT_INDENT_2).decode()


# By the ending of the file: its type and what writes it.
FILES: Mapping[str, tuple[str, Callable[[Chapters], str]]] = {
    "txt": ("text/plain; charset=utf-8", youtube),
    "vtt": ("text/vtt; charset=utf-8", webvtt),
    "json": ("application/json+chapters; charset=utf-8", podcast),
}
