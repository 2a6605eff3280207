"""Filters of the templates that draw a stage."""

import re
from collections.abc import Iterable

from django.template import Library
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from companion.drawing.gauges import Mark
from companion.drawing.look import where
from contract.stage import Place
from rules.traits import Colour

register = Library()
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@register.filter
def marks(row: Iterable[Mark]) -> SafeString:
    """Return the marks of a gauge; a loop of the template language would take most of a picture's time."""
    return mark_safe(  # noqa: S308 - nothing in it comes from outside
        "".join(
            f'<svg class="mark {escape(state)}"><use href="#{escape(symbol)}"/></svg>'
            for symbol, state in row
        )
    )


@register.filter
def unlocalised(number: float) -> str:
    """Return the number as CSS and SVG read it, in whatever language."""
    return f"{number:g}"


@register.filter
def placing(place: Place | None) -> SafeString | str:
    """Return the attributes that say where a part stands; none where it was not put anywhere."""
    return format_html(' data-x="{}" data-y="{}" data-size="{}"', *where(place)) if place else ""


@register.filter
def colour(theme: str) -> str:
    """Return a character's colour, or the default: nothing else may get into an attribute that draws."""
    return theme if HEX.fullmatch(theme) else Colour.first
