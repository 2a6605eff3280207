"""The checks: what each takes, whom it needs, and its chances. One literal to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rolls import chances
from rolls.asking import Sheet, lines_of
from rolls.chances import COIN, Chances
from rolls.systems import FIFTH, SYSTEMS
from rolls.traits import wound
from rules.dice import checks as rules
from rules.dice import initiative, vitae, wod20
from rules.dice.base import REGULAR, Check, Problems, Step, adjust, throw
from rules.dice.source import Source
from rules.dice.wounds import LEVELS
from rules.errors import Invalid
from rules.odds.wod20 import odds as wod20_odds
from rules.text import clean

Options = Mapping[str, Any]
Run = Callable[[Source], Check]
Outlook = Callable[[], Chances | None]


@dataclass(frozen=True)
class Prepared:
    """Ready to roll: the state and the options are judged, no die has fallen. `dice` is the size of its pool."""

    run: Run
    outlook: Outlook
    slug_of: Callable[[Check], str] = lambda check: "passed" if check.passed else "failed"
    dice: int = 0


@dataclass(frozen=True)
class Kind:
    """`needs` are traits that a character must have; without any, nobody's sheet is needed either."""

    label: str
    prepare: Callable[[Options, Sheet], Prepared]
    options: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    # The dice that it belongs to, "" for those of the character.
    system: str = ""
    # Whom it means when nobody is named: characters with these.
    prefers: tuple[str, ...] = ()


def _given(options: Options, **starts: Any) -> dict[str, Any]:
    return {name: start if options.get(name) is None else options[name] for name, start in starts.items()}


def _whole(options: Options, name: str, low: int, high: int, start: int) -> int:
    value: Any = start if options.get(name) is None else options[name]
    problems = Problems()
    problems.whole(name, value, low, high)
    problems.settle()
    found: int = value
    return found


def _flag(options: Options, name: str) -> bool:
    problems = Problems()
    problems.flag(name, value := options.get(name) or False)
    problems.settle()
    return bool(value)


def _rouse(options: Options, sheet: Sheet) -> Prepared:
    level = _whole(options, "level", 1, 5, 1) if options.get("level") is not None else None
    again, forced = _flag(options, "reroll"), _flag(options, "forced")
    times = _whole(options, "times", 1, 5, 1)
    potency = sheet.number("blood_potency")

    def run(source: Source) -> Check:
        return rules.rouse(source, sheet.number("hunger"), times, again, potency, level, forced)

    def outlook() -> Chances:
        return chances.repeated(times, again or rules.rerolls(potency, level))

    return Prepared(run, outlook, dice=times)


def _mend(options: Options, sheet: Sheet) -> Prepared:
    again = _flag(options, "reroll")
    hunger, potency = sheet.document["hunger"], sheet.document["blood_potency"]
    return Prepared(
        lambda source: rules.mend(source, hunger, potency, sheet.document["health"], again),
        lambda: chances.repeated(1, again),
        _all_held,
        dice=1,
    )


def _recover(options: Options, sheet: Sheet) -> Prepared:
    track = sheet.document["willpower"]
    resolve, composure = sheet.document["resolve"], sheet.document["composure"]
    return Prepared(lambda source: rules.recover_willpower(track, resolve, composure), _certain)


def _blush(options: Options, sheet: Sheet) -> Prepared:
    hunger, humanity = sheet.document["hunger"], sheet.document["humanity"]["value"]

    def run(source: Source) -> Check:
        return rules.blush(source, hunger, humanity)

    return Prepared(run, lambda: chances.walked(run, _all_held, COIN), _all_held, dice=1)


def _wake(options: Options, sheet: Sheet) -> Prepared:
    document = sheet.document
    night = rules.Night(
        hunger=document["hunger"],
        mend_aggravated=_flag(options, "mend_aggravated"),
        aggravated=document["health"]["aggravated"],
        blush=_flag(options, "blush"),
        humanity=document["humanity"]["value"],
        recover=_flag(options, "recover"),
        willpower=document["willpower"],
        resolve=document["resolve"],
        composure=document["composure"],
    )

    def run(source: Source) -> Check:
        return rules.wake(source, night)

    return Prepared(run, lambda: chances.walked(run, _plain, COIN), dice=1)


def _slake(options: Options, sheet: Sheet) -> Prepared:
    if options.get("amount") is None:
        raise Invalid.field("amount", "How much Hunger is this blood worth?")
    wanted = _given(options, blood="human", humans=1, killed=False)
    amount, document = options["amount"], sheet.document
    return Prepared(
        lambda source: rules.slake(document["hunger"], amount, document["blood_potency"], **wanted), _certain
    )


def _frenzy(options: Options, sheet: Sheet) -> Prepared:
    difficulty = _whole(options, "difficulty", 1, 50, rules.HUNGER_FRENZY_DIFFICULTY)
    modifier = _whole(options, "modifier", -20, 20, 0)
    humanity, track = sheet.document["humanity"]["value"], sheet.document["willpower"]
    dice = rules.frenzy_dice(humanity, track, modifier)
    return Prepared(
        lambda source: rules.frenzy(source, humanity, track, difficulty, modifier),
        lambda: chances.of_pool(dice, difficulty),
        dice=dice,
    )


def _remorse(options: Options, sheet: Sheet) -> Prepared:
    track = sheet.document["humanity"]
    dice = rules.remorse_dice(track["value"], track["stains"])
    return Prepared(
        lambda source: rules.remorse(source, track["value"], track["stains"]),
        lambda: chances.of_wins(dice),
        dice=dice,
    )


def _stains(options: Options, sheet: Sheet) -> Prepared:
    track, added = sheet.document["humanity"], _whole(options, "added", -10, 10, 1)
    return Prepared(lambda source: rules.stains(track["value"], track["stains"], added), _certain)


def _resonance(options: Options, sheet: Sheet) -> Prepared:
    wanted = _given(options, resonance="", temperament="", minimum="")
    drunk = _flag(options, "drunk")

    def run(source: Source) -> Check:
        return rules.resonance(source, wanted["resonance"], wanted["temperament"], wanted["minimum"], drunk)

    return Prepared(run, lambda: chances.walked(run, _label), _label)


def _compulsion(options: Options, sheet: Sheet) -> Prepared:
    clan = sheet.document.get("clan", "") if options.get("clan") is None else options["clan"]
    no_clan = _flag(options, "no_clan")

    def run(source: Source) -> Check:
        return rules.compulsion(source, clan, no_clan)

    def slug_of(check: Check) -> str:
        return str((check.value or {}).get("compulsion", "clan"))

    return Prepared(run, lambda: chances.walked(run, slug_of), slug_of, dice=1)


def _rage(options: Options, sheet: Sheet) -> Prepared:
    times, again = _whole(options, "checks", 1, 5, 1), _flag(options, "reroll")
    rage = sheet.number("rage") if sheet.character and sheet.character.edition == "5th" else None
    return Prepared(
        lambda source: rules.rage_check(source, rage, times, again),
        lambda: chances.repeated(times, again),
        dice=times,
    )


def _redemption(options: Options, sheet: Sheet) -> Prepared:
    if sheet.document["despair"] is not True:
        raise Invalid("This hunter is not in Despair.", code="no_despair")
    return Prepared(lambda source: rules.despair_end(), _certain)


def _degeneration(options: Options, sheet: Sheet) -> Prepared:
    """Conscience or Conviction against a difficulty, 8 as a rule (Vampire 20th 309–312).

    A failure costs a dot of the path; a botch a dot of the virtue too. The virtues and the path are told by the sheet.
    """
    virtue = sheet.number("conscience") or 0
    path = "morality" if "morality" in sheet.document else "humanity"
    asked = wod20.Options(pool=max(1, virtue), difficulty=_whole(options, "difficulty", 2, 10, 8))

    def run(source: Source) -> Check:
        dice = throw(asked.dice, REGULAR, source)
        fell = wod20.judge(asked, dice)
        lost = adjust(path, -1) if not fell.passed else ()
        worse = adjust("conscience", -1) if fell.slug == "botch" and virtue else ()
        return Check(
            slug="degeneration",
            label={"success": "No degeneration", "failure": "Degeneration"}.get(
                fell.slug, "Degeneration, botched"
            ),
            tone=fell.tone,
            colour=fell.colour,
            passed=fell.passed,
            steps=(Step("degeneration", f"Conscience against {asked.difficulty}", dice, fell.passed),),
            operations=(*lost, *worse),
            notices=("The storyteller names a derangement.",) if fell.slug == "botch" else (),
            successes=fell.successes,
        )

    return Prepared(
        run, lambda: chances.of_odds(wod20_odds(asked), wod20.VERDICTS), _twentieth, dice=asked.dice
    )


def _blood_use(options: Options, sheet: Sheet) -> Prepared:
    amount: Any = options.get("amount")
    action: Any = options.get("action")
    blood, health = sheet.document["blood"], sheet.document["health"]
    generation = sheet.number("generation")
    return Prepared(lambda source: vitae.use(blood, health, amount, action, generation), _certain)


def _blood_gain(options: Options, sheet: Sheet) -> Prepared:
    amount: Any = options.get("amount")
    return Prepared(lambda source: vitae.gain(sheet.document["blood"], amount), _certain)


def _twentieth(check: Check) -> str:
    return "botch" if check.tone == "botch" else "success" if check.passed else "failure"


def _initiative(options: Options, sheet: Sheet) -> Prepared:
    """One die and a rating; where the table is of the 5th, a pool that everybody rolls once."""
    if options.get("pool") is not None:
        _, lines = lines_of(options["pool"], sheet)
        pool = initiative.Options5th(sum(one.dice for one in lines))
        return _order(lambda source: initiative.roll5th(pool, source), "Successes", pool.pool)
    wanted = initiative.Options(
        _rating(options, sheet),
        _whole(options, "modifier", -50, 50, 0) - _wound_penalty(sheet),
        _whole(options, "extra_actions", 0, 5, 0),
    )
    return _order(lambda source: initiative.roll(wanted, source), "Initiative", 1)


def _wound_penalty(sheet: Sheet) -> int:
    return LEVELS[wound(sheet.character, sheet.document)].penalty if sheet.character else 0


def _rating(options: Options, sheet: Sheet) -> Any:
    if options.get("rating") is not None:
        return options["rating"]
    found = [sheet.document.get(slug) for slug in ("dexterity", "wits")]
    if not sheet.character or sheet.character.edition == "5th":
        raise Invalid.field("rating", "Name the rating, or the pool that your table rolls.")
    return sum(one["dots"] if isinstance(one, dict) else one or 0 for one in found)


def _order(roll: Callable[[Source], initiative.Initiative], label: str, dice: int) -> Prepared:
    def run(source: Source) -> Check:
        found = roll(source)
        return Check(
            slug="initiative",
            label=f"{label} {found.value}",
            tone="neutral",
            colour="#ba3d16",
            passed=True,
            steps=(Step("initiative", label, found.dice),),
            successes=found.value,
            value={
                "value": found.value,
                "tiebreak": found.tiebreak,
                "extra_actions": found.extra_actions,
            },
        )

    return Prepared(run, lambda: None, dice=dice)


def _plain(check: Check) -> str:
    return "passed" if check.passed else "failed"


def _all_held(check: Check) -> str:
    """Of checks that always do what they are for: whether the Blood was roused without Hunger."""
    return "failed" if any(one.passed is False for one in check.steps) else "passed"


def _label(check: Check) -> str:
    return clean(check.label, 40).lower().replace(" ", "_")


def _certain() -> None:
    """No dice, no chances."""
    return


VAMPIRE = ("hunger", "blood_potency")
KINDS: dict[str, Kind] = {
    "rouse": Kind(
        "Rouse check", _rouse, ("times", "reroll", "level", "forced"), system="v5", prefers=("hunger",)
    ),
    "mend": Kind("Mend Health", _mend, ("reroll",), (*VAMPIRE, "health"), "v5"),
    "recover_willpower": Kind("Recover Willpower", _recover, (), ("willpower", "resolve", "composure")),
    "blush": Kind("Blush of Life", _blush, (), (*VAMPIRE, "humanity"), "v5"),
    "wake": Kind(
        "Wake for the night", _wake, ("mend_aggravated", "recover", "blush"), (*VAMPIRE, "humanity"), "v5"
    ),
    "slake": Kind("Slake Hunger", _slake, ("amount", "blood", "humans", "killed"), VAMPIRE, "v5"),
    "frenzy": Kind("Resist frenzy", _frenzy, ("difficulty", "modifier"), ("humanity", "willpower"), "v5"),
    "remorse": Kind("Remorse", _remorse, (), ("humanity", "willpower"), "v5"),
    "stains": Kind("Stains", _stains, ("added",), ("humanity", "willpower"), "v5"),
    "resonance": Kind(
        "Resonance",
        _resonance,
        ("resonance", "temperament", "minimum", "drunk"),
        system="v5",
        prefers=("hunger",),
    ),
    "compulsion": Kind("Compulsion", _compulsion, ("clan", "no_clan"), system="v5", prefers=("hunger",)),
    "rage": Kind("Rage check", _rage, ("checks", "reroll"), system="w5", prefers=("rage",)),
    "redemption": Kind("Out of Despair", _redemption, (), ("despair",), "h5"),
    "degeneration": Kind("Degeneration", _degeneration, ("difficulty",), ("conscience",), "wod20"),
    "blood_use": Kind("Blood spent", _blood_use, ("amount", "action"), ("blood", "morality"), "wod20"),
    "blood_gain": Kind("Blood gained", _blood_gain, ("amount",), ("blood", "morality"), "wod20"),
    "initiative": Kind("Initiative", _initiative, ("rating", "modifier", "extra_actions", "pool")),
}
# What a roll offers to do next, by the slugs of the rules.
FOLLOW_UPS: dict[str, tuple[str, dict[str, Any]]] = {
    "frenzy": ("Hunger frenzy", {"difficulty": rules.HUNGER_FRENZY_DIFFICULTY}),
    "compulsion": ("Compulsion", {}),
    "remorse": ("Remorse", {}),
}


def kind(slug: Any) -> Kind:
    found = KINDS.get(slug) if isinstance(slug, str) else None
    if found is None:
        raise Invalid.field(
            "check", f"There is no check “{clean(str(slug), 20)}”; there are {', '.join(KINDS)}."
        )
    return found


def prepare(slug: str, options: Options, sheet: Sheet) -> Prepared:
    """Judges options and sheet. Raises Invalid (`no_character`, `wrong_splat`, `fields`), Unprocessable."""
    found = kind(slug)
    problems = Problems()
    for name in sorted(set(options) - set(found.options), key=str):
        problems.add(clean(str(name), 50), f"There is no option “{clean(str(name), 50)}” here.")
    problems.settle()
    if found.needs and sheet.character is None:
        raise Invalid(f"{found.label}: whose? Name a character.", code="no_character")
    missing = [one for one in found.needs if one not in sheet.document]
    if missing:
        name = sheet.character.name if sheet.character else ""
        label = missing[0].replace("_", " ").title()
        raise Invalid(f"{name} has no {label}: “{found.label}” is not for this sheet.", code="wrong_splat")
    fifth = SYSTEMS[found.system].edition == FIFTH if found.system else False
    if sheet.character and fifth and sheet.character.edition != FIFTH:
        raise Invalid(f"“{found.label}” is of the 5th edition.", code="wrong_splat")
    return found.prepare(options, sheet)
