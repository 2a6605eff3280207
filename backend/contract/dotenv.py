"""The one reader and writer of `.env`, for the settings, the scripts and the Discord process. Standard library only.

A line is empty, a comment, or `NAME=value`, with or without `export` before it. Blanks around name and value do not
count, and neither does what follows a blank and a `#`. In 'single quotes' everything stands for itself; in "double
quotes" `\\"` and `\\\\` are a quote and a backslash. `$` means nothing anywhere.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)[ \t]*=(.*)")
EMPTY = re.compile(r"\s*(?:#.*)?")
QUOTED = re.compile(r"""(?:'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)")(?:\s+#.*)?""")
COMMENT = re.compile(r"\s#.*$")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
PLAIN = re.compile(r"[\w.@:/+=,%~-]*", re.ASCII)
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class ConfigError(Exception):
    """A setting is missing or makes no sense; the text is a sentence for the person who runs the process."""


# By this exit code uvicorn and gunicorn know a worker that would end in the same way however often it is started.
CANNOT_START = 3


def end_process(sentence: str) -> SystemExit:
    """Print the sentence, and return what ends the process without a traceback once it is raised."""
    print(sentence, file=sys.stderr, flush=True)
    ending = SystemExit(sentence)
    ending.code = CANNOT_START
    return ending


@dataclass(frozen=True)
class DotEnv:
    """What a file says: each value, and the line that it stands in."""

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def find(backend: Path) -> Path:
    """Return `backend/.env` if there is one, else the path of the one at the top. Two are one too many."""
    inner, top = backend / ".env", backend.parent / ".env"
    if inner.exists() and top.exists() and not inner.samefile(top):
        raise ConfigError(f"There are two files with settings, {inner} and {top}. Keep one of them.")
    return inner if inner.exists() else top


def read(path: Path) -> DotEnv:
    """Read a file; one that is not there is an empty one."""
    return parse(text_of(path), path)


def text_of(path: Path) -> str:
    """Return the text of a file, without the mark that some editors put before it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ConfigError(
            f"{path} cannot be read ({reason}). Let this user read it, or remove it."
        ) from error
    if content.startswith(WIDE_MARKS) or b"\0" in content:
        raise ConfigError(f"{path} is saved as UTF-16 or is no text. Save it as UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: this is not UTF-8. Save the file as UTF-8.") from error


def parse(text: str, path: Path = Path(".env")) -> DotEnv:
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(LINE_BREAK.split(text.removeprefix("\ufeff")), start=1):
        if EMPTY.fullmatch(line):
            continue
        place = f"{path}, line {number}"
        match = ASSIGNMENT.fullmatch(line)
        if not match:
            raise ConfigError(f"{place}: this is no assignment. Write NAME=value, or put a # before it.")
        name, value = match[1], _value(match[2], f"{place}: {match[1]}")
        if values.get(name, value) != value:
            raise ConfigError(f"{place}: {name} has another value in line {lines[name]}. Keep one of them.")
        values[name], lines[name] = value, number
    return DotEnv(path, values, lines)


def _value(text: str, place: str) -> str:
    if text.lstrip()[:1] not in ("'", '"'):
        return COMMENT.sub("", text).strip()
    match = QUOTED.fullmatch(text.strip())
    if not match:
        raise ConfigError(f"{place} begins with a quote that does not end where the value ends.")
    if match["single"] is not None:
        return match["single"]
    return re.sub(r'\\(["\\])', r"\1", match["double"])


def merge(text: str, values: Mapping[str, str]) -> str:
    """Write the values into their lines of the text, or at its end; other lines stay as they are."""
    left = dict(values)
    written = set()
    lines = []
    for line in LINE_BREAK.split(text.removeprefix("\ufeff").rstrip("\r\n")) if text else ():
        match = ASSIGNMENT.fullmatch(line)
        name = match[1] if match else ""
        if name in left:
            written.add(name)
            line = f"{name}={quote(name, left[name])}"
        lines.append(line)
    lines += [f"{name}={quote(name, value)}" for name, value in left.items() if name not in written]
    return "\n".join(lines) + "\n"


def quote(name: str, value: str) -> str:
    """Write a value so that `parse` reads it back, and a shell does too where the value has no `$`."""
    if LINE_BREAK.search(value) or "\0" in value:
        raise ConfigError(f"{name}: a value in .env may not hold a line break.")
    if PLAIN.fullmatch(value):
        return value
    return f"'{value}'" if "'" not in value else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
