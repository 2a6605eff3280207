"""Parts that pages are built of: cards, and the fields of forms with what was typed and refused."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
Context = Mapping[str, Any]


@register.simple_block_tag
def card(content: SafeString, title: str, slug: str, *, lead: str = "", is_name: bool = False) -> SafeString:
    """Render a section as a card: its title names it, `slug` is its id, `lead` is a sentence under the title.

    `is_name`: the title is what people called something, and is in no language."""
    sentence = format_html('<p class="lead">{}</p>', lead) if lead else ""
    kept = mark_safe(' dir="auto" translate="no"') if is_name else ""
    heading = format_html('<h2 id="{}-title"{}>{}</h2>{}', slug, kept, title, sentence)
    return format_html(
        '<section class="panel" id="{}" aria-labelledby="{}-title">{}{}</section>',
        slug,
        slug,
        heading,
        content,
    )


@register.simple_block_tag(takes_context=True)
def unfold(
    context: Context, content: SafeString, slug: str, title: str, address: str, submit: str, *, kind: str = ""
) -> SafeString:
    """Render a form that a button with its `title` folds out; open where it was refused. The content begins with
    `{% form slug %}`."""
    refused = context.get("refused")
    return format_html(
        '<details class="more"{}><summary class="{}">{}</summary><form class="form" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<div class="actions"><button class="button" type="submit">{}</button></div></form></details>',
        " open" if refused and refused.form == slug else "",
        f"button {kind}".strip(),
        title,
        address,
        context["csrf_token"],
        content,
        submit,
    )


@register.simple_block_tag
def blank(content: SafeString, icon: str, title: str) -> SafeString:
    """Render what stands where there is nothing yet; the content says why, and what to do next."""
    drawn = render_to_string("main/parts/icon.html", {"name": icon})
    return format_html('<div class="blank">{}<h2>{}</h2>{}</div>', drawn, title, content)


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    name: str,
    label: str,
    value: object = "",
    *,
    id: str = "",
    hint: str = "",
    **more: object,
) -> SafeString:
    """Render an input with its label; `value` is what stands there before somebody types."""
    control = id or name
    typed = _typed(context, name)
    attributes: dict[str, object] = {"type": "text", "autocomplete": "off"} | more
    attributes |= {"value": value if typed is None else typed}
    drawn = format_html("<input{}>", _attributes(context, name, control, hint, attributes))
    return _labelled(context, name, label, control, hint, drawn)


@register.simple_tag(takes_context=True)
def area(
    context: Context, name: str, label: str, value: str = "", *, id: str = "", hint: str = "", **more: object
) -> SafeString:
    """Render a field for several lines."""
    control = id or name
    typed = _typed(context, name)
    drawn = format_html(
        "<textarea{}>\n{}</textarea>",
        _attributes(context, name, control, hint, {"rows": 3} | more),
        value if typed is None else typed,
    )
    return _labelled(context, name, label, control, hint, drawn)


@register.simple_tag(takes_context=True)
def choice(
    context: Context,
    name: str,
    label: str,
    choices: Iterable[tuple[object, str]],
    value: object = "",
    *,
    blank: str = "",
    id: str = "",
    hint: str = "",
    **more: object,
) -> SafeString:
    """Render a menu of `(value, label)`; `blank` is the choice of nothing."""
    control = id or name
    typed = _typed(context, name)
    chosen = str(value if typed is None else typed)
    options = [("", blank), *choices] if blank else choices
    drawn = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((option, " selected" if str(option) == chosen else "", words) for option, words in options),
    )
    attributes = _attributes(context, name, control, hint, more)
    menu = format_html("<select{}>{}</select>", attributes, drawn)
    return _labelled(context, name, label, control, hint, menu)


@register.simple_tag(takes_context=True)
def tick(
    context: Context, name: str, label: str, on: bool = False, *, value: str = "yes", hint: str = ""
) -> SafeString:
    """Render a checkbox with its words beside it."""
    typed: QueryDict | None = context.get("typed")
    checked = on if typed is None else value in typed.getlist(name)
    words = format_html('<strong>{}</strong><span class="hint">{}</span>', label, hint) if hint else label
    return format_html(
        '<label class="switch"><input type="checkbox" name="{}" value="{}"{}><span>{}</span></label>',
        name,
        value,
        " checked" if checked else "",
        words,
    )


def _typed(context: Context, name: str) -> str | None:
    """What was sent in this field, if its form was refused."""
    typed: QueryDict | None = context.get("typed")
    return None if typed is None else typed.get(name, "")


def _attributes(
    context: Context, name: str, control: str, hint: str, more: Mapping[str, object]
) -> SafeString:
    problems = context.get("problems") or {}
    wrong = name in problems
    described = [f"{control}-problem"] if wrong else []
    described += [f"{control}-hint"] if hint else []
    return flatatt(
        {"id": control, "name": name}
        | dict(more)
        | {
            "aria-invalid": "true" if wrong else None,
            "aria-describedby": " ".join(described) or None,
            "autofocus": wrong and name == next(iter(problems)),
        }
    )


def _labelled(
    context: Context, name: str, label: str, control: str, hint: str, drawn: SafeString
) -> SafeString:
    sentences = (context.get("problems") or {}).get(name)
    problem = (
        format_html('<span class="field-error" id="{}-problem">{}</span>', control, " ".join(sentences))
        if sentences
        else ""
    )
    below = format_html('<span class="hint" id="{}-hint">{}</span>', control, hint) if hint else ""
    return format_html(
        '<div class="field"><label for="{}">{}</label>{}{}{}</div>', control, label, drawn, problem, below
    )
