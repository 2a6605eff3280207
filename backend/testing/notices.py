"""Notices as people read them."""

from collections.abc import Iterable

from contract.base import Json
from contract.notices import read, sentence
from rules.notices import Notice


def sentences(notices: Iterable[Notice | Json]) -> list[str]:
    """Of those that the rules made, and of those in JSON."""
    found = (notice.as_json() if isinstance(notice, Notice) else notice for notice in notices)
    return [sentence(read(notice)) for notice in found]
