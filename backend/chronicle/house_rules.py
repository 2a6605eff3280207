"""House rules of a chronicle (`Chronicle.settings["rules"]`), declared once, and its tenets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chronicle.models import Chronicle
from contract.chronicles import MAX_TENET
from contract.translation import N_, _
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
            N_("Who changes Experience"),
            N_("Whether players may change their own Experience, or only storytellers."),
            {"player": N_("The player and storytellers"), "storyteller": N_("Only storytellers")},
        ),
        Switch(
            "rerolls",
            N_("Willpower rerolls"),
            N_("How often Willpower may reroll a roll."),
            {
                "once": N_("Once per roll"),
                "none": N_("Never"),
                "unlimited": N_("As often as they can pay"),
            },
        ),
        Switch(
            "max_hunger",
            N_("Highest Hunger"),
            N_(
                "How high Hunger rises for 5th edition vampires; at that point no more Rouse checks (core 211)."
            ),
            {
                "5": N_("5, as in the book"),
                "4": "4",
                "3": "3",
                "2": "2",
                "1": "1",
            },
        ),
        Switch(
            "oblivion_stains",
            N_("Oblivion"),
            N_("When a Rouse check for an Oblivion power leaves a stain (Chicago by Night 293)."),
            {
                "both": N_("On a 1 and on a 10, as in the book"),
                "ones": N_("On a 1"),
                "tens": N_("On a 10"),
                "never": N_("Never"),
            },
        ),
        Switch(
            "resonance_table",
            N_("Resonance"),
            N_("How likely each resonance is (core 228)."),
            {"standard": N_("As in the book"), "even": N_("All equally likely")},
        ),
        Switch(
            "desperation",
            N_("Desperation dice"),
            N_("Whether hunters add Desperation dice when they ask for them, or always."),
            {"asked": N_("When asked for"), "always": N_("In every roll")},
        ),
        Switch(
            "balance_tests",
            N_("Harano and Hauglosk"),
            N_("What a success on these tests does to a 5th edition werewolf (page unverified)."),
            {"harms": N_("A success adds a dot"), "holds": N_("A failure adds a dot")},
        ),
        Switch(
            "full_track",
            N_("Lethal on a full track"),
            N_("20th: what happens to lethal damage on a full track (Vampire 20th 285)."),
            {"lethal": N_("It stays lethal"), "aggravated": N_("It becomes aggravated")},
        ),
        Switch(
            "specialty_ones",
            N_("Specialty and ones"),
            N_("20th: what a 1 cancels where tens count twice; printings differ."),
            {
                "dice": N_("A successful die; tens go last, with both successes"),
                "successes": N_("One success, even one of a ten’s two"),
            },
        ),
        Switch(
            "last_die",
            N_("Wounds and the last die"),
            N_("20th: whether you can act when wounds take all your dice."),
            {"none": N_("No dice left, no action"), "one": N_("One die always remains")},
        ),
        Switch(
            "scene_openers",
            N_("Who opens scenes"),
            N_("Whether players may open scenes in chat, or only storytellers."),
            {"storyteller": N_("Only storytellers"), "players": N_("Players too")},
        ),
        Switch(
            "roll_again",
            N_("Rerolls (20th)"),
            N_("20th: what lets you reroll."),
            {"merit": N_("A merit such as Luck"), "once": N_("Every roll may be rerolled once")},
        ),
    )
}


def value(chronicle: Chronicle | None, slug: str) -> str:
    """Return the chosen value; outside of chronicles, the book's."""
    rules = (chronicle.settings.get("rules") or {}) if chronicle else {}
    return str(rules.get(slug, SWITCHES[slug].start))


def changed(chronicle: Chronicle | None) -> dict[str, str]:
    """Return the rules that are not as in the book, as slug → value."""
    values = {slug: value(chronicle, slug) for slug in SWITCHES}
    return {slug: chosen for slug, chosen in values.items() if chosen != SWITCHES[slug].start}


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
    named = {slug: (slug, switch.label, _(switch.label)) for slug, switch in SWITCHES.items()}
    slug = which(name, named, "house rule", field="rules")
    choices = {value: (value, label) for value, label in SWITCHES[slug].choices.items()}
    return slug, which(chosen, choices, "choice", field="rules")


def check_tenets(wanted: Iterable[str]) -> list[str]:
    cleaned = [clean(tenet, MAX_TENET + 1) for tenet in wanted]
    if any(not tenet or len(tenet) > MAX_TENET for tenet in cleaned):
        raise Invalid.field("tenets", _("A tenet has 1 to {most} characters.", most=MAX_TENET))
    return cleaned
