"""Hidden fields of each form, and its errors after it was rejected (see `main.form_errors`)."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from main.form_errors import Refused

register = template.Library()
HIDDEN = '<input type="hidden" name="{}" value="{}">'


@register.simple_tag(takes_context=True)
def form(context: Context, name: str, *parts: Any) -> str:
    """Render the form's name, unique on its page, its idempotency key, the page it is on, and for whom it was drawn.

    The fields that follow know as `typed` and `problems` what was sent in this form, if it was rejected.
    """
    called = "-".join([name, *map(str, parts)])
    refused = context.get("refused")
    context["typed"], context["problems"] = typed(refused, called), problems(refused, called)
    hidden = {
        "form": called,
        "key": f"{context['key']}-{called}",
        "stood": context["request"].get_full_path(),
        "account": context["request"].user.pk or "",
    }
    return format_html(HIDDEN * len(hidden), *(word for pair in hidden.items() for word in pair))


@register.simple_block_tag(takes_context=True)
def act(
    context: Context,
    content: SafeString,
    view: str,
    *parts: Any,
    target: str = "",
    of: object = "",
    swap: str = "",
    once: bool = False,
    **more: str,
) -> SafeString:
    """Render a form that posts to the view: by htmx, or as a plain form where there is no script.

    The answer replaces `target` (an id may end with `of`), or nothing if there is none. With `once` a second press
    while the first is under way is dropped.
    """
    address = reverse(view, args=parts)
    attributes = {
        "method": "post",
        "action": address,
        "hx-post": address,
        "hx-target": f"{target}{of}" or None,
        "hx-swap": swap or ("outerHTML" if target else "none"),
        "hx-sync": "this:drop" if once else None,
        "class": more.get("classes"),
        "id": more.get("id"),
        "hx-include": more.get("include"),
    }
    token = format_html(HIDDEN, "csrfmiddlewaretoken", context.get("csrf_token", ""))
    return format_html("<form{}>{}{}</form>", flatatt(attributes), token, content)


@register.filter
def problems(refused: Refused | None, form: str) -> Mapping[str, list[str]]:
    """Return field → sentences for the form of this name."""
    return refused.fields if refused and refused.form == form else {}


@register.filter
def typed(refused: Refused | None, form: str) -> QueryDict | None:
    """Return what was sent in the form of this name; None if it was not sent, or not rejected."""
    return refused.typed if refused and refused.form == form else None


@register.filter
def ticked(typed: QueryDict | None, name: str) -> list[str]:
    """Return every value that was sent under one name."""
    return typed.getlist(name) if typed else []


@register.simple_tag(takes_context=True)
def problem_at(context: Mapping[str, Any], name: str, control: str) -> str:
    """Mark the control with this id as invalid and point to its sentence (`problem_of`); the first gets the focus."""
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
