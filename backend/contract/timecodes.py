"""Places in a recording: `1:02:03`, `12:30`, or seconds."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from contract.base import Whole
from contract.errors import sentence
from contract.translation import N_

DAY = 24 * 60 * 60
# Phones put a real minus before a number.
CLOCK = re.compile(r"([-−]?)(?:([0-9]{1,3}):)?([0-9]{1,4}):([0-9]{2})", re.ASCII)
TIMECODE = N_("Write the time like 12:30 or 1:02:03, with a minus if the recording began before.")


def seconds_of(value: object) -> object:
    """`12:30` → 750; what is no such time stays as it is, for whoever judges it."""
    if not isinstance(value, str):
        return value
    # An emptied control of a form.
    if not value.strip():
        return 0
    found = CLOCK.fullmatch(value.strip())
    if found is None:
        return value
    minus, hours, minutes, seconds = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return -whole if minus else whole


def timecode(seconds: int) -> str:
    """`750` → `12:30`, `3723` → `1:02:03`"""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
    return f"-{clock}" if seconds < 0 else clock


Offset = Annotated[
    Whole,
    BeforeValidator(seconds_of),
    Field(
        ge=-DAY,
        le=DAY,
        description="Seconds from the episode’s start to that of its recording; also 12:30, 1:02:03 or -0:30",
        json_schema_extra=sentence(TIMECODE),
    ),
]
