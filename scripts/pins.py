"""Reads and rewrites the pins (`name==version`) of a requirements file. Standard library only.

Whatever stands around a version stays: comments, order, extras, markers, line ends, pins of another kind.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<extras>\[[^\]]*\])?\s*===?\s*(?P<version>[\w.!+-]+)"
    r"(?:\s*;(?P<marker>[^#\\\n]*))?(?P<rest>\s*(?:#.*|\\)?)$"
)
OTHER = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@#].*)?$")
# PEP 440, with the spellings that it takes for the same.
VERSION = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<stage>alpha|a|beta|b|preview|pre|rc|c)[-_.]?(?P<number>\d*))?"
    r"(?:-(?P<implicit>\d+)|(?P<post>[-_.]?(?:post|rev|r)[-_.]?(?P<after>\d*)))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<before>\d*))?(?:\+(?P<local>[a-z\d]+(?:[-_.][a-z\d]+)*))?",
    re.IGNORECASE,
)
STAGES = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
BEFORE_ALL, AFTER_ALL = -1, 3
Order = tuple[object, ...]


@dataclass(frozen=True)
class Pin:
    """One pinned package; `start` and `end` frame its version in the text of the file."""

    name: str
    version: str
    marker: str
    start: int
    end: int


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> list[Pin]:
    return [_pin(match, start) for start, line in _lines(text) if (match := PIN.match(line))]


def names(text: str) -> set[str]:
    """Every package that the file names, pinned or not."""
    return {
        normal(match["name"]) for _, line in _lines(text) if (match := PIN.match(line) or OTHER.match(line))
    }


def rewritten(text: str, versions: Mapping[Pin, str]) -> str:
    """Give pins of the text new versions."""
    for pin in sorted(versions, key=lambda pin: pin.start, reverse=True):
        text = text[: pin.start] + versions[pin] + text[pin.end :]
    return text


def is_newer(version: str, than: str) -> bool:
    return order(version) > order(than)


def order(version: str) -> Order:
    """Return what versions are compared by (PEP 440); what is no version comes before all that are."""
    match = VERSION.fullmatch(version.strip())
    if not match:
        return (-1, version)
    release = tuple(map(int, re.sub(r"(?:\.0+)*$", "", match["release"]).split(".")))
    return (int(match["epoch"] or 0), release, *_stage(match), *_after(match), _before(match), _local(match))


def _stage(match: re.Match[str]) -> tuple[int, int]:
    if match["stage"]:
        return STAGES[match["stage"].lower()], int(match["number"] or 0)
    lone_dev = match["dev"] and not match["post"] and not match["implicit"]
    return (BEFORE_ALL if lone_dev else AFTER_ALL), 0


def _after(match: re.Match[str]) -> tuple[int, int]:
    if match["implicit"]:
        return 1, int(match["implicit"])
    return (1, int(match["after"] or 0)) if match["post"] else (0, 0)


def _before(match: re.Match[str]) -> tuple[int, int]:
    return (0, int(match["before"] or 0)) if match["dev"] else (1, 0)


def _local(match: re.Match[str]) -> tuple[tuple[int, int, str], ...]:
    parts = re.split(r"[-_.]", (match["local"] or "").lower()) if match["local"] else []
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line with the place that it begins at, without its end."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)


def _pin(match: re.Match[str], start: int) -> Pin:
    marker = re.sub(r"\s+", "", match["marker"] or "").replace("'", '"')
    begin, end = match.span("version")
    return Pin(normal(match["name"]), match["version"], marker, start + begin, start + end)
