"""The checks of the 5th edition, as their rules (`rules.dice.checks`) want them asked."""

from rolls import chances
from rolls.asking import Sheet
from rolls.chances import COIN, Chances
from rolls.checks.base import (
    Options,
    Prepared,
    all_held,
    certain,
    flag,
    given,
    label_slug,
    passed_or_failed,
    whole,
)
from rules.dice import checks as rules
from rules.dice.base import Check
from rules.dice.source import Source
from rules.errors import Invalid


def rouse(options: Options, sheet: Sheet) -> Prepared:
    level = whole(options, "level", 1, 5, 1) if options.get("level") is not None else None
    again, forced = flag(options, "reroll"), flag(options, "forced")
    times = whole(options, "times", 1, 5, 1)
    potency, staining = sheet.number("blood_potency"), sheet.staining(options.get("discipline"))

    def run(source: Source) -> Check:
        return rules.rouse(
            source,
            sheet.number("hunger"),
            times,
            again,
            potency,
            level,
            forced,
            full=sheet.max_hunger,
            staining=staining,
        )

    def outlook() -> Chances:
        return chances.repeated(times, again or rules.rerolls(potency, level))

    return Prepared(run, outlook, dice=times)


def mend(options: Options, sheet: Sheet) -> Prepared:
    again = flag(options, "reroll")
    hunger, potency = sheet.document["hunger"], sheet.document["blood_potency"]
    return Prepared(
        lambda source: rules.mend(
            source, hunger, potency, sheet.document["health"], again, full=sheet.max_hunger
        ),
        lambda: chances.repeated(1, again),
        all_held,
        dice=1,
    )


def recover(options: Options, sheet: Sheet) -> Prepared:
    track = sheet.document["willpower"]
    resolve, composure = sheet.document["resolve"], sheet.document["composure"]
    return Prepared(lambda source: rules.recover_willpower(track, resolve, composure), certain)


def blush(options: Options, sheet: Sheet) -> Prepared:
    hunger, humanity = sheet.document["hunger"], sheet.document["humanity"]["value"]

    def run(source: Source) -> Check:
        return rules.blush(source, hunger, humanity, full=sheet.max_hunger)

    return Prepared(run, lambda: chances.walked(run, all_held, COIN), all_held, dice=1)


def wake(options: Options, sheet: Sheet) -> Prepared:
    document = sheet.document
    night = rules.Night(
        hunger=document["hunger"],
        mend_aggravated=flag(options, "mend_aggravated"),
        aggravated=document["health"]["aggravated"],
        blush=flag(options, "blush"),
        humanity=document["humanity"]["value"],
        recover=flag(options, "recover"),
        willpower=document["willpower"],
        resolve=document["resolve"],
        composure=document["composure"],
        full=sheet.max_hunger,
    )

    def run(source: Source) -> Check:
        return rules.wake(source, night)

    return Prepared(run, lambda: chances.walked(run, passed_or_failed, COIN), dice=1)


def slake(options: Options, sheet: Sheet) -> Prepared:
    if options.get("amount") is None:
        raise Invalid.field("amount", "How much Hunger is this blood worth?")
    wanted = given(options, blood="human", humans=1, killed=False)
    amount, document = options["amount"], sheet.document
    return Prepared(
        lambda source: rules.slake(document["hunger"], amount, document["blood_potency"], **wanted), certain
    )


def frenzy(options: Options, sheet: Sheet) -> Prepared:
    difficulty = whole(options, "difficulty", 1, 50, rules.HUNGER_FRENZY_DIFFICULTY)
    modifier = whole(options, "modifier", -20, 20, 0)
    humanity, track = sheet.document["humanity"]["value"], sheet.document["willpower"]
    dice = rules.frenzy_dice(humanity, track, modifier)
    return Prepared(
        lambda source: rules.frenzy(source, humanity, track, difficulty, modifier),
        lambda: chances.of_pool(dice, difficulty),
        dice=dice,
    )


def remorse(options: Options, sheet: Sheet) -> Prepared:
    track = sheet.document["humanity"]
    dice = rules.remorse_dice(track["value"], track["stains"])
    return Prepared(
        lambda source: rules.remorse(source, track["value"], track["stains"]),
        lambda: chances.of_wins(dice),
        dice=dice,
    )


def stains(options: Options, sheet: Sheet) -> Prepared:
    track, added = sheet.document["humanity"], whole(options, "added", -10, 10, 1)
    return Prepared(lambda source: rules.stains(track["value"], track["stains"], added), certain)


def resonance(options: Options, sheet: Sheet) -> Prepared:
    wanted = given(options, resonance="", temperament="", minimum="")
    drunk = flag(options, "drunk")

    def run(source: Source) -> Check:
        return rules.resonance(
            source,
            wanted["resonance"],
            wanted["temperament"],
            wanted["minimum"],
            drunk,
            even=sheet.even_resonance,
        )

    return Prepared(run, lambda: chances.walked(run, label_slug), label_slug)


def compulsion(options: Options, sheet: Sheet) -> Prepared:
    clan = sheet.document.get("clan", "") if options.get("clan") is None else options["clan"]
    no_clan = flag(options, "no_clan")

    def run(source: Source) -> Check:
        return rules.compulsion(source, clan, no_clan)

    def slug_of(check: Check) -> str:
        return str((check.value or {}).get("compulsion", "clan"))

    return Prepared(run, lambda: chances.walked(run, slug_of), slug_of, dice=1)


def rage(options: Options, sheet: Sheet) -> Prepared:
    times, again = whole(options, "checks", 1, 5, 1), flag(options, "reroll")
    rage = sheet.number("rage") if sheet.character and sheet.character.edition == "5th" else None
    return Prepared(
        lambda source: rules.rage_check(source, rage, times, again),
        lambda: chances.repeated(times, again),
        dice=times,
    )


def redemption(options: Options, sheet: Sheet) -> Prepared:
    if sheet.document["despair"] is not True:
        raise Invalid("This hunter is not in Despair.", code="no_despair")
    return Prepared(lambda source: rules.despair_end(), certain)
