"""The checks of the tray: which fit a character, what each may be told, and how that is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haven.models import Character
from main.dice_fields import whole
from rolls import checks
from rolls.systems import FIFTH, SYSTEMS, fits
from rules.dice.blood import BLOODS
from rules.dice.resonance import RESONANCES, TEMPERAMENTS
from rules.dice.vitae import ENDS


@dataclass(frozen=True)
class Field:
    """`kind` is `number`, `flag`, `text` or `choice`; `needed` ones stand beside the button."""

    label: str
    kind: str = "number"
    low: int = 0
    high: int = 0
    start: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False


def _same(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((word, word.capitalize()) for word in words)


AGAIN = Field("Two dice for each", "flag")
BLOOD_FOR = (
    ("heal_bashing", "heal bashing"),
    ("heal_lethal", "heal lethal"),
    ("heal_aggravated", "heal aggravated"),
    *((slug, label.lower()) for slug, label in ENDS.items()),
)
CHECKS: dict[str, dict[str, Field]] = {
    "rouse": {
        "times": Field("Checks", low=1, high=5),
        "level": Field("Power’s level", low=1, high=5),
        "discipline": Field("Power’s discipline", "text"),
        "reroll": AGAIN,
    },
    "mend": {"reroll": AGAIN},
    "recover_willpower": {},
    "blush": {},
    "wake": {
        "mend_aggravated": Field("Mend aggravated", "flag"),
        "recover": Field("Recover Willpower", "flag"),
        "blush": Field("Blush of Life", "flag"),
    },
    "frenzy": {
        "difficulty": Field("Difficulty", low=1, high=50),
        "modifier": Field("Modifier", low=-20, high=20),
    },
    "remorse": {},
    "resonance": {
        "resonance": Field("Resonance", "choice", choices=_same(RESONANCES)),
        "temperament": Field("Temperament", "choice", choices=_same(TEMPERAMENTS)),
        "minimum": Field("At least", "choice", choices=_same(TEMPERAMENTS)),
        "drunk": Field("Somebody intoxicated", "flag"),
    },
    "compulsion": {"clan": Field("Clan", "text"), "no_clan": Field("None of the clan", "flag")},
    "rage": {"checks": Field("Checks", low=1, high=5), "reroll": AGAIN},
    "redemption": {},
    "degeneration": {"difficulty": Field("Difficulty", low=2, high=10)},
    "initiative": {
        "modifier": Field("Modifier", low=-50, high=50),
        "extra_actions": Field("Extra actions", low=0, high=5),
    },
    "slake": {
        "amount": Field("Hunger slaked", low=1, high=10, start=1, needed=True),
        "blood": Field("Blood", "choice", choices=_same(BLOODS)),
        "humans": Field("Humans", low=1, high=10),
        "killed": Field("Drained to death", "flag"),
    },
    "stains": {"added": Field("Stains, or fewer", low=-10, high=10, start=1, needed=True)},
    "blood_use": {
        "amount": Field("Blood spent", low=1, high=50, start=1, needed=True),
        "action": Field("For what", "choice", choices=BLOOD_FOR, needed=True),
    },
    "blood_gain": {"amount": Field("Blood gained", low=1, high=50, start=1, needed=True)},
}
# The 5th edition has no initiative of its own: the table says what it rolls.
OF_THE_FIFTH = {"initiative": {"pool": Field("Dice for the order", "text", needed=True)}}


def fields_of(slug: str, edition: str) -> dict[str, Field]:
    own = OF_THE_FIFTH.get(slug) if edition == FIFTH else None
    return own or CHECKS.get(slug, {})


def offered(character: Character) -> list[dict[str, Any]]:
    """`asks` stands beside the button of a check, `more` with its options."""
    available = []
    for slug in CHECKS:
        if _fits(slug, character):
            fields = [
                {"name": name, **vars(field)} for name, field in fields_of(slug, character.edition).items()
            ]
            asks = [field for field in fields if field["needed"]]
            optional = fields if len(asks) < len(fields) else []
            available.append(
                {"slug": slug, "label": checks.KINDS[slug].label, "asks": asks, "more": optional}
            )
    return available


def _fits(slug: str, character: Character) -> bool:
    kind = checks.KINDS[slug]
    wanted = (*kind.needs, *kind.prefers)
    has_them = all(slug in character.traits for slug in wanted)
    return has_them and (not kind.system or fits(SYSTEMS[kind.system], character))


def read(slug: str, edition: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in; whether it is right, the rules judge. Raises Invalid for no number."""
    given = {name: str(form.get(name, "")).strip()[:200] for name in fields_of(slug, edition)}
    return {
        name: _value(name, field, given[name])
        for name, field in fields_of(slug, edition).items()
        if given[name]
    }


def _value(name: str, field: Field, text: str) -> Any:
    if field.kind == "flag":
        return text == "yes"
    if field.kind == "number":
        return whole(name, field.label, text)
    return int(text) if name == "pool" and text.isdecimal() and len(text) < 4 else text
