"""What the forms of a conflict say, as the fields of its operations; whether that is right, the contract judges."""

from collections.abc import Callable, Mapping

from contract.base import JsonObject
from contract.translation import _
from rules.errors import Invalid

Form = Mapping[str, str]


def read(step: str, form: Form) -> JsonObject:
    """The fields of a step, as text. Raises Invalid where nobody is named."""
    return READERS[step](form)


def _fields(*names: str) -> Callable[[Form], JsonObject]:
    """Those that were filled in."""
    return lambda form: {name: text for name in names if (text := form.get(name, "").strip())}


def _entering(form: Form) -> JsonObject:
    """A name that was typed goes before a character that was chosen."""
    fields = _fields("name", "extra_actions", "hidden", "everybody")(form)
    name = fields.pop("name", None) or form.get("who", "").strip()
    if not name and fields.get("everybody") != "yes":
        raise Invalid.field("name", _("Who? Choose a character, or name somebody."))
    return fields | ({"name": name} if name else {})


def _roll(form: Form) -> JsonObject:
    return _entering(form) | _fields("rating", "modifier", "pool", "again")(form)


def _change(form: Form) -> JsonObject:
    """What the form has no field for stays as it is."""
    changes = _fields("name", "hidden")(form)
    if "extra_actions" in form:
        changes["extra_actions"] = form["extra_actions"].strip() or "0"
    return _fields("participant")(form) | {"changes": changes}


def _effect(form: Form) -> JsonObject:
    fields = _fields("until", "participant", "turns")(form)
    if fields.get("until") != "turns":
        fields.pop("turns", None)
    return {"text": form.get("text", ""), "until": "", **fields}


READERS: dict[str, Callable[[Form], JsonObject]] = {
    "roll": _roll,
    "join": _entering,
    "declare": lambda form: {"action": form.get("action", "")} | _fields("category", "participant")(form),
    "move": _fields("move", "participant", "mark"),
    "change": _change,
    "leave": _fields("participant"),
    "effect": _effect,
    "lift": _fields("effect"),
    "time": _fields("passed"),
}
