"""A roll as JSON: the part that everyone who sees it may know, and the part that a hidden difficulty hides."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TypeVar

from django.conf import settings

from chronicle import house_rules, rights
from chronicle.principal import Principal
from contract import macros
from contract import rolls as shapes
from haven import portraits
from haven.choices import choices_among
from haven.models import Character
from haven.utility import derived
from rolls import chances
from rolls.checks import FOLLOW_UPS, KINDS
from rolls.models import Macro, Roll
from rolls.systems import SYSTEMS
from rules.dice.base import Check, Outcome, Record, Rolled, Verdict
from rules.dice.general import Options as GeneralOptions
from rules.dice.general import groups
from rules.json import Json, JsonObject
from rules.options import Values
from rules.visibility import PRIVATE

# The fields that would tell a hidden difficulty; `secret` lays them over what the table sees.
SECRET = {"difficulty", "difficulty_hidden", "options", "outcome", "chances"}
NO_VERDICTS: dict[str, Verdict] = {}
NOT_ROLLED: JsonObject = {"dice": [], "rerolled": [], "before": [], "choice": ""}
# What a sheet keeps to itself; the pool tells it as far as it was rolled.
INWARD = ("willpower_left", "wound", "again", "spare")
ShownT = TypeVar("ShownT", bound=shapes.BriefRoll)


def options_of(roll: Roll) -> Record:
    return SYSTEMS[roll.system].options(roll.options)


def rolled_of(roll: Roll) -> Rolled:
    return Rolled.from_json(roll.rolled)


def to_roll_again(roll: Roll) -> Rolled:
    """The dice as a reroll finds them: where rerolls have no end, those that were rolled again lie like the others."""
    rolled = rolled_of(roll)
    return replace(rolled, rerolled=(), before=()) if house_rules.endless_rerolls(roll.chronicle) else rolled


def is_check(roll: Roll) -> bool:
    return roll.kind != "roll"


def kind_label(roll: Roll) -> str:
    return KINDS[roll.kind].label if is_check(roll) else SYSTEMS[roll.system].label


def replacement(roll: Roll) -> Roll | None:
    found: Roll | None = getattr(roll, "replaced_by", None)
    return found


def brief(roll: Roll) -> shapes.BriefRoll:
    """The roll for everyone who may see it, without a hidden difficulty; stored in the event."""
    return _shown(shapes.BriefRoll, roll, hidden=roll.hide_difficulty)


def secret(roll: Roll) -> JsonObject:
    """What a hidden difficulty hides; laid over `brief`."""
    return _shown(shapes.BriefRoll, roll, hidden=False).model_dump(mode="json", include=SECRET)


def _shown(shape: type[ShownT], roll: Roll, *, hidden: bool, **more: object) -> ShownT:
    return shape.from_object(
        roll,
        **{**NOT_ROLLED, **roll.rolled, **more},
        label=kind_label(roll),
        title=title(roll),
        pool=labelled_pool(roll.pool, roll.system),
        roller=roll.roller.as_person(),
        character=_character(roll.character) if roll.character else None,
        name=roll.character.name if roll.character else roll.name,
        at=roll.created_at,
        revealed=roll.revealed_at is not None,
        options=shown_options(roll, hidden=hidden),
        difficulty=None if hidden else roll.options.get("difficulty"),
        difficulty_hidden=hidden,
        outcome=_hidden_outcome(roll) if hidden else roll.outcome,
        groups=_groups(roll),
        chances=None if hidden else labelled_chances(roll),
        replaces=roll.replaces_id,
        parent=roll.parent_id,
        request=roll.request_id,
        struck=_struck(roll),
    )


def labelled_pool(pool: Mapping[str, object], system: str) -> dict[str, object]:
    """The pool of a roll, or of odds, with the edition in whose words its lines are."""
    edition = {"edition": SYSTEMS[system].edition}
    lines = pool.get("lines")
    listed = lines if isinstance(lines, list | tuple) else ()
    return {**pool, "lines": [{**line, **edition} for line in listed]}


def _hidden_outcome(roll: Roll) -> JsonObject:
    """The outcome without what a hidden difficulty could be computed from.

    Where it decides which dice count, that is everything but whether they were enough: a botch has no die that
    succeeded, an exceptional success has five.
    """
    shown: JsonObject = roll.outcome | {"margin": None}
    kind = SYSTEMS[roll.system]
    if not kind.by_die:
        return shown
    slug = "success" if roll.outcome["passed"] else "failure"
    notices = [
        notice
        for notice in roll.outcome["notices"]
        if isinstance(notice, dict) and notice["code"] not in kind.telling
    ]
    return shown | asdict(kind.verdicts[slug]) | {"slug": slug, "successes": None, "notices": notices}


def knows_difficulty(principal: Principal, roll: Roll) -> bool:
    """Whether this reader knows a hidden difficulty: storytellers, and the roller unless a storyteller hid it."""
    if not roll.hide_difficulty:
        return True
    if rights.is_storyteller_of(principal, roll):
        return True
    return roll.request_id is None and principal.id == roll.roller_id


def hidden_from(principal: Principal, roll: Roll, *, table: bool = False) -> bool:
    """Whether the difficulty is hidden from this reader; with `table` from somebody else who reads it too."""
    return roll.hide_difficulty if table else not knows_difficulty(principal, roll)


def full(roll: Roll, principal: Principal, *, table: bool = False) -> shapes.Roll:
    """The roll for one reader, with what came with it and what this reader may still do.

    With `table` it is a message that everybody at the table reads: what the reader alone knows is left out.
    """
    hidden, later = hidden_from(principal, roll, table=table), replacement(roll)
    may = rerollable(roll, hidden=hidden)
    return _shown(
        shapes.Roll,
        roll,
        hidden=hidden,
        rerollable=may,
        pick_most=SYSTEMS[roll.system].most_again(options_of(roll), to_roll_again(roll)) if may else 0,
        replaced_by=later.id if later else None,
        attached=[_attached(part) for part in parts(roll)],
        consequences=consequences(roll, principal, table=table),
        rights=allowed(roll, principal, bool(may)),
    )


def _attached(part: Roll) -> shapes.Roll:
    """A check that came with a roll: nothing can be done with it alone."""
    nothing: JsonObject = {"replaced_by": None, "attached": [], "consequences": []}
    return _shown(shapes.Roll, part, hidden=part.hide_difficulty, **nothing)


def parts(roll: Roll) -> list[Roll]:
    return [part for part in sorted(roll.parts.all(), key=lambda part: part.id) if part.attached]


def allowed(roll: Roll, principal: Principal, again: bool) -> shapes.RollRights:
    """`again`: there are dice that can still be rolled again."""
    decides = bool(rights.can(principal, "roll.reroll", roll))
    open_still = replacement(roll) is None
    return shapes.RollRights(
        reroll=decides and again,
        choose=decides and open_still and bool(roll.outcome.get("choices")),
        reveal=roll.visibility != "public" and bool(rights.can(principal, "roll.reveal", roll)),
        strike=bool(rights.can(principal, "roll.strike", roll)),
    )


def rerollable(roll: Roll, *, hidden: bool = False) -> list[int]:
    """The dice that may still be picked. Where only those that failed are, they would tell a hidden difficulty."""
    if hidden and SYSTEMS[roll.system].rerolls_lost:
        return []
    if is_check(roll) or replacement(roll) or not house_rules.rerolls(roll.chronicle):
        return []
    if roll.replaces_id and not house_rules.endless_rerolls(roll.chronicle):
        return []
    return list(SYSTEMS[roll.system].may_reroll(options_of(roll), to_roll_again(roll)))


def follow_ups(roll: Roll) -> list[shapes.FollowUp]:
    """Return the follow-up checks that are still open; none of a roll that was rerolled."""
    if replacement(roll):
        return []
    done = {part.offer for part in roll.parts.all()}
    wanted = dict.fromkeys([*roll.offers, *(slug for part in parts(roll) for slug in part.offers)])
    return [
        shapes.FollowUp(check=slug, label=FOLLOW_UPS[slug][0], options=FOLLOW_UPS[slug][1])
        for slug in wanted
        if slug in FOLLOW_UPS and slug not in done
    ]


def consequences(roll: Roll, principal: Principal, *, table: bool = False) -> list[JsonObject]:
    """What the roll did to its character, as far as this reader may see those traits.

    The table sees no more than a tracker channel: nothing that is between storytellers.
    """
    if roll.character is None or not roll.consequences:
        return []
    character = derived(roll.character)  # only the class of its splat knows the levels of its traits
    level = rights.character_level(principal, character)
    level = min(level, PRIVATE) if table else level
    shown = []
    for consequence in roll.consequences:
        seen = {path for path in consequence["changes"] if character.level_of(path) <= level}
        if seen:
            whole = len(seen) == len(consequence["changes"])
            shown.append(
                {
                    "changes": {path: consequence["changes"][path] for path in seen},
                    "labels": {path: consequence["labels"].get(path, path) for path in seen},
                    "edition": character.edition,
                    "choices": choices_among(character.splat, seen),
                    "notices": consequence["notices"] if whole else [],
                }
            )
    return shown


def labelled_chances(roll: Roll) -> shapes.Chances | None:
    verdicts = NO_VERDICTS if is_check(roll) else SYSTEMS[roll.system].verdicts
    return chances.labelled(roll.chances, verdicts) if roll.chances else None


def title(roll: Roll) -> str:
    if is_check(roll):
        return kind_label(roll)
    if roll.system == "general":
        return str(roll.pool.get("text", ""))
    if roll.system in shapes.SUMS:
        return f"d20 + {roll.pool.get('text', '')}"
    return f"Pool {roll.pool.get('dice', len(roll.rolled.get('dice', [])))}"


def shown_options(roll: Roll, hidden: bool) -> JsonObject:
    found = {name: value for name, value in roll.options.items() if name not in INWARD}
    name = SYSTEMS[roll.system].hidden
    return found | {name: None} if hidden and name in found else found


def outcome_json(outcome: Outcome | Check) -> JsonObject:
    whole = {"choices": [], **outcome.as_json()}
    return {name: whole[name] for name in shapes.Outcome.model_fields}


def macro(row: Macro) -> macros.Macro:
    label = ", ".join([f"{row.name} — {row.pool}", *_named(row.options)])[:100]
    pool = int(row.pool) if row.pool.isdecimal() else row.pool
    return macros.Macro.from_object(row, pool=pool, label=label)


def _named(options: Values) -> list[str]:
    return [
        name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {value}"
        for name, value in options.items()
        if value not in (None, False, "")
    ]


def _character(character: Character) -> shapes.RollingCharacter:
    derived(character)
    url, picture = f"{settings.SITE_URL}/characters/{character.id}/", portraits.address(character.avatar)
    return shapes.RollingCharacter.from_object(character, url=url, thumbnail=picture)


def _groups(roll: Roll) -> list[Json]:
    options = options_of(roll) if roll.system == "general" and not is_check(roll) else None
    return groups(options, rolled_of(roll).dice) if isinstance(options, GeneralOptions) else []


def _struck(roll: Roll) -> shapes.Struck | None:
    if roll.struck_at is None:
        return None
    by = roll.struck_by
    return shapes.Struck(at=roll.struck_at, by=by.display_name if by else "", reason=roll.struck_reason)
