"""Which values of a character are words of a list, by the declaration of its traits."""

from collections.abc import Iterable
from functools import cache

from haven.registry import SPLATS

# The paths of events that change who sees a trait; their values are levels.
VISIBILITY_PATH = "visibility."


@cache
def choice_paths(splat: str) -> frozenset[str]:
    """`clan`, `status`, …; none where nobody knows such a type of character."""
    model = SPLATS.get(splat)
    if model is None:
        return frozenset()
    return frozenset(
        trait.path(tuple(field.sub.split(".")) if field.sub else ())
        for trait in model.traits.values()
        for field in trait.fields()
        if field.type == "choice"
    )


def choices_among(splat: str, paths: Iterable[str]) -> list[str]:
    """Return those of the paths whose values are shown in the reader's language."""
    listed = choice_paths(splat)
    return [path for path in paths if path in listed or path.startswith(VISIBILITY_PATH)]
