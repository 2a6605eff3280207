"""A character's state in a few words, as it stands under their name: gauges and conditions that a reader may see."""

from collections.abc import Callable

from contract.translation import _
from haven.house_rules import traits_of
from haven.models import Character
from rules.traits import Json, Trait
from rules.visibility import Level


def _boxes(trait: Trait, value: Json) -> str:
    free = max(0, value["total"] - value["superficial"] - value["aggravated"])
    shown = f"{trait.name} {free}/{value['total']}"
    return shown if free else " · ".join((shown, _("Impaired")))


def _wounds(trait: Trait, value: Json) -> str:
    return f"{trait.name}: {trait.card_value(value)['level']}"


def _humanity(trait: Trait, value: Json) -> str:
    return f"{trait.name} {value['value']}"


def _dots(trait: Trait, value: Json) -> str:
    return f"{trait.name} {value or 0}"


def _pool(trait: Trait, value: Json) -> str:
    return f"{trait.name} {value['current']}/{value['total']}"


def _rollover(trait: Trait, value: Json) -> str:
    return f"{trait.name} {value['permanent']}"


def _flag(trait: Trait, value: Json) -> str:
    return trait.name if value else ""


def _conditions(trait: Trait, value: Json) -> str:
    return trait.text(value) if value else ""


def _words(trait: Trait, value: Json) -> str:
    return f"{trait.name}: {trait.text(value)}"


# By how a trait is drawn on a card (`Trait.card`).
SHORT: dict[str, Callable[[Trait, Json], str]] = {
    "damage5th": _boxes,
    "damage20th": _wounds,
    "humanity": _humanity,
    "dots": _dots,
    "number": _dots,
    "pool": _pool,
    "hp": _pool,
    "conditions": _conditions,
    "rollover": _rollover,
    "flag": _flag,
}


def lines(character: Character, level: Level) -> list[str]:
    """The trackers that this level sees, in the order of the sheet and in the current language."""
    document, hidden = character.document(), character.hidden_from(level)
    shown = (
        SHORT.get(trait.card, _words)(trait, document[slug])
        for slug, trait in traits_of(character).items()
        if trait.tracker and slug in document and slug not in hidden
    )
    return [line for line in shown if line]
