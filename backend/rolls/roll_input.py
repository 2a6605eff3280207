"""Build what a system rolls from what was asked: the pool as named lines, with what the sheet adds."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.translation import N_, _
from rolls import traits
from rolls.sheet import Sheet
from rules.dice import cod, d20, fifth, general, h5, v5, w5, wod20
from rules.dice.base import Record
from rules.dice.blood import refuse_too_hungry, rerolls
from rules.dice.blood_potency import blood_potency
from rules.dice.pool import Pool, PoolLine, parse
from rules.errors import Invalid, Problems
from rules.notices import Notice, notice
from rules.options import OptionSet, Value
from rules.text import clean


@dataclass(frozen=True)
class Attached:
    """A check that comes with a roll: its name, and the options of it."""

    check: str
    options: Mapping[str, Value]


@dataclass(frozen=True)
class Built:
    """`lines` name every die of the pool; `options` are those of the system."""

    text: str
    lines: tuple[PoolLine, ...]
    options: Record
    checks: tuple[Attached, ...] = ()
    notices: tuple[Notice, ...] = ()

    def pool(self) -> dict[str, object]:
        pool = Pool(self.lines)
        # Desperation comes on top of the pool.
        dice = getattr(self.options, "dice", pool.dice) + getattr(self.options, "desperation", 0)
        return {
            "text": self.text,
            "dice": dice,
            "lines": [line.as_json() for line in self.lines],
        }


def build(pool: Value | None, asked: OptionSet, sheet: Sheet) -> Built:
    """Build the roll. Raises Invalid with every problem; Unprocessable for what the sheet's state forbids."""
    given, asked = asked, asked.by_sheet(sheet.value)
    match asked:
        case v5.RollOptions():
            return _v5(pool, asked, sheet, given)
        case w5.RollOptions():
            return _w5(pool, asked, sheet, given)
        case h5.RollOptions():
            return _h5(pool, asked, sheet)
        case wod20.RollOptions():
            return _wod20(pool, asked, sheet)
        case cod.RollOptions():
            return _cod(pool, asked, sheet)
        case d20.RollOptions():
            return _d20(pool, asked, sheet)
        case general.RollOptions():
            return _general(pool, asked)
    raise TypeError(f"no dice take {type(asked).__qualname__}")


def lines_of(pool: Value | None, sheet: Sheet, specialty_dice: int = 1) -> tuple[str, tuple[PoolLine, ...]]:
    """Return a pool's text and lines; a number is one line."""
    if isinstance(pool, int) and not isinstance(pool, bool):
        problems = Problems()
        problems.whole("pool", pool, 0, 50)
        problems.settle()
        return str(pool), (PoolLine(N_("Pool"), pool),)
    if not isinstance(pool, str):
        raise Invalid.field("pool", _("A pool is a number, or traits such as strength + brawl."))
    return clean(pool, 200), parse(pool, sheet.traits, specialty_dice).lines


@dataclass(frozen=True)
class _Fifth:
    """What the three games of the 5th edition share: `base` is the pool without specialty and surge."""

    text: str
    base: tuple[PoolLine, ...]
    specialty: str
    notices: tuple[Notice, ...]

    @property
    def dice(self) -> int:
        return sum(line.dice for line in self.base)

    @property
    def plain(self) -> bool:
        """Whether these are Willpower and Humanity alone (`fifth.PLAIN`)."""
        named = {line.trait for line in self.base if line.trait}
        return bool(named) and named <= fifth.PLAIN

    def special(self, name: str, dice: int | None, given: OptionSet) -> int:
        """How many special dice are among them. Raises Invalid where somebody asks for some and they have no place."""
        if not self.plain:
            return dice or 0
        if getattr(given, name):
            raise Invalid.field(name, _("Willpower and Humanity rolls have no special dice."))
        return 0

    @property
    def lines(self) -> tuple[PoolLine, ...]:
        helping = (PoolLine(self.specialty, 1, specialty=self.specialty),) if self.specialty else ()
        return (*self.base, *helping)


def _fifth(
    pool: Value | None, asked: fifth.RollOptions, sheet: Sheet, more: tuple[PoolLine, ...] = ()
) -> _Fifth:
    text, lines = lines_of(pool, sheet)
    base = lines + more + ((PoolLine("Modifier", asked.modifier),) if asked.modifier else ())
    taken: tuple[PoolLine, ...] = (PoolLine("Impaired", -traits.IMPAIRED),) if asked.impaired else ()
    notices: tuple[Notice, ...] = ()
    if sheet.character:
        taken, notices = traits.impairment(sheet.character, sheet.document, base, asked.impaired)
    return _Fifth(text, base + taken, asked.specialty, notices)


def _v5(pool: Value | None, asked: v5.RollOptions, sheet: Sheet, given: OptionSet) -> Built:
    found = _fifth(pool, asked, sheet, _powers(asked, sheet))
    surge = _surge(asked.surge, sheet)
    hunger = found.special("hunger", asked.hunger, given)
    options = v5.Options(found.dice, hunger, asked.difficulty, asked.specialty, surge, found.plain)
    lines = found.lines
    if surge is not None:
        lines += (PoolLine(N_("Blood surge"), blood_potency(surge).surge),)
    # A surge is no power: what Blood Potency makes easy does not count for it.
    easy = asked.rouse_reroll or rerolls(sheet.number("blood_potency"), asked.level)
    checks = _rouses(options.rouses, asked.rouse_reroll) + _rouses(asked.rouse, easy, asked.discipline)
    if checks:
        refuse_too_hungry(sheet.number("hunger"), sheet.max_hunger)
    return Built(found.text, lines, options, checks, found.notices)


def _rouses(times: int, reroll: bool, discipline: str = "") -> tuple[Attached, ...]:
    named: dict[str, Value] = {"discipline": discipline} if discipline else {}
    return (Attached("rouse", {"times": times, "reroll": reroll, **named}),) if times else ()


def _surge(wanted: int | None, sheet: Sheet) -> int | None:
    """The Blood Potency of a surge; True is that of the sheet, False no surge."""
    if wanted is not True:
        return None if wanted is False else wanted
    potency = sheet.number("blood_potency")
    if potency is None:
        raise Invalid.field("surge", _("There’s no Blood Potency here. Give a number."))
    return potency


def _powers(asked: v5.RollOptions, sheet: Sheet) -> tuple[PoolLine, ...]:
    """The dice of a discipline, and the bonus of Blood Potency for its powers (core 216)."""
    if not asked.discipline and not asked.discipline_bonus:
        return ()
    if sheet.character is None:
        raise Invalid.field("discipline", _("Choose the character whose Discipline it is."))
    lines: tuple[PoolLine, ...] = ()
    if asked.discipline:
        found = traits.discipline(sheet.character, sheet.document, asked.discipline, sheet.level)
        lines = (PoolLine(found.label, found.dots),)
    potency = sheet.number("blood_potency")
    bonus = 0 if potency is None else blood_potency(potency).power_bonus
    return (*lines, *((PoolLine(f"Blood Potency {potency}", bonus),) if bonus else ()))


def _w5(pool: Value | None, asked: w5.RollOptions, sheet: Sheet, given: OptionSet) -> Built:
    found = _fifth(pool, asked, sheet)
    options = w5.Options(
        found.dice,
        found.special("rage", asked.rage, given),
        asked.difficulty,
        asked.specialty,
        asked.trained,
        asked.participants,
        found.plain,
    )
    helpers = (
        PoolLine(N_("Trained participants"), 2 * options.trained),
        PoolLine(N_("Participants"), options.participants),
    )
    lines = found.lines + tuple(line for line in helpers if line.dice)
    rage: dict[str, Value] = {"checks": asked.rage_checks, "reroll": asked.rage_reroll}
    return Built(
        found.text, lines, options, (Attached("rage", rage),) if asked.rage_checks else (), found.notices
    )


def _h5(pool: Value | None, asked: h5.RollOptions, sheet: Sheet) -> Built:
    found = _fifth(pool, asked, sheet)
    despair = sheet.is_set("despair")
    own = 0 if despair else sheet.number("desperation") or 0
    added = _desperation(asked.desperation, own, sheet)
    spare = 0 if added or asked.desperation is not None else own
    options = h5.Options(found.dice, added, asked.difficulty, asked.specialty, despair, spare, found.plain)
    lines = found.lines + ((PoolLine("Desperation", options.desperation),) if options.desperation else ())
    ruled = (notice("desperation_always"),) if added and asked.desperation is None else ()
    return Built(found.text, lines, options, (), found.notices + ruled)


def _desperation(wanted: int | None, own: int, sheet: Sheet) -> int:
    """How many dice join; True is those of the sheet, and left out as the house rule has it."""
    if wanted is None:
        return own if sheet.rule("desperation") == "always" else 0
    if wanted is not True:
        return int(wanted)
    if sheet.is_set("despair"):
        raise Invalid.field("desperation", _("A hunter in Despair can’t use Desperation."))
    if not own:
        raise Invalid.field("desperation", _("There’s no Desperation here. Give a number of dice."))
    return own


def _wod20(pool: Value | None, asked: wod20.RollOptions, sheet: Sheet) -> Built:
    text, lines = lines_of(pool, sheet, specialty_dice=0)
    if asked.rage_penalty:
        lines += traits.rage_over_willpower(sheet.document, lines)
    dice, wound = sum(line.dice for line in lines), _wound(asked, sheet, lines)
    wod20.refuse_impossible(dice, wound, last_die=sheet.rule("last_die") == "one")
    named = [line.specialty for line in lines if line.specialty]
    options = wod20.Options(
        pool=dice,
        difficulty=asked.difficulty,
        specialty=asked.specialty or clean(", ".join(named), 100),
        willpower=asked.willpower,
        modifier=asked.modifier,
        nightmare=_nightmare(asked.nightmare, sheet),
        wound=wound,
        no_botch=asked.no_botch,
        willpower_left=sheet.counters("willpower").get("current"),
        ones=sheet.rule("specialty_ones"),
        again=N_("house rule") if sheet.rule("roll_again") == "once" else traits.luck(sheet.document),
    )
    return Built(text, (*lines, *options.lines[1:]), options)


def _wound(asked: wod20.RollOptions, sheet: Sheet, lines: tuple[PoolLine, ...]) -> int:
    """The level of wounds, for actions; 0 where they touch nothing."""
    character, document = sheet.character, sheet.document
    if not character or not asked.wounded or not traits.is_action(character, document, lines):
        return 0
    return traits.wound(character, document)


def _nightmare(wanted: int | None, sheet: Sheet) -> int:
    """How many dice; True is as many as the sheet has."""
    if wanted is not True:
        return wanted or 0
    if not (track := sheet.counters("nightmare")):
        raise Invalid.field("nightmare", _("There’s no Nightmare here. Give a number of dice."))
    return track["temporary"]


def _cod(pool: Value | None, asked: cod.RollOptions, sheet: Sheet) -> Built:
    text, lines = lines_of(pool, sheet)
    gained = sum(line.dice for line in lines if line.dice > 0)
    lost = -sum(line.dice for line in lines if line.dice < 0)
    options = cod.Options(
        pool=gained,
        bonus=asked.bonus,
        penalty=min(cod.MAX_POOL, asked.penalty + lost),
        specialty=asked.specialty,
        willpower=asked.willpower,
        rote=asked.rote,
        target=asked.target,
        again=asked.again,
        wound=asked.wound,
    )
    named = tuple(line for line in options.lines[1:] if line.label != "Penalty")
    taken = (PoolLine("Penalty", -asked.penalty),) if asked.penalty else ()
    return Built(text, (*lines, *named, *taken), options)


def _d20(pool: Value | None, asked: d20.RollOptions, sheet: Sheet) -> Built:
    text, lines = lines_of(pool, sheet)
    if asked.modifier:
        lines += (PoolLine("Modifier", asked.modifier),)
    options = d20.Options(sum(line.dice for line in lines), asked.difficulty, asked.advantage)
    return Built(text, lines, options)


def _general(pool: Value | None, asked: general.RollOptions) -> Built:
    if not isinstance(pool, str):
        raise Invalid.field("pool", _("Write dice such as 3d6 + 2."))
    try:
        options = general.Options(pool, asked.modifier, asked.difficulty)
    except Invalid as error:
        # To the asker the expression is the pool.
        found = error.data["fields"].items()
        fields = {"pool" if name == "expression" else name: sentences for name, sentences in found}
        raise Invalid(error.detail, fields=fields) from None
    modifier = (PoolLine("Modifier", options.modifier),) if options.modifier else ()
    return Built(clean(pool, 200), (PoolLine(clean(pool, 200), 0), *modifier), options)
