"""The options of a roll as fields of a form: which a system has, what they are called, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolls.asking import KNOWN
from rules.errors import Invalid

UNTOLD = ""


@dataclass(frozen=True)
class Field:
    """`kind` is `number`, `flag`, `text`, or `tri` (by the sheet, yes, no). `first` ones stand in the open."""

    label: str
    kind: str = "number"
    low: int = 0
    high: int = 0
    first: bool = False
    hint: str = ""


FIELDS: dict[str, Field] = {
    "difficulty": Field("Difficulty", low=0, high=50, first=True),
    "hunger": Field("Hunger", low=0, high=5, first=True, hint="by the sheet"),
    "rage": Field("Rage", low=0, high=5, first=True, hint="by the sheet"),
    "desperation": Field("Desperation", low=0, high=5, first=True, hint="by the sheet"),
    "modifier": Field("Modifier", low=-50, high=50, first=True),
    "bonus": Field("Bonus", low=0, high=30, first=True),
    "penalty": Field("Penalty", low=0, high=30, first=True),
    "specialty": Field("Specialty", "text"),
    "surge": Field("Blood Surge", "flag", first=True),
    "willpower": Field("Willpower", "flag", first=True),
    "rouse": Field("Rouse checks", low=0, high=5),
    "rouse_reroll": Field("Two dice for each Rouse check", "flag"),
    "discipline": Field("Discipline", "text"),
    "impaired": Field("Impaired", "tri"),
    "wounded": Field("Wound penalty", "tri"),
    "wound": Field("Wound penalty", "tri"),
    "trained": Field("Trained in the rite", "flag"),
    "participants": Field("Participants of a rite", low=0, high=20),
    "rage_checks": Field("Rage checks", low=0, high=5),
    "rage_reroll": Field("Two dice for each Rage check", "flag"),
    "nightmare": Field("Nightmare dice", low=0, high=50),
    "no_botch": Field("No botch", "flag"),
    "rote": Field("Rote", "flag"),
    "target": Field("Success from", low=2, high=10),
    "again": Field("Again from", low=8, high=11),
}


def fields(system: str) -> list[dict[str, Any]]:
    """Those of a system in the order of `FIELDS`, for a template."""
    return [
        {
            "name": name,
            **vars(field),
            "high": 10 if system == "wod20" and name == "difficulty" else field.high,
        }
        for name, field in FIELDS.items()
        if name in KNOWN[system]
    ]


def filled(system: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As `fields`, with what a roll was kept with."""
    return [field | {"value": _shown(options.get(field["name"]))} for field in fields(system)]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNTOLD if value is None else str(value)


def read(system: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were filled in; whether they are right, the rules judge. Raises Invalid for no number."""
    options = {}
    for name, field in FIELDS.items():
        text = str(form.get(f"o-{name}", "")).strip()
        if text and name in KNOWN[system]:
            options[name] = _value(name, field, text)
    return options


def _value(name: str, field: Field, text: str) -> Any:
    if field.kind == "text":
        return text
    if field.kind in ("flag", "tri"):
        return text == "yes"
    return whole(name, field.label, text)


def whole(name: str, label: str, text: str) -> int:
    """As somebody typed it. Raises Invalid."""
    digits = text.strip().removeprefix("-").removeprefix("−")
    if not digits.isdecimal() or len(digits) > 5:
        raise Invalid.field(name, f"{label}: a whole number is expected.")
    return -int(digits) if text.strip()[0] in "-−" else int(digits)
