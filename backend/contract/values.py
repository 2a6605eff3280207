"""A trait's value in the words of the reader: the one place for history, cards, replies and pages.

Events keep values as they are stored. Which of them are words of a list (a clan, the status) follows from the trait's
declaration (`haven/choices.py`) and comes with the answer: only those are translated, what people typed stays.
"""

from contract.base import Json, JsonObject
from contract.translation import _

RATINGS = ("rating", "dots", "level", "cost", "value")


def value_in_words(value: Json, is_choice: bool = False) -> str:
    """One side of a change; empty for no value. `is_choice`: its trait has a list of values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _entry(value)
    if isinstance(value, list):
        return ", ".join(value_in_words(part, is_choice) for part in value)
    return _(str(value)) if is_choice else str(value)


def _entry(entry: JsonObject) -> str:
    """`Beautiful 2` for a merit; anything without a name as its values."""
    name = entry.get("name") or entry.get("description")
    if not name:
        parts = (part for part in entry.values() if not isinstance(part, dict | list))
        return ", ".join(filter(None, map(value_in_words, parts)))
    # A power of a list has its own word; `_` gives back what somebody typed.
    points = next((entry[key] for key in RATINGS if entry.get(key) is not None), None)
    return _(str(name)) if points is None else f"{_(str(name))} {points}"
