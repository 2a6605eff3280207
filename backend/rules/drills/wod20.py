"""Questions about the 20th anniversary edition, with the pages of Vampire: ones, botches, wounds, blood, virtues."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from contract.translation import N_, _, n_
from rules.dice import vitae, wod20
from rules.dice.base import Die
from rules.dice.degeneration import CONSCIENCE, degeneration
from rules.dice.degeneration import Options as Degeneration
from rules.dice.source import Source, listed
from rules.dice.wounds import LEVELS, level20th
from rules.drills import chances, initiative
from rules.drills.base import TRIES, Drill, Value, between, change, joined, near, pick, sentences, shuffled
from rules.odds import wod20 as odds
from rules.odds.base import Odds
from rules.traits import DamageTrack20th, Operation, work_out
from rules.traits.damage20 import BOXES, SEVERITIES

DICE = N_("chapter five")


def pool_of(options: wod20.Options) -> str:
    return _("Pool {pool}, difficulty {difficulty}.", pool=options.pool, difficulty=options.difficulty)


def shown(dice: Iterable[Die]) -> str:
    return _("The dice show {values}.", values=joined(die.value for die in dice))


@dataclass(frozen=True)
class Outcome(Drill):
    slug = "outcome"
    pages = DICE
    parts = {"options": wod20.Options, "dice": Die}

    options: wod20.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """From the second level on with Willpower, which never botches, and with successes that ones cancel."""
        wanted = pick(source, tuple(wod20.VERDICTS))
        for _attempt in range(TRIES):
            willpower = level > 1 and wanted == "success" and source(2) == 1
            pool, difficulty = between(source, 1 + level, 4 + level), between(source, 5, 7 + level // 2)
            options = wod20.Options(pool, difficulty, willpower=willpower)
            dice = wod20.roll(options, source).dice
            cancelled = any(die.value >= difficulty for die in dice)
            if wod20.judge(options, dice).slug == wanted and (level == 1 or wanted != "failure" or cancelled):
                return cls(options, dice)
        return None

    def answer(self) -> str:
        return wod20.judge(self.options, self.dice).slug

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, wod20.VERDICTS)

    def prompt(self) -> str:
        spent = _("You declared a point of Willpower.") if self.options.willpower else ""
        return sentences(pool_of(self.options), spent, shown(self.dice), _("What is the outcome?"))

    def show(self, value: Value) -> str:
        return _(SHOWN[str(value)])

    def explanation(self) -> str:
        if self.options.willpower:
            return _("Willpower is a success that no one cancels, so such a roll succeeds and never botches.")
        return _(WHY[self.answer()])


SHOWN = {"botch": N_("A botch"), "failure": N_("An ordinary failure"), "success": N_("A success")}
WHY = {
    "botch": N_("There is a 1, and not a single die succeeded: a botch."),
    "failure": N_(
        "No success is left. As a die succeeded at first, or no 1 fell, it is a failure and no botch."
    ),
    "success": N_("Once the ones have cancelled, a success is left."),
}


@dataclass(frozen=True)
class Successes(Drill):
    """Successes that are left; with a specialty tens count twice."""

    slug = "successes"
    pages = DICE
    parts = {"options": wod20.Options, "dice": Die}

    options: wod20.Options
    dice: tuple[Die, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """Only where both readings of ones and tens agree, so that no house rule changes the answer."""
        for _attempt in range(TRIES):
            specialty = "a" if level > 1 else ""
            willpower = level == 3 and source(2) == 1
            options = wod20.Options(
                between(source, 3, 5 + level), between(source, 5, 8), specialty, willpower
            )
            dice = wod20.roll(options, source).dice
            counted = wod20.count(options, dice)
            agree = wod20.left_of(*counted, wod20.DICE) == wod20.left_of(*counted, wod20.SUCCESSES)
            if agree and counted.wins > counted.ones and (counted.tens or not specialty):
                return cls(options, dice)
        return None

    def answer(self) -> int:
        return wod20.judge(self.options, self.dice).successes

    def others(self, source: Source) -> Iterator[Value]:
        """Ones forgotten, tens counted once, Willpower forgotten."""
        counted = wod20.count(self.options, self.dice)
        yield from (counted.wins, counted.wins - counted.ones, self.answer() - self.options.willpower)
        yield from near(source, self.answer(), 0)

    def prompt(self) -> str:
        return sentences(
            pool_of(self.options),
            _("A specialty applies.") if self.options.specialty else "",
            _("You declared a point of Willpower.") if self.options.willpower else "",
            shown(self.dice),
            _("How many successes are left?"),
        )

    def explanation(self) -> str:
        counted = wod20.count(self.options, self.dice)
        return sentences(
            _(
                "Dice from {difficulty} up succeed: {wins}. Each 1 takes one away: {ones}.",
                difficulty=self.options.difficulty,
                wins=counted.wins,
                ones=counted.ones,
            ),
            _("With the specialty a ten counts twice.") if self.options.specialty else "",
            _("Willpower adds one that nothing cancels.") if self.options.willpower else "",
        )


@dataclass(frozen=True)
class Wounds(Drill):
    """The dice that wounds leave."""

    slug = "wounds"
    levels = (1, 2)
    pages = "282"

    pool: int
    damage: int
    named: bool

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the first level by the name of the wound, on the second by the number of boxes."""
        damage = between(source, 1, BOXES - 1)
        return cls(between(source, LEVELS[damage].penalty + 1, 9), damage, level == 1)

    @property
    def wound(self) -> int:
        return level20th(BOXES, self.damage)

    def answer(self) -> int:
        return wod20.Options(self.pool, wound=self.wound).dice

    def others(self, source: Source) -> Iterator[Value]:
        yield from (self.pool, max(1, self.pool - self.damage), *near(source, self.answer(), 1))

    def prompt(self) -> str:
        if self.named:
            state = _("Your character is {level}.", level=_(LEVELS[self.wound].name))
        else:
            state = n_(
                "{count} of seven Health boxes is filled.",
                "{count} of seven Health boxes are filled.",
                self.damage,
            )
        asked = _("Your pool is {pool}. How many dice do you roll?", pool=self.pool)
        return sentences(state, asked)

    def explanation(self) -> str:
        return n_(
            "{level} takes {count} die.",
            "{level} takes {count} dice.",
            LEVELS[self.wound].penalty,
            level=_(LEVELS[self.wound].name),
        )


@dataclass(frozen=True)
class Damage(Drill):
    """What damage becomes on a track. An option is `bashing/lethal/aggravated`."""

    slug = "damage"
    pages = "285"

    bashing: int
    lethal: int
    aggravated: int
    amount: int
    kind: str

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """On the first level there is room; on a full track every point finds a bashing one to make worse."""
        if level == 1:
            return cls(
                between(source, 1, 2),
                between(source, 0, 2),
                0,
                between(source, 1, 3),
                pick(source, SEVERITIES),
            )
        aggravated = between(source, 0, level - 1)
        bashing = between(source, 2, 4)
        lethal = max(0, BOXES - bashing - aggravated - source(2) + 1)
        room = BOXES - bashing - lethal - aggravated
        return cls(bashing, lethal, aggravated, room + between(source, 1, 2), pick(source, SEVERITIES))

    def before(self) -> dict[str, int]:
        return dict(zip(SEVERITIES, (self.bashing, self.lethal, self.aggravated), strict=True))

    def answer(self) -> str:
        track = DamageTrack20th()
        track.bind("health")
        change = Operation(f"health.{self.kind}", "adjust", self.amount)
        outcome = work_out({"health": track}, {"health": {"total": BOXES} | self.before()}, [change], str)
        return "/".join(str(outcome.values["health"][severity]) for severity in SEVERITIES)

    def others(self, source: Source) -> Iterator[Value]:
        """The new damage on top of everything, lost where the track is full, or a point moved."""
        found = [int(number) for number in self.answer().split("/")]
        mistakes = []
        for left, right in ((0, 1), (1, 2), (1, 0), (2, 1), (0, 2)):
            moved = list(found)
            moved[left] -= 1
            moved[right] += 1
            mistakes.append(moved)
        full = self.before()
        room = BOXES - sum(full.values())
        full[self.kind] += min(room, self.amount)
        mistakes.append(list(full.values()))
        yield from (
            "/".join(map(str, numbers)) for numbers in shuffled(source, mistakes) if min(numbers) >= 0
        )

    def prompt(self) -> str:
        before = _(
            "A Health track of seven boxes holds {damage}.",
            damage=self.show("/".join(map(str, self.before().values()))),
        )
        taken = _(TAKEN[self.kind], amount=self.amount)
        return sentences(before, taken, _("What does the track hold then?"))

    def show(self, value: Value) -> str:
        bashing, lethal, aggravated = str(value).split("/")
        return _(
            "{bashing} bashing, {lethal} lethal, {aggravated} aggravated",
            bashing=bashing,
            lethal=lethal,
            aggravated=aggravated,
        )

    def explanation(self) -> str:
        room = BOXES - sum(self.before().values())
        if self.amount <= room:
            return _("There is a free box for each point, so the damage simply fills them.")
        return _(
            "Free boxes come first: {free}. Each further point ({more}) makes a bashing one worse.",
            free=room,
            more=self.amount - room,
        )


TAKEN = {
    "bashing": N_("{amount} bashing damage comes on top."),
    "lethal": N_("{amount} lethal damage comes on top."),
    "aggravated": N_("{amount} aggravated damage comes on top."),
}


@dataclass(frozen=True)
class Heal(Drill):
    """Blood that is left after healing."""

    slug = "heal"
    levels = (1, 2, 3)
    pages = N_("“Healing”")

    blood: int
    amount: int
    kind: str
    damage: int

    @classmethod
    def make(cls, level: int, source: Source) -> Self:
        """The third level offers more blood than the damage takes."""
        if level == 1:
            damage = between(source, 1, 4)
            return cls(
                between(source, 8, 12), between(source, 1, damage), pick(source, SEVERITIES[:2]), damage
            )
        damage = between(source, 1, 2)
        amount = vitae.AGGRAVATED_COSTS * between(source, 1, damage) + (
            between(source, 1, 3) if level == 3 else 0
        )
        return cls(between(source, amount, amount + 4), amount, "aggravated", damage)

    def answer(self) -> int:
        blood = {"total": 20, "current": self.blood}
        health = dict.fromkeys(SEVERITIES, 0) | {"total": BOXES, self.kind: self.damage}
        check = vitae.use(blood, health, self.amount, f"heal_{self.kind}")
        return self.blood + change(check.operations, "blood.current")

    def others(self, source: Source) -> Iterator[Value]:
        yield from (
            self.blood - self.amount,
            max(0, self.blood - self.damage),
            *near(source, self.answer(), 0),
        )

    def prompt(self) -> str:
        return _(
            "You have {blood} blood and {damage} {kind} damage, and set {amount} blood aside to heal it. "
            "How much blood do you have afterwards?",
            blood=self.blood,
            damage=self.damage,
            kind=_(self.kind),
            amount=self.amount,
        )

    def explanation(self) -> str:
        if self.kind == "aggravated":
            return _(
                "A level of aggravated damage takes five blood; what is not enough for a level is not spent."
            )
        return _("A level of bashing or lethal damage takes one blood.")


@dataclass(frozen=True)
class Degenerated(Drill):
    """What a degeneration roll costs."""

    slug = "degeneration"
    levels = (2, 3)
    pages = "309–312"

    dots: int
    difficulty: int
    dice: tuple[int, ...]

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        wanted = pick(source, tuple(LOST))
        for _attempt in range(TRIES):
            dots, difficulty = between(source, 1, 4), between(source, 6, 9)
            found = cls(dots, difficulty, tuple(source(10) for _die in range(dots)))
            if found.answer() == wanted:
                return found
        return None

    def answer(self) -> str:
        asked = Degeneration("morality", 7, CONSCIENCE, self.dots, self.difficulty)
        operations = degeneration(asked, listed(self.dice)).operations
        return "+".join(operation["path"] for operation in operations) or "nothing"

    def others(self, source: Source) -> Iterable[Value]:
        return shuffled(source, LOST)

    def prompt(self) -> str:
        return _(
            "Degeneration with Conscience {dots} against difficulty {difficulty}; the dice show {dice}. What is lost?",
            dots=self.dots,
            difficulty=self.difficulty,
            dice=joined(self.dice),
        )

    def show(self, value: Value) -> str:
        return _(LOST[str(value)])

    def explanation(self) -> str:
        return _(
            "A failure costs a dot of Humanity; a botch a dot of Conscience too, and brings a derangement."
        )


LOST = {
    "nothing": N_("Nothing"),
    "morality": N_("A dot of Humanity"),
    "conscience": N_("A dot of Conscience"),
    "morality+conscience": N_("A dot of Humanity and one of Conscience"),
}


@dataclass(frozen=True)
class InitiativeValue(initiative.InitiativeValue):
    pages = N_("chapter six")


@dataclass(frozen=True)
class Order(initiative.Order):
    pages = N_("chapter six")
    declared = True


class Rolls(chances.Chance[wod20.Options]):
    """The rolls of both questions about odds."""

    note = N_("One success is enough.")

    @classmethod
    def draw(cls, source: Source) -> wod20.Options:
        return wod20.Options(between(source, 1, 9), between(source, 5, 9))

    @staticmethod
    def odds(options: wod20.Options) -> Odds:
        return odds.odds(options)

    @staticmethod
    def words(options: wod20.Options) -> str:
        return pool_of(options)


@dataclass(frozen=True)
class Likeliest(Rolls, chances.Likeliest[wod20.Options]):
    pages = DICE
    parts = {"rolls": wod20.Options}


@dataclass(frozen=True)
class HowLikely(Rolls, chances.HowLikely[wod20.Options]):
    pages = DICE
    parts = {"roll": wod20.Options}


KINDS = (
    Outcome,
    Successes,
    Wounds,
    Damage,
    Heal,
    Degenerated,
    InitiativeValue,
    Order,
    Likeliest,
    HowLikely,
)
