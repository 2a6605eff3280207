"""What each form carries beside its fields, and what it says after it was refused (see `main.form_errors`)."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html

from main.form_errors import Refused

register = template.Library()
HIDDEN = '<input type="hidden" name="{}" value="{}">'


@register.simple_tag(takes_context=True)
def form(context: Mapping[str, Any], name: str, *parts: Any) -> str:
    """What the form is called, unique on its page; its key, so that it is done once; and where it stands."""
    called = "-".join([name, *map(str, parts)])
    hidden = {
        "form": called,
        "key": f"{context['key']}-{called}",
        "stood": context["request"].get_full_path(),
    }
    return format_html(HIDDEN * 3, *(word for pair in hidden.items() for word in pair))


@register.filter
def problems(refused: Refused | None, form: str) -> Mapping[str, list[str]]:
    """Of the form of this name: field → sentences."""
    return refused.fields if refused and refused.form == form else {}


@register.filter
def typed(refused: Refused | None, form: str) -> QueryDict | None:
    """What was sent in the form of this name; None where it was not sent, or not refused."""
    return refused.typed if refused and refused.form == form else None


@register.filter
def ticked(typed: QueryDict | None, name: str) -> list[str]:
    """Every value that was sent under one name."""
    return typed.getlist(name) if typed else []


@register.simple_tag(takes_context=True)
def problem_at(context: Mapping[str, Any], name: str, control: str) -> str:
    """For the control with this id: what was refused there is told below it (`problem_of`); the first has the focus."""
    problems = context.get("problems") or {}
    if name not in problems:
        return ""
    first = " autofocus" if name == next(iter(problems)) else ""
    return format_html(' aria-invalid="true" aria-describedby="{}-problem"{}', control, first)


@register.simple_tag(takes_context=True)
def problem_of(context: Mapping[str, Any], name: str, control: str) -> str:
    sentences = (context.get("problems") or {}).get(name)
    if not sentences:
        return ""
    return format_html('<span class="field-error" id="{}-problem">{}</span>', control, " ".join(sentences))
