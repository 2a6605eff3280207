"""House rules of a chronicle (`Chronicle.settings["rules"]`), declared once, and its tenets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chronicle.models import Chronicle
from contract.chronicles import MAX_TENET
from rules.errors import Invalid
from rules.naming import which
from rules.text import clean


@dataclass(frozen=True, slots=True)
class Switch:
    """The first of `choices` is the default: the rule as the book has it."""

    slug: str
    label: str
    changes: str
    choices: Mapping[str, str]

    @property
    def start(self) -> str:
        return next(iter(self.choices))


SWITCHES: dict[str, Switch] = {
    rule.slug: rule
    for rule in (
        Switch(
            "experience_editors",
            "Who changes Experience",
            "Players may count their own Experience, or storytellers alone.",
            {"player": "The player and storytellers", "storyteller": "Storytellers alone"},
        ),
        Switch(
            "rerolls",
            "Rolling again for Willpower",
            "Whether a roll may be made again with Willpower.",
            {"once": "Once for each roll", "none": "Never", "unlimited": "As often as it can be paid"},
        ),
        Switch(
            "max_hunger",
            "Highest Hunger",
            "How far the Hunger of vampires of the 5th edition rises; there the Blood is roused no more (core 211).",
            {
                "5": "5, as in the book",
                "4": "4",
                "3": "3",
                "2": "2",
                "1": "1",
            },
        ),
        Switch(
            "oblivion_stains",
            "Oblivion",
            "When a Rouse check for a power of Oblivion leaves a stain (Chicago by Night 293).",
            {
                "both": "On a 1 and on a 10, as in the book",
                "ones": "On a 1",
                "tens": "On a 10",
                "never": "Never",
            },
        ),
        Switch(
            "resonance_table",
            "Resonance",
            "How often each resonance comes (core 228), or all four equally often.",
            {"standard": "As in the book", "even": "All equally often"},
        ),
        Switch(
            "desperation",
            "Desperation dice",
            "Whether Desperation joins the rolls of hunters when it is asked for, or always.",
            {"asked": "When asked for", "always": "In every roll"},
        ),
        Switch(
            "balance_tests",
            "Harano and Hauglosk",
            "What a success of these tests does to a werewolf of the 5th edition (page unverified).",
            {"harms": "A success is a dot more", "holds": "No success is a dot more"},
        ),
        Switch(
            "full_track",
            "Lethal on a full track",
            "20th: what becomes of lethal damage when further damage finds no box (Vampire 20th 285).",
            {"lethal": "It stays lethal", "aggravated": "It becomes aggravated"},
        ),
        Switch(
            "specialty_ones",
            "Specialty and ones",
            "20th: what a one takes where tens count twice; printings differ.",
            {
                "dice": "A die that succeeded; a ten goes last, with both successes",
                "successes": "One success, also one of a ten’s two",
            },
        ),
        Switch(
            "last_die",
            "Wounds and the last die",
            "20th: whether an action is possible when wounds take all its dice.",
            {"none": "No dice left, no action", "one": "One die always stays"},
        ),
        Switch(
            "roll_again",
            "Rolling again (20th)",
            "20th: what lets somebody roll the dice again.",
            {"merit": "A merit such as Luck", "once": "Every roll may be made again once"},
        ),
    )
}


def value(chronicle: Chronicle | None, slug: str) -> str:
    """Return the chosen value; outside of chronicles, the book's."""
    rules = (chronicle.settings.get("rules") or {}) if chronicle else {}
    return str(rules.get(slug, SWITCHES[slug].start))


def rerolls(chronicle: Chronicle | None) -> bool:
    """Return whether a roll may be rerolled for Willpower."""
    return value(chronicle, "rerolls") != "none"


def endless_rerolls(chronicle: Chronicle | None) -> bool:
    """Return whether a reroll may itself be rerolled."""
    return value(chronicle, "rerolls") == "unlimited"


def max_hunger(chronicle: Chronicle | None) -> int:
    return int(value(chronicle, "max_hunger"))


_STAINING: dict[str, tuple[int, ...]] = {"both": (1, 10), "ones": (1,), "tens": (10,), "never": ()}


def staining_faces(chronicle: Chronicle | None, discipline: str) -> tuple[int, ...]:
    """Return the faces of a Rouse check die that leave a stain: none, except for Oblivion."""
    return _STAINING[value(chronicle, "oblivion_stains")] if discipline.casefold() == "oblivion" else ()


def tenets(chronicle: Chronicle) -> list[str]:
    return list(chronicle.settings.get("tenets", []))


def check_rules(wanted: Mapping[str, str]) -> dict[str, str]:
    """Validate house rules such as `{"rerolls": "none"}`, by slug or label. Raises Invalid, Conflict (`ambiguous`)."""
    return dict(_checked(name, chosen) for name, chosen in wanted.items())


def _checked(name: str, chosen: str) -> tuple[str, str]:
    named = {slug: (slug, switch.label) for slug, switch in SWITCHES.items()}
    slug = which(name, named, "house rule", field="rules")
    choices = {value: (value, label) for value, label in SWITCHES[slug].choices.items()}
    return slug, which(chosen, choices, f"choice for “{SWITCHES[slug].label}”", field="rules")


def check_tenets(wanted: Iterable[str]) -> list[str]:
    cleaned = [clean(tenet, MAX_TENET + 1) for tenet in wanted]
    if any(not tenet or len(tenet) > MAX_TENET for tenet in cleaned):
        raise Invalid.field("tenets", f"A tenet has 1 to {MAX_TENET} characters.")
    return cleaned
