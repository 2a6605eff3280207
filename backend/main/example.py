"""Example data: what the welcome page shows, drawn by the parts that draw real ones, and a first character."""

from copy import deepcopy
from typing import Any

from contract.rolls import Die, Outcome, Roll, RollRights
from contract.translation import N_, _
from haven import schema
from haven.models.vampire5th import Vampire5th
from main import layout
from main.conflict_table import table
from rolls.serializers import outcome_json
from rules.dice import v5
from rules.dice.source import listed

NAME = "Cassia Vale"
SPLAT = Vampire5th.splat_slug
POOL = "dexterity + stealth"
# Path of a trait → its value.
SHEET: dict[str, Any] = {
    "clan": "Gangrel",
    "predator_type": "Alleycat",
    "hunger": 2,
    "health.total": 6,
    "health.superficial": 2,
    "willpower.total": 5,
    "willpower.superficial": 1,
    "humanity.value": 7,
    "humanity.stains": 1,
    "blood_potency": 2,
    "strength": 2,
    "dexterity": 4,
    "stamina": 3,
    "charisma": 2,
    "manipulation": 2,
    "composure": 3,
    "intelligence": 1,
    "wits": 3,
    "resolve": 2,
    "athletics.dots": 3,
    "brawl.dots": 2,
    "stealth.dots": 3,
    "survival.dots": 2,
    "streetwise.dots": 2,
    "awareness.dots": 2,
    "investigation.dots": 1,
}


def sheet() -> dict[str, Any]:
    """The trackers and the attributes of the character, as cells."""
    fields = {slug: deepcopy(trait.start()) for slug, trait in Vampire5th.traits.items()}
    fields = {slug: value for slug, value in fields.items() if value is not None}
    for path, value in SHEET.items():
        trait, _dot, part = path.partition(".")
        if part:
            fields[trait][part] = value
        else:
            fields[trait] = value
    character = {"id": "example", "fields": fields, "visibility": {}, "rights": {"level": "private"}}
    splat = next(declared for declared in schema.schema()["splats"] if declared["slug"] == SPLAT)
    cells = layout.all_cells(splat, character)
    sections = {section["slug"]: section for section in layout.sections(splat, cells)}
    return {
        "name": NAME,
        "label": splat["label"],
        "deck": layout.deck(cells),
        "section": sections["attributes"],
    }


def roll() -> Roll:
    """Seven dice, two of them Hunger, against a difficulty of four."""
    options = v5.Options(pool=7, hunger=2, difficulty=4)
    rolled = v5.roll(options, listed([10, 8, 7, 4, 2, 10, 3]))
    outcome = Outcome.model_validate(outcome_json(v5.judge(options, rolled.dice)))
    return Roll.model_construct(
        system="v5",
        dice=[Die(value=die.value, kind=die.kind, sides=10) for die in rolled.dice],
        rerolled=[],
        options=options.as_json(),
        outcome=outcome.model_copy(update={"label": _(outcome.label)}),
        steps=[],
        consequences=[],
        rights=RollRights(),
    )


# Name, what the die showed, the rating, the action.
PEOPLE = (
    ("Cassia Vale", 9, 7, N_("Drop from the fire escape behind them")),
    ("Ada Marsh", 8, 5, N_("Kill the lights")),
    ("Silas Thorn", 3, 6, ""),
)


def conflict() -> dict[str, Any]:
    """A conflict in its second round: one has acted, the next acts now."""
    people = [_participant(name, die, rating) for name, die, rating, _action in PEOPLE]
    turns = [
        _turn(number, name, _(action) if action else "", state)
        for number, ((name, _die, _rating, action), state) in enumerate(
            zip(PEOPLE, ("done", "current", "waiting"), strict=True)
        )
    ]
    return table(
        {
            "open": True,
            "round": 2,
            "phase": "act",
            "phase_label": _("Actions"),
            "hint": "",
            "rolls": "",
            "rights": {"run": False, "enter": False},
            "participants": people,
            "turns": turns,
            "current": turns[1],
            "effects": [],
            "categories": [],
            "moves": [],
        },
        plays=False,
    )


def _participant(name: str, die: int, rating: int) -> dict[str, Any]:
    roll = {"value": die + rating, "text": f"{die} + {rating} = {die + rating}"}
    shown = {"id": name, "name": name, "user": None, "character": None, "roll": roll, "extra_actions": 0}
    flags = dict.fromkeys(("hidden", "gone", "yours"), False)
    return shown | flags | {"joined": True, "rolled": True, "rating": rating}


def _turn(number: int, name: str, action: str, state: str) -> dict[str, Any]:
    moment = {"participant": name, "name": name, "extra": False, "number": 0, "together": number}
    return moment | {"state": state, "ready": state == "current", "action": action, "category": ""}
