"""What the forms of a conflict say, as the bodies that its verbs take; whether that is right, the rules judge."""

from collections.abc import Callable, Mapping
from typing import Any

from main.dice_fields import whole
from rules.errors import Invalid

Form = Mapping[str, str]
Body = dict[str, Any]

LABELS = {
    "rating": "Rating",
    "modifier": "Modifier",
    "extra_actions": "Extra actions",
    "turns": "Turns",
}


def read(verb: str, form: Form) -> Body:
    """Raises Invalid where a number is none, or nobody is named."""
    return READERS[verb](form)


def _text(form: Form, name: str) -> str | None:
    return form.get(name, "").strip() or None


def _number(form: Form, name: str) -> int | None:
    text = _text(form, name)
    return None if text is None else whole(name, LABELS[name], text)


def _entering(form: Form) -> Body:
    """A name that was typed goes before a character that was chosen."""
    everybody = form.get("everybody") == "yes"
    name = _text(form, "name") or _text(form, "who")
    if name is None and not everybody:
        raise Invalid.field("name", "Whom? Choose a character, or name somebody.")
    return {
        "name": name,
        "extra_actions": _number(form, "extra_actions"),
        "hidden": form.get("hidden") == "yes",
        "everybody": everybody,
    }


def _roll(form: Form) -> Body:
    pool = _text(form, "pool")
    return _entering(form) | {
        "rating": _number(form, "rating"),
        "modifier": _number(form, "modifier"),
        "pool": int(pool) if pool and pool.isdecimal() and len(pool) < 4 else pool,
        "again": form.get("again") == "yes",
    }


def _declare(form: Form) -> Body:
    return {
        "action": form.get("action", ""),
        "category": _text(form, "category"),
        "participant": _text(form, "participant"),
    }


def _change(form: Form) -> Body:
    """What the form has no field for stays as it is."""
    changes: Body = {}
    if name := _text(form, "name"):
        changes["name"] = name
    if "extra_actions" in form:
        changes["extra_actions"] = _number(form, "extra_actions") or 0
    if "hidden" in form:
        changes["hidden"] = form["hidden"] == "yes"
    return {"participant": _text(form, "participant"), "changes": changes}


def _effect(form: Form) -> Body:
    until = form.get("until", "")
    return {
        "text": form.get("text", ""),
        "until": until,
        "participant": _text(form, "participant"),
        "turns": _number(form, "turns") if until == "turns" else None,
    }


def _named(*names: str) -> Callable[[Form], Body]:
    return lambda form: {name: _text(form, name) for name in names}


READERS: dict[str, Callable[[Form], Body]] = {
    "roll": _roll,
    "join": _entering,
    "declare": _declare,
    "move": _named("move", "participant", "mark"),
    "change": _change,
    "leave": _named("participant"),
    "effect": _effect,
    "lift": _named("effect"),
    "time": _named("passed"),
}
