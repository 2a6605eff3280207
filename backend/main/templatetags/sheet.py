"""Render one cell (see `main.cells`) with the template of its element."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.files.storage import default_storage
from django.template.context import Context
from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.html import format_html_join, json_script
from django.utils.safestring import SafeString

from contract.base import Json
from contract.events import Event, EventType, Mark
from contract.translation import N_, _
from contract.values import value_in_words
from rules.traits.scalars import Colour

register = template.Library()

HEX = re.compile(r"#[0-9a-fA-F]{6}")


@register.simple_tag(takes_context=True)
def element(context: Context, cell: dict[str, Any]) -> str:
    """Render the cell's custom element, readable without script."""
    return get_template(cell["template"]).render({"cell": cell})


@register.filter
def initial(name: str) -> str:
    return name[:1].upper()


@register.filter
def value_text(value: Json, is_choice: bool = False) -> str:
    """Format one side of a change; `[before, after]` holds plain JSON."""
    return shorten(value_in_words(value, is_choice)) or _("nothing")


def shorten(text: str, limit: int = 140) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


@register.filter
def colour(value: Any) -> str:
    """Return a character's colour for a style sheet, or the default: nothing else may get into CSS."""
    return value if isinstance(value, str) and HEX.fullmatch(value) else Colour.first


@register.filter
def themes(characters: Iterable[dict[str, Any]]) -> SafeString:
    """Return style rules that give each of many characters its colour."""
    return format_html_join(
        "", "#c-{}{{--theme:{}}}", ((each["id"], colour(each["fields"].get("theme"))) for each in characters)
    )


@register.simple_tag
def media_url(path: str) -> str:
    """Return the address of a stored picture; of the folder if the path is empty."""
    return default_storage.url(path)


DOORS = {
    "discord": N_("in Discord"),
    "web": N_("on the web"),
    "api": N_("through the API"),
    "system": N_("by the system"),
}
KINDS = {
    EventType.CHARACTER_CREATED: N_("Created"),
    EventType.CHARACTER_DELETED: N_("Deleted"),
    EventType.CHARACTER_RESTORED: N_("Restored"),
    EventType.CHARACTER_MOVED: N_("Moved to another chronicle"),
}
UNDONE = N_("Undid an earlier change")


@register.simple_tag
def event_words() -> SafeString:
    """For `words.js` and `history.js`."""
    words = {
        "doors": {door: _(text) for door, text in DOORS.items()},
        "kinds": {kind: _(text) for kind, text in KINDS.items()},
        "undone": _(UNDONE),
    }
    return json_script(words, "event-words")


@register.filter
def door_text(door: str | None) -> str:
    return _(DOORS.get(door or "", ""))


@register.filter
def kind_text(event: Event | None) -> str:
    """Describe what an event did besides changing values."""
    if not event:
        return ""
    return _(UNDONE) if event.undoes else _(KINDS.get(event.type, ""))


@register.filter
def changes(event: Event | None) -> list[dict[str, Any]]:
    """Return the changed values with their labels; none where a whole character came, as its kind says that."""
    if not event or Mark.WHOLE in event.type.marks:
        return []
    return [
        {
            "label": event.label_of(path),
            "before": before,
            "after": after,
            "is_choice": path in event.choices,
            # An entry comes or goes as a whole, and its label names it already.
            "whole": (
                _("added") if isinstance(after, dict) else _("removed") if isinstance(before, dict) else ""
            ),
        }
        for path, (before, after) in event.changes.items()
    ]


@register.filter
def undoable(event: Event | None) -> bool:
    return event is not None and event.type is EventType.CHARACTER_UPDATED and not event.undone_by


@register.filter
def moment(at: datetime | str | None) -> str:
    """Format a time (or ISO text) in UTC; the browser turns it into local time."""
    when = datetime.fromisoformat(at) if isinstance(at, str) and at else at
    # Translators: see "date" of Django's template filters for these letters.
    return date_format(when, _("d M Y, H:i \\U\\T\\C")) if isinstance(when, datetime) else ""


@register.filter
def day(at: datetime) -> str:
    return date_format(at, _("j F Y"))
