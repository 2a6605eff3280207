"""From what somebody asks for to the options of a system: the pool as named lines, and what the sheet adds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chronicle import house_rules
from chronicle.models import Chronicle
from haven.models import Character
from rolls import traits
from rolls.systems import System
from rules.dice import cod, h5, v5, w5, wod20
from rules.dice.base import Problems, Record
from rules.dice.blood import refuse_too_hungry, rerolls
from rules.dice.blood_potency import blood_potency
from rules.dice.general import Options as General
from rules.dice.pool import Pool, PoolLine, Traits, parse
from rules.errors import Invalid
from rules.notices import Notice
from rules.text import clean
from rules.visibility import Level

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The character that rolls, or nobody: then everything is absent. `chronicle` is where it is rolled."""

    character: Character | None = None
    level: Level = Level.PRIVATE
    chronicle: Chronicle | None = None

    @cached_property
    def document(self) -> Mapping[str, Any]:
        return self.character.document() if self.character else {}

    @cached_property
    def traits(self) -> Traits:
        return traits.pool_traits(self.character, self.document, self.level) if self.character else {}

    @property
    def even_resonance(self) -> bool:
        return house_rules.value(self.chronicle, "resonance_table") == "even"

    @property
    def max_hunger(self) -> int:
        """That of the chronicle that the sheet is played in."""
        return house_rules.max_hunger(self.character.chronicle if self.character else self.chronicle)

    def staining(self, discipline: Any) -> tuple[int, ...]:
        """The faces on which a Rouse check for a power of this discipline leaves a stain. Raises Invalid."""
        problems = Problems()
        if discipline is not None:
            problems.words("discipline", discipline, 100)
        problems.settle()
        return house_rules.staining_faces(self.chronicle, clean(discipline or "", 100))

    def number(self, slug: str) -> int | None:
        """A counter's or a rating's value; None where there is no such trait."""
        value = self.document.get(slug)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def track(self, slug: str) -> Mapping[str, int] | None:
        value = self.document.get(slug)
        return value if isinstance(value, dict) and "superficial" in value else None


@dataclass(frozen=True)
class Attached:
    """A check that comes with a roll: its name, and the options of it."""

    check: str
    options: Options


@dataclass(frozen=True)
class Built:
    """`lines` name every die of the pool; `options` are those of the system."""

    text: str
    lines: tuple[PoolLine, ...]
    options: Record
    checks: tuple[Attached, ...] = ()
    notices: tuple[Notice, ...] = ()

    def pool(self) -> dict[str, Any]:
        pool = Pool(self.lines)
        # Desperation comes on top of the pool.
        dice = getattr(self.options, "dice", pool.dice) + getattr(self.options, "desperation", 0)
        return {
            "text": self.text,
            "dice": dice,
            "told": pool.told(),
            "lines": [one.as_json() for one in self.lines],
        }


COMMON = ("difficulty", "specialty", "modifier", "impaired")
KNOWN: dict[str, tuple[str, ...]] = {
    "v5": (
        *COMMON,
        "hunger",
        "surge",
        "rouse",
        "rouse_reroll",
        "discipline",
        "discipline_bonus",
        "level",
    ),
    "w5": (*COMMON, "rage", "trained", "participants", "rage_checks", "rage_reroll"),
    "h5": (*COMMON, "desperation"),
    "wod20": ("difficulty", "specialty", "willpower", "modifier", "nightmare", "no_botch", "wounded"),
    "cod": ("bonus", "penalty", "specialty", "willpower", "rote", "target", "again", "wound"),
    "general": ("modifier", "difficulty"),
}


def build(system: System, pool: Any, options: Options, sheet: Sheet) -> Built:
    """Raises Invalid, naming what is wrong; Unprocessable for what the sheet's state forbids."""
    refuse_unknown(options, KNOWN[system.slug])
    given = {name: value for name, value in options.items() if value is not None}
    return _BUILDERS[system.slug](pool, given, sheet)


def refuse_unknown(options: Options, known: Iterable[str]) -> None:
    problems = Problems()
    for name in sorted(set(options) - set(known), key=str):
        problems.add(clean(str(name), 50), f"There is no option “{clean(str(name), 50)}” here.")
    problems.settle()


def lines_of(pool: Any, sheet: Sheet, specialty_dice: int = 1) -> tuple[str, tuple[PoolLine, ...]]:
    """The text of a pool and its lines; a number is one line."""
    if isinstance(pool, int) and not isinstance(pool, bool):
        problems = Problems()
        problems.whole("pool", pool, 0, 50)
        problems.settle()
        return str(pool), (PoolLine("Pool", pool),)
    if not isinstance(pool, str):
        raise Invalid.field("pool", "A pool is a number, or traits such as strength + brawl.")
    return clean(pool, 200), parse(pool, sheet.traits, specialty_dice).lines


@dataclass(frozen=True)
class _Fifth:
    """What the three games of the 5th edition share: `base` is the pool without specialty and surge."""

    text: str
    base: tuple[PoolLine, ...]
    shared: dict[str, Any]
    notices: tuple[Notice, ...]

    @property
    def lines(self) -> tuple[PoolLine, ...]:
        specialty = self.shared["specialty"]
        return (*self.base, *((PoolLine(specialty, 1, specialty=specialty),) if specialty else ()))


def _fifth(pool: Any, given: Options, sheet: Sheet, more: tuple[PoolLine, ...] = ()) -> _Fifth:
    problems = Problems()
    problems.whole("modifier", modifier := given.get("modifier", 0), -50, 50)
    problems.words("specialty", specialty := given.get("specialty", ""), 100)
    if "impaired" in given:
        problems.flag("impaired", given["impaired"])
    problems.settle()
    text, lines = lines_of(pool, sheet)
    base = lines + more + ((PoolLine("Modifier", modifier),) if modifier else ())
    taken: tuple[PoolLine, ...] = (PoolLine("Impaired", -traits.IMPAIRED),) if given.get("impaired") else ()
    notices: tuple[Notice, ...] = ()
    if sheet.character:
        taken, notices = traits.impairment(sheet.character, sheet.document, base, given.get("impaired"))
    base += taken
    shared = {
        "pool": sum(one.dice for one in base),
        "difficulty": given.get("difficulty"),
        "specialty": clean(specialty, 100),
    }
    return _Fifth(text, base, shared, notices)


def _v5(pool: Any, given: Options, sheet: Sheet) -> Built:
    problems = Problems()
    problems.whole("rouse", rouse := given.get("rouse", 0), 0, 5)
    problems.flag("rouse_reroll", again := given.get("rouse_reroll", False))
    problems.whole("level", level := given.get("level"), 1, 5, none=True)
    problems.settle()
    found = _fifth(pool, given, sheet, _powers(given, sheet))
    surge = _surge(given.get("surge"), sheet)
    hunger = given.get("hunger", sheet.number("hunger") or 0)
    options = v5.Options(**found.shared, hunger=hunger, surge=surge)
    lines = found.lines
    if surge is not None:
        lines += (PoolLine("Blood surge", blood_potency(surge).surge),)
    # A surge is no power: what Blood Potency makes easy does not count for it.
    easy = again or rerolls(sheet.number("blood_potency"), level)
    checks = _rouses(options.rouses, again) + _rouses(rouse, easy, given.get("discipline"))
    if checks:
        refuse_too_hungry(sheet.number("hunger"), sheet.max_hunger)
    return Built(found.text, lines, options, checks, found.notices)


def _rouses(times: int, reroll: bool, discipline: Any = None) -> tuple[Attached, ...]:
    named = {"discipline": discipline} if discipline else {}
    return (Attached("rouse", {"times": times, "reroll": reroll, **named}),) if times else ()


def _surge(wanted: Any, sheet: Sheet) -> int | None:
    if wanted is None or wanted is False:
        return None
    if wanted is not True:
        found: int = wanted
        return found
    potency = sheet.number("blood_potency")
    if potency is None:
        raise Invalid.field("surge", "No Blood Potency is known here; name it.")
    return potency


def _powers(given: Options, sheet: Sheet) -> tuple[PoolLine, ...]:
    """The dice of a discipline, and the bonus of Blood Potency for its powers (core 216)."""
    name, bonus = given.get("discipline"), given.get("discipline_bonus", False)
    problems = Problems()
    problems.flag("discipline_bonus", bonus)
    problems.settle()
    if not name and not bonus:
        return ()
    if sheet.character is None:
        raise Invalid.field("discipline", "Whose discipline? Name a character.")
    lines: tuple[PoolLine, ...] = ()
    if name:
        found = traits.discipline(sheet.character, sheet.document, name)
        lines = (PoolLine(found.label, found.dots),)
    potency = sheet.number("blood_potency")
    more = 0 if potency is None else blood_potency(potency).power_bonus
    return (*lines, *((PoolLine(f"Blood Potency {potency}", more),) if more else ()))


def _w5(pool: Any, given: Options, sheet: Sheet) -> Built:
    problems = Problems()
    problems.whole("rage_checks", times := given.get("rage_checks", 0), 0, 5)
    problems.flag("rage_reroll", again := given.get("rage_reroll", False))
    problems.settle()
    found = _fifth(pool, given, sheet)
    options = w5.Options(
        **found.shared,
        rage=given.get("rage", sheet.number("rage") or 0),
        trained=given.get("trained", 0),
        participants=given.get("participants", 0),
    )
    helpers = (
        PoolLine("Trained participants", 2 * options.trained),
        PoolLine("Participants", options.participants),
    )
    lines = found.lines + tuple(one for one in helpers if one.dice)
    checks = (Attached("rage", {"checks": times, "reroll": again}),) if times else ()
    return Built(found.text, lines, options, checks, found.notices)


def _h5(pool: Any, given: Options, sheet: Sheet) -> Built:
    found = _fifth(pool, given, sheet)
    despair = sheet.document.get("despair") is True
    tracked = 0 if despair else sheet.number("desperation") or 0
    options = h5.Options(**found.shared, desperation=given.get("desperation", tracked), despair=despair)
    lines = found.lines + ((PoolLine("Desperation", options.desperation),) if options.desperation else ())
    return Built(found.text, lines, options, (), found.notices)


def _wod20(pool: Any, given: Options, sheet: Sheet) -> Built:
    problems = Problems()
    problems.flag("wounded", wounded := given.get("wounded", True))
    problems.words("specialty", specialty := given.get("specialty", ""), 100)
    problems.settle()
    text, lines = lines_of(pool, sheet, specialty_dice=0)
    named = [one.specialty for one in lines if one.specialty]
    willpower = sheet.document.get("willpower")
    options = wod20.Options(
        pool=sum(one.dice for one in lines),
        difficulty=given.get("difficulty", 6),
        specialty=clean(specialty or ", ".join(named), 100),
        willpower=given.get("willpower", False),
        modifier=given.get("modifier", 0),
        nightmare=_nightmare(given.get("nightmare", 0), sheet),
        wound=traits.wound(sheet.character, sheet.document) if sheet.character and wounded else 0,
        no_botch=given.get("no_botch", False),
        willpower_left=(
            willpower["current"] if isinstance(willpower, dict) and "current" in willpower else None
        ),
    )
    return Built(text, (*lines, *options.lines[1:]), options)


def _nightmare(wanted: Any, sheet: Sheet) -> Any:
    if wanted is not True:
        return wanted
    track = sheet.document.get("nightmare")
    if not isinstance(track, dict):
        raise Invalid.field("nightmare", "No Nightmare is known here; name a number of dice.")
    return track["temporary"]


def _cod(pool: Any, given: Options, sheet: Sheet) -> Built:
    text, lines = lines_of(pool, sheet)
    gained = sum(one.dice for one in lines if one.dice > 0)
    lost = -sum(one.dice for one in lines if one.dice < 0)
    problems = Problems()
    problems.whole("pool", gained, 0, 30)
    problems.whole("penalty", penalty := given.get("penalty", 0), 0, 30)
    problems.settle()
    options = cod.Options(
        pool=gained,
        bonus=given.get("bonus", 0),
        penalty=min(30, penalty + lost),
        specialty=given.get("specialty", ""),
        willpower=given.get("willpower", False),
        rote=given.get("rote", False),
        target=given.get("target", 8),
        again=given.get("again", 10),
        wound=given.get("wound", 0),
    )
    named = tuple(one for one in options.lines[1:] if one.label != "Penalty")
    taken = (PoolLine("Penalty", -penalty),) if penalty else ()
    return Built(text, (*lines, *named, *taken), options)


def _general(pool: Any, given: Options, sheet: Sheet) -> Built:
    if not isinstance(pool, str):
        raise Invalid.field("pool", "Write dice, such as 3d6 + 2.")
    try:
        options = General(pool, given.get("modifier", 0), given.get("difficulty"))
    except Invalid as error:
        # To the asker the expression is the pool.
        fields = error.data["fields"]
        raise Invalid(
            error.detail, fields={{"expression": "pool"}.get(k, k): v for k, v in fields.items()}
        ) from None
    modifier = (PoolLine("Modifier", options.modifier),) if options.modifier else ()
    return Built(clean(pool, 200), (PoolLine(clean(pool, 200), 0), *modifier), options)


_BUILDERS: dict[str, Callable[[Any, Options, Sheet], Built]] = {
    "v5": _v5,
    "w5": _w5,
    "h5": _h5,
    "wod20": _wod20,
    "cod": _cod,
    "general": _general,
}
