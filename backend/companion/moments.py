"""A roll as the public sees it: what the table saw, without what follows from traits that are not public.

The dice of Hunger, Rage and the like tell how high that trait stands, and so do the outcomes that only they bring.
Where the trait is not public they are shown as any other die, and the outcome as the plain one.
"""

from companion.cast import Seen
from contract.dice_faces import face
from contract.rolls import SUMS, BriefRoll, Die
from contract.stage import Moment, MomentKind, StageDie
from rolls.models import Roll, Visibility
from rolls.serializers import brief
from rolls.systems import SYSTEMS
from rules.dice.base import REGULAR

# Kind of die → the trait that puts it into a pool.
SPECIAL = {"hunger": "hunger", "rage": "rage", "desperation": "desperation", "nightmare": "nightmare"}
KINDS: dict[str, MomentKind] = {
    "bestial": "bestial_failure",
    "messy": "messy_critical",
    "critical": "critical",
    "total_failure": "total_failure",
    "despair": "bestial_failure",
    "overreach_critical": "messy_critical",
    "brutal": "bestial_failure",
    "brutal_gain": "messy_critical",
    "dramatic_failure": "botch",
    "botch": "botch",
    "exceptional": "exceptional_success",
    "fumble": "total_failure",
    "natural_1": "total_failure",
    "natural_20": "critical",
}
# Outcome → the one that it would be without special dice.
PLAIN = {
    "bestial": "failure",
    "messy": "critical",
    "despair": "failure",
    "overreach": "success",
    "overreach_critical": "critical",
    "choice": "success",
    "brutal": "failure",
    "brutal_gain": "success",
}


def is_public(roll: Roll) -> bool:
    """Whether a roll is for everyone to see; checks, which tell of what is on the sheet, are the table's alone."""
    return roll.visibility == Visibility.PUBLIC and roll.kind == "roll" and not roll.attached


def moment_of(roll: Roll, seen: Seen) -> Moment:
    shown, hidden = brief(roll), seen.hidden
    dice = [_without(die, hidden) for die in shown.dice]
    slug = shown.outcome.slug if dice == list(shown.dice) else _plain(shown)
    verdict = SYSTEMS[roll.system].verdicts.get(slug)
    return Moment(
        id=roll.pk,
        character=seen.row.pk,
        name=str(seen.document["name"]),
        kind=KINDS.get(slug) or ("success" if shown.outcome.passed else "failure"),
        title=verdict.label if verdict else shown.outcome.label,
        dice=[_die(shown, die) for die in dice],
        successes=None if roll.system in SUMS else shown.outcome.successes,
        total=shown.outcome.successes if roll.system in SUMS else None,
        at=roll.created_at,
    )


def _plain(roll: BriefRoll) -> str:
    """The outcome as it reads without special dice."""
    slug = PLAIN.get(roll.outcome.slug, roll.outcome.slug)
    return "total_failure" if slug == "failure" and roll.outcome.successes == 0 else slug


def _without(die: Die, hidden: set[str]) -> Die:
    trait = SPECIAL.get(die.kind)
    return die.model_copy(update={"kind": REGULAR}) if trait in hidden else die


def _die(roll: BriefRoll, die: Die) -> StageDie:
    seen = face(roll.system, die, roll.options) if roll.outcome.tone != "neutral" else None
    shape, word = (seen.shape, seen.word) if seen else ("", "")
    return StageDie(value=die.value, kind=die.kind, sides=die.sides, shape=shape, word=word)
