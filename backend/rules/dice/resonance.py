"""Resonance and temperament of blood (Vampire core 225–231)."""

from dataclasses import dataclass

from contract.translation import N_, _
from rules.dice.base import REGULAR, Check, Operations, Step, die, operation
from rules.dice.source import Source
from rules.errors import Problems
from rules.notices import notice
from rules.options import Choice, Flag, OptionSet, declare, named

# What labels are made of.
BY_THE_MINIMUM = N_("by the minimum")


@dataclass(frozen=True)
class Resonance:
    """`colours` by temperament, from Fleeting up; `upto` is the highest number of the d10, 0 if it is only chosen."""

    name: str
    upto: int
    disciplines: tuple[str, ...]
    moods: tuple[str, ...]
    colours: tuple[str, str, str]


TABLE = (
    Resonance(
        "Phlegmatic",
        3,
        ("Auspex", "Dominate"),
        ("lazy", "calm", "apathetic", "controlling", "sentimental"),
        ("#009600", "#00c800", "#00ff00"),
    ),
    Resonance(
        "Melancholy",
        6,
        ("Fortitude", "Obfuscate"),
        ("sad", "scared", "intellectual", "depressed", "grounded"),
        ("#008596", "#00b1c8", "#00e1ff"),
    ),
    Resonance(
        "Choleric",
        8,
        ("Celerity", "Potence"),
        ("angry", "violent", "bullying", "passionate", "envious"),
        ("#960000", "#c80000", "#ff0000"),
    ),
    Resonance(
        "Sanguine",
        10,
        ("Blood Sorcery", "Presence"),
        ("aroused", "happy", "addicted", "active", "flighty", "enthusiastic"),
        ("#96008f", "#c800c0", "#ff00f2"),
    ),
    Resonance(
        "Empty",
        0,
        ("Oblivion",),
        ("without feeling", "without conscience"),
        ("#6e6e6e", "#b5b5b5", "#ffffff"),
    ),
    Resonance("Animal", 0, ("Animalism", "Protean"), ("of a beast",), ("#6b4a1f", "#946628", "#c98a33")),
)
ROLLED = tuple(resonance for resonance in TABLE if resonance.upto)
RESONANCES = tuple(resonance.name for resonance in TABLE)
NEGLIGIBLE, FLEETING, INTENSE, ACUTE = "Negligible", "Fleeting", "Intense", "Acute"
TEMPERAMENTS = (FLEETING, INTENSE, ACUTE)
NO_COLOUR = "#000000"


@dataclass(frozen=True, kw_only=True)
class ResonanceOptions(OptionSet):
    resonance: str = declare(Choice("Resonance", "Chosen instead of rolled", named(*RESONANCES), start=""))
    temperament: str = declare(
        Choice("Temperament", "Chosen instead of rolled", named(*TEMPERAMENTS), start="")
    )
    minimum: str = declare(
        Choice(
            "At least", "At least this strong", named(FLEETING, INTENSE), start="", slash="min_temperament"
        )
    )
    drunk: bool = declare(
        Flag("The vampire drinks it", "The vampire drinks it: the resonance goes onto the sheet", start=False)
    )

    def judge_together(self, problems: Problems) -> None:
        if self.temperament and self.minimum:
            problems.add("minimum", _("A chosen temperament has no minimum."))


def resonance(
    source: Source,
    kind: str = "",
    temperament: str = "",
    minimum: str = "",
    drunk: bool = False,
    *,
    even: bool = False,
) -> Check:
    """What is in the blood: a temperament and, unless that is negligible, a resonance.

    `kind` and `temperament` fix what the table decided already, `minimum` (Fleeting or Intense) raises the first die;
    Empty and Animal blood is never rolled. With `drunk`, the resonance becomes that of the vampire. `even` is a house
    rule: the four come equally often.
    """
    ResonanceOptions(resonance=kind, temperament=temperament, minimum=minimum, drunk=drunk)
    reached, steps = _temperament(source, temperament, minimum)
    if reached == NEGLIGIBLE:
        return _negligible(steps)
    found, step = _kind(source, kind, even)
    return _found(found, reached, (*steps, step), drunk)


def _temperament(source: Source, fixed: str, minimum: str) -> tuple[str, tuple[Step, ...]]:
    if fixed:
        return fixed, (Step("temperament", N_("Temperament"), text=fixed),)
    first = source(10)
    counts = max(first, {"": 1, FLEETING: 6, INTENSE: 9}[minimum])
    reached = NEGLIGIBLE if counts <= 5 else FLEETING if counts <= 8 else INTENSE
    text = reached if counts == first else f"{reached}, {BY_THE_MINIMUM}"
    steps = (Step("temperament", N_("Temperament"), (die(first, REGULAR),), text=text),)
    if reached != INTENSE:
        return reached, steps
    second = source(10)
    reached = INTENSE if second <= 8 else ACUTE
    return reached, (*steps, Step("temperament", N_("How strong"), (die(second, REGULAR),), text=reached))


def _kind(source: Source, fixed: str, even: bool) -> tuple[Resonance, Step]:
    if fixed:
        return next(resonance for resonance in TABLE if resonance.name == fixed), Step(
            "resonance", N_("Resonance"), text=fixed
        )
    if even:
        value = source(len(ROLLED))
        found = ROLLED[value - 1]
        return found, Step("resonance", N_("Resonance"), (die(value, REGULAR, len(ROLLED)),), text=found.name)
    value = source(10)
    found = next(resonance for resonance in TABLE if value <= resonance.upto)
    return found, Step("resonance", N_("Resonance"), (die(value, REGULAR),), text=found.name)


def _negligible(steps: tuple[Step, ...]) -> Check:
    return Check(
        slug="resonance",
        label=NEGLIGIBLE,
        tone="failure",
        colour=NO_COLOUR,
        passed=False,
        steps=steps,
        value={"resonance": None, "temperament": NEGLIGIBLE, "disciplines": [], "moods": [], "bonus": 0},
    )


def _found(found: Resonance, temperament: str, steps: tuple[Step, ...], drunk: bool) -> Check:
    """Intense and Acute blood adds a die to its disciplines, Acute may hold a dyscrasia (core 226–231)."""
    bonus = int(temperament != FLEETING)
    notices = [notice("resonance_bonus", disciplines=", ".join(found.disciplines))] if bonus else []
    if temperament == ACUTE:
        notices.append(notice("dyscrasia"))
    operations: Operations = (operation("resonance", "set", found.name),) if drunk else ()
    return Check(
        slug="resonance",
        label=f"{temperament} {found.name}",
        tone="critical" if temperament == ACUTE else "success",
        colour=found.colours[TEMPERAMENTS.index(temperament)],
        passed=True,
        steps=steps,
        operations=operations,
        notices=tuple(notices),
        value={
            "resonance": found.name,
            "temperament": temperament,
            "disciplines": list(found.disciplines),
            "moods": list(found.moods),
            "bonus": bonus,
        },
    )
