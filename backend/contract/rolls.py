"""Rolls: what can be asked of the dice, and a roll, its odds and its rerolls as one reader sees them.

Nothing here names an option of a roll or a check. They are declared in `rules`; the operation checks them there.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contract.base import ActsFor, Answer, Flag, Input, Json, Moment, Named, Note, Person, Whole
from contract.characters import CharacterChanged, CharacterInput, SheetChanged, Typed
from contract.events import Event
from contract.labels import TRANSLATED, Label, Labelled, PathOfLabel, WordsOf, label
from contract.notices import StoredNotice
from contract.roll_fields import (
    ChronicleId,
    Options,
    Picked,
    Pool,
    RollerName,
    ShownTo,
    Slug,
    System,
    Value,
    Visibility,
    Whose,
)
from contract.translation import N_

PAGE = 50
# The systems whose dice are added up: what they call successes is a total.
SUMS = frozenset({"d20", "general"})
# What is decided after a roll, by the slugs of the rules.
DECISION_LABELS = {
    "add_desperation": N_("Add Desperation"),
    "overreach": N_("Overreach: win, Danger rises"),
    "despair": N_("Despair: fail"),
    "brutal_gain": N_("Brutal gain: 4 successes more"),
    "dramatic_failure": N_("Make it a dramatic failure"),
}


# What is asked


class Roller(ActsFor):
    """Who rolls, where, and who sees it."""

    character: Whose = None
    chronicle: ChronicleId = None
    name: RollerName | None = None
    options: Options | None = None
    visibility: ShownTo = None
    note: Note | None = None


class PoolInput(Roller):
    system: System | None = None
    pool: Pool | None = None
    hide_difficulty: Flag | None = None


class MakeRoll(PoolInput):
    pool: Pool


class GetOdds(MakeRoll):
    chart: Annotated[Flag, Field(description="With a picture of them")] = False


class MakeCheck(Roller):
    check: Slug
    roll: Annotated[UUID | None, Field(description="Whose follow-up it is")] = None


class NamedRoll(ActsFor):
    roll: UUID


class GetRoll(NamedRoll):
    dice: Annotated[Picked | None, Field(description="What would rolling these again do?")] = None


class Reroll(NamedRoll):
    """By a strategy, or as picked."""

    strategy: Slug | None = None
    dice: Picked | None = None


class Choose(NamedRoll):
    choice: Slug


class Strike(NamedRoll):
    reason: Note | None = None
    undo: Flag | None = None


class ListRolls(Input):
    chronicle: UUID | None = None
    character: UUID | None = None
    before: Annotated[UUID | None, Field(description="The oldest roll seen so far")] = None
    limit: Annotated[Whole, Field(ge=1, le=PAGE)] = PAGE


class CompletePool(CharacterInput):
    q: Typed = ""


# What is answered


class Die(Answer):
    value: int
    kind: str
    sides: int


class PoolLine(Answer):
    """`trait` is the slug of the trait, `specialty` the name of the specialty that the line is; else they are empty."""

    label: Label
    dice: int
    trait: PathOfLabel
    specialty: str
    edition: WordsOf = ""

    @property
    def name(self) -> str:
        """In the current language; a specialty as it was typed."""
        return self.specialty or label(self.label, self.trait, self.edition)

    def as_term(self, *, first: bool) -> str:
        """`+ Brawl 2`"""
        if self.dice < 0:
            return f"− {self.name} {-self.dice}"
        return ("" if first else "+ ") + self.name + (f" {self.dice}" if self.dice else "")


class RolledPool(Answer):
    """`text` is what was typed, `lines` what it is made of. A check that came with a roll has none."""

    text: str = ""
    dice: int = 0
    lines: list[PoolLine] = []

    def as_sum(self) -> str:
        """`Strength 3 + Brawl 2 + Grappling 1 − Hurt 1`, in the current language."""
        return " ".join(line.as_term(first=not number) for number, line in enumerate(self.lines))


class Outcome(Answer):
    """`choices` are decisions that are open. `margin` is null where no difficulty was named, or where it is hidden."""

    slug: str
    label: Label
    tone: str
    colour: str
    passed: bool
    successes: int | None
    margin: int | None
    choices: list[str]
    notices: list[StoredNotice]


class Chance(Answer):
    slug: str
    label: Label
    tone: str
    colour: str
    passed: bool
    chance: float


class Chances(Answer):
    """Exact odds. `successes[n]` is the chance of `least + n`, `beyond` that of more than are listed."""

    outcomes: list[Chance]
    win: float | None
    mean: float | None
    least: int
    successes: list[float]
    beyond: float


class Step(Answer):
    """A part of a check. `passed` is null where there is nothing to pass."""

    slug: str
    label: Label
    dice: list[Die]
    passed: bool | None
    text: StoredNotice


class GroupDie(Answer):
    """Of several `rolled` the last counts."""

    rolled: list[int]
    value: int
    kept: bool
    exploded: bool


class Group(Answer):
    """Dice of a general expression, as they were written."""

    text: str
    total: int
    dice: list[GroupDie]


class RollingCharacter(Named):
    splat: str
    theme: str
    url: str
    thumbnail: str | None


class Struck(Answer):
    at: Moment
    by: str
    reason: str


class Consequence(Labelled):
    """What a roll did to its character, as far as its reader may see it."""

    changes: dict[str, tuple[Json, Json]]
    notices: list[StoredNotice]


class RollRights(Answer):
    reroll: bool = False
    choose: bool = False
    reveal: bool = False
    strike: bool = False


class BriefRoll(Answer):
    """A roll or a check for everyone who may see it: what events and channels hold.

    `rerolled` are the indexes of the dice that were rolled again, `before` what they showed. `value` is what a check
    found out. `difficulty`, and all from which it could be computed, are null where it is hidden from the reader.
    """

    id: UUID
    system: str
    kind: Annotated[str, Field(description="roll, or the name of the check")]
    label: Label
    title: Label
    roller: Person
    character: RollingCharacter | None
    name: str
    chronicle: Named | None
    at: Moment
    visibility: Visibility
    revealed: bool
    note: str
    pool: RolledPool
    options: dict[str, Value | None]
    difficulty: int | None
    difficulty_hidden: bool
    dice: list[Die]
    rerolled: list[int]
    before: list[Die]
    choice: str
    outcome: Outcome
    steps: list[Step]
    value: Annotated[dict[str, Json] | None, TRANSLATED]
    groups: list[Group]
    chances: Chances | None
    replaces: UUID | None
    parent: UUID | None
    request: UUID | None
    struck: Struck | None


class Roll(BriefRoll):
    """With what came with it, and what its reader may still do: at most `pick_most` of `rerollable` dice again."""

    rerollable: list[int] = []
    pick_most: int = 0
    replaced_by: UUID | None = None
    attached: list["Roll"] = []
    consequences: list[Consequence] = []
    rights: RollRights = RollRights()


class Strategy(Answer):
    """A way to roll again. `gain` is the chance to win with it less what stands now; `cost` is empty if it is free.

    `aim` is what it avoids ("no mess"), with the `chance` that it does; empty where it is to win.
    """

    slug: str
    label: Label
    description: Label
    dice: list[int]
    cost: Label
    odds: Chances | None
    gain: float | None
    aim: Label = ""
    chance: float | None = None


class FollowUp(Answer):
    check: str
    label: Label
    options: dict[str, Value]


class RollAnswer(Answer):
    """A roll with what may follow it. `change` is that of the character, in Discord with the name alone, on the web
    with the whole sheet; `change_id` is its event.
    """

    rebuilt: ClassVar[frozenset[str]] = frozenset({"roll", "event", "change", "strategies", "follow_ups"})
    roll: Roll
    event: Event | None
    change: CharacterChanged | SheetChanged | None
    change_id: UUID | None = None
    strategies: list[Strategy]
    follow_ups: list[FollowUp]
    chosen: Annotated[str, Field(description="How the character was chosen, if nobody said")] = ""
    notices: list[StoredNotice] = []


class Rolls(Answer):
    results: list[Roll]


class Odds(Answer):
    """`with_reroll`: with a Willpower spent if the roll would be lost. `chances` is null where they are not known."""

    system: str
    label: Label
    pool: RolledPool
    options: dict[str, Value | None]
    notices: list[StoredNotice]
    chances: Chances | None
    with_reroll: Chances | None
    character: Named | None
    chosen: str
    chart: Annotated[str | None, Field(description="A PNG in base64; null unless asked for")] = None


class Completion(Answer):
    text: str
    label: str


class Completions(Answer):
    results: list[Completion]
