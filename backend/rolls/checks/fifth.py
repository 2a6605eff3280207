"""Prepare the checks of the 5th edition (`rules.dice`) from options and sheet."""

from contract.translation import _
from rolls import chances
from rolls.chances import COIN, Chances
from rolls.checks.base import Prepared, all_held, certain, label_slug, passed_or_failed
from rolls.sheet import Sheet
from rules.dice import beast, blood, compulsions, waking, wolf
from rules.dice import resonance as resonances
from rules.dice.base import Check
from rules.dice.beast import FrenzyOptions, RageOptions, StainsOptions
from rules.dice.blood import MendOptions, RouseOptions, SlakeOptions
from rules.dice.compulsions import CompulsionOptions
from rules.dice.resonance import ResonanceOptions
from rules.dice.source import Source
from rules.dice.waking import WakeOptions
from rules.dice.wolf import BalanceOptions, ShiftOptions
from rules.errors import Invalid
from rules.options import OptionSet


def rouse(asked: RouseOptions, sheet: Sheet) -> Prepared:
    if sheet.character and sheet.character.rouses_for:
        paid = sheet.character.rouses_for
        return Prepared(lambda source: blood.rouse_in_flesh(paid, asked.times), certain)
    potency, staining = sheet.number("blood_potency"), sheet.staining(asked.discipline)

    def run(source: Source) -> Check:
        return blood.rouse(
            source,
            sheet.number("hunger"),
            asked.times,
            asked.reroll,
            potency,
            asked.level,
            asked.forced,
            full=sheet.max_hunger,
            staining=staining,
        )

    def outlook() -> Chances:
        return chances.repeated(asked.times, asked.reroll or blood.rerolls(potency, asked.level))

    return Prepared(run, outlook, dice=asked.times)


def mend(asked: MendOptions, sheet: Sheet) -> Prepared:
    hunger, potency, health = sheet.rating("hunger"), sheet.rating("blood_potency"), sheet.counters("health")
    return Prepared(
        lambda source: blood.mend(source, hunger, potency, health, asked.reroll, full=sheet.max_hunger),
        lambda: chances.repeated(1, asked.reroll),
        all_held,
        dice=1,
    )


def recover(asked: OptionSet, sheet: Sheet) -> Prepared:
    track, resolve, composure = (
        sheet.counters("willpower"),
        sheet.rating("resolve"),
        sheet.rating("composure"),
    )
    return Prepared(lambda source: blood.recover_willpower(track, resolve, composure), certain)


def blush(asked: OptionSet, sheet: Sheet) -> Prepared:
    hunger, (humanity, _) = sheet.rating("hunger"), _humanity(sheet)

    def run(source: Source) -> Check:
        return blood.blush(source, hunger, humanity, full=sheet.max_hunger)

    return Prepared(run, lambda: chances.enumerated(run, all_held, COIN), all_held, dice=1)


def wake(asked: WakeOptions, sheet: Sheet) -> Prepared:
    humanity, _ = _humanity(sheet)
    night = waking.Night(
        hunger=sheet.rating("hunger"),
        mend_aggravated=asked.mend_aggravated,
        aggravated=sheet.counters("health")["aggravated"],
        blush=asked.blush,
        humanity=humanity,
        recover=asked.recover,
        willpower=sheet.counters("willpower"),
        resolve=sheet.rating("resolve"),
        composure=sheet.rating("composure"),
        full=sheet.max_hunger,
    )

    def run(source: Source) -> Check:
        return waking.wake(source, night)

    return Prepared(run, lambda: chances.enumerated(run, passed_or_failed, COIN), dice=1)


def slake(asked: SlakeOptions, sheet: Sheet) -> Prepared:
    hunger, potency = sheet.rating("hunger"), sheet.rating("blood_potency")

    def run(source: Source) -> Check:
        return blood.slake(hunger, asked.amount, potency, asked.blood, asked.humans, asked.killed)

    return Prepared(run, certain)


def _humanity(sheet: Sheet) -> tuple[int, int]:
    """Humanity and its stains."""
    track = sheet.counters("humanity")
    return track["value"], track["stains"]


def frenzy(asked: FrenzyOptions, sheet: Sheet) -> Prepared:
    (humanity, _), track = _humanity(sheet), sheet.counters("willpower")
    dice = beast.frenzy_dice(humanity, track, asked.modifier)
    return Prepared(
        lambda source: beast.frenzy(source, humanity, track, asked.difficulty, asked.modifier),
        lambda: chances.of_pool(dice, asked.difficulty),
        dice=dice,
    )


def remorse(asked: OptionSet, sheet: Sheet) -> Prepared:
    humanity, marked = _humanity(sheet)
    dice = beast.remorse_dice(humanity, marked)
    return Prepared(
        lambda source: beast.remorse(source, humanity, marked),
        lambda: chances.of_wins(dice),
        dice=dice,
    )


def stains(asked: StainsOptions, sheet: Sheet) -> Prepared:
    humanity, marked = _humanity(sheet)
    return Prepared(lambda source: beast.stains(humanity, marked, asked.added), certain)


def resonance(asked: ResonanceOptions, sheet: Sheet) -> Prepared:
    def run(source: Source) -> Check:
        return resonances.resonance(
            source,
            asked.resonance,
            asked.temperament,
            asked.minimum,
            asked.drunk,
            even=sheet.even_resonance,
        )

    return Prepared(run, lambda: chances.enumerated(run, label_slug), label_slug)


def compulsion(asked: CompulsionOptions, sheet: Sheet) -> Prepared:
    def run(source: Source) -> Check:
        return compulsions.compulsion(source, asked.clan or "", asked.no_clan)

    def slug_of(check: Check) -> str:
        return str((check.value or {}).get("compulsion", "clan"))

    return Prepared(run, lambda: chances.enumerated(run, slug_of), slug_of, dice=1)


def rage(asked: RageOptions, sheet: Sheet) -> Prepared:
    of_the_fifth = sheet.character is not None and sheet.character.edition == "5th"
    rage = sheet.number("rage") if of_the_fifth else None
    form = str(sheet.value("form") or "") if of_the_fifth else ""
    return Prepared(
        lambda source: beast.rage_check(source, rage, asked.checks, asked.reroll, form),
        lambda: chances.repeated(asked.checks, asked.reroll),
        dice=asked.checks,
    )


def harano(asked: BalanceOptions, sheet: Sheet) -> Prepared:
    return _balance("harano", asked, sheet)


def hauglosk(asked: BalanceOptions, sheet: Sheet) -> Prepared:
    return _balance("hauglosk", asked, sheet)


def _balance(path: str, asked: BalanceOptions, sheet: Sheet) -> Prepared:
    dots = {name: sheet.rating(name) for name in ("harano", "hauglosk")}
    dice = wolf.balance_dice(sum(dots.values()), asked.modifier)
    holds = sheet.rule("balance_tests") == "holds"
    return Prepared(
        lambda source: wolf.balance(source, path, dots[path], dice, holds),
        lambda: chances.of_wins(dice) if holds else chances.of_no_wins(dice),
        dice=dice,
    )


def shift(asked: ShiftOptions, sheet: Sheet) -> Prepared:
    before, rage = str(sheet.value("form") or ""), sheet.rating("rage")

    def run(source: Source) -> Check:
        return wolf.shift(source, before, asked.form, rage, asked.reroll)

    dice = wolf.RAGE_CHECKS[asked.form]
    return Prepared(run, lambda: chances.enumerated(run, passed_or_failed, COIN) if dice else None, dice=dice)


def redemption(asked: OptionSet, sheet: Sheet) -> Prepared:
    if not sheet.is_set("despair"):
        raise Invalid(_("This hunter isn’t in Despair."), code="no_despair")
    return Prepared(lambda source: beast.despair_end(), certain)
