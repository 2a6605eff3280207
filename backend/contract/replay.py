"""A recorded episode: which moment of it somebody looks at, and the chapters of its video."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contract.base import Answer, Input, Whole
from contract.base import Moment as Time
from contract.errors import sentence
from contract.stage import MomentKind
from contract.timecodes import DAY, seconds_of
from contract.translation import N_, _

WHEN = N_("Write the place in the recording like 12:30, in seconds, or as a moment like 2026-12-24T19:30Z.")
ChapterKind = Literal["start", "title", "conflict"] | MomentKind


def _read(value: object) -> object:
    """Digits are seconds; in an address a plus is a space. Whatever else it is, it is refused."""
    if isinstance(value, str):
        text = value.strip().replace(" ", "+")
        value = _number(text) if text else None
    if isinstance(value, bool) or (isinstance(value, int) and not 0 <= value <= 2 * DAY):
        raise ValueError(_(WHEN))
    return value


def _number(text: str) -> object:
    if text.isdecimal() and text.isascii() and len(text) < 10:
        return int(text)
    found = seconds_of(text)
    return found if isinstance(found, int) else _moment(text)


def _moment(text: str) -> datetime:
    """What has no offset is in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_(WHEN)) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Second = Annotated[int, Field(strict=True)]
At = Annotated[Second | Time | None, BeforeValidator(_read), Field(json_schema_extra=sentence(WHEN))]


class Replay(Input):
    """`at`: seconds into the recording of an episode, the latest if none is named; or a moment. Null: now."""

    at: At = None
    episode: Annotated[Whole, Field(ge=1, le=100_000)] | None = None


class Chapter(Answer):
    """A place in the recording, in seconds from its beginning."""

    seconds: int
    title: str
    kind: ChapterKind
    at: Time


class Chapters(Answer):
    """`length`: seconds of the recording, as far as it is public."""

    length: int
    chapters: list[Chapter]
