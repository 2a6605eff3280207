"""Time zones by their IANA names, as people type them: in any case, by the city alone, by a unique beginning.

The list is that of the pinned package `tzdata`, and so the same on every machine.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, Field

from contract.lookup import LONGEST, did_you_mean, either, matches, quoted
from contract.translation import N_, _

TIME_ZONE = N_("Time zone")


@cache
def zones() -> Mapping[str, tuple[str, ...]]:
    """Every zone → its spellings: its name, and its city."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    named = {name: name.rpartition("/")[2].replace("_", " ") for name in names if name != "Factory"}
    return {name: tuple(dict.fromkeys((name, city))) for name, city in named.items()}


def read_zone(text: str) -> str:
    """The zone's name; "" for none. Raises ValueError with a sentence."""
    typed = text.strip()
    if not typed or typed in zones():
        return typed
    found = matches(typed[: LONGEST + 1], zones())
    if len(found) > 1:
        raise ValueError(
            _("{typed} could be {names}. Type a little more.", typed=quoted(typed), names=either(found[:5]))
        )
    if not found:
        hint = did_you_mean(typed[: LONGEST + 1], [(city, name) for name, (*_name, city) in zones().items()])
        raise ValueError(
            _(
                "There’s no time zone called {typed}. They are named after cities, such as Europe/Berlin.",
                typed=quoted(typed),
            )
            + hint
        )
    return found[0]


ZoneName = Annotated[str, Field(title=TIME_ZONE, max_length=LONGEST), AfterValidator(read_zone)]
