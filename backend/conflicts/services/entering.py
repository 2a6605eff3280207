"""Who takes part: rolling, joining, changing, leaving."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chronicle import rights
from conflicts.models import Conflict
from conflicts.services.common import (
    Call,
    Done,
    Following,
    pick,
    require_own,
    require_run,
    transition,
)
from conflicts.services.throws import Before, throw
from contract.events import EventType
from haven.models import Character
from haven.selectors import get
from haven.services import Reference
from haven.services.reference import find as find_character
from rolls.asking import Sheet
from rules.conflict import people
from rules.conflict.kinds import POOL, Kind
from rules.conflict.state import Participant, State
from rules.dice import source as sources
from rules.dice.base import Problems
from rules.dice.source import Source
from rules.errors import Conflict as Clash
from rules.errors import Invalid, Limit, NotFound, Unprocessable
from rules.ids import entry_id
from rules.text import clean, has_ink

MAX_NAME = 50
MAX_PARTICIPANTS = 50
NUMBERS = ("rating", "modifier", "extra_actions", "pool")


@dataclass(frozen=True)
class Who:
    """Whom somebody brings into a conflict: a character, or a name."""

    name: str
    user: str
    character: Character | None = None

    def of(self, state: State) -> str | None:
        """The participant that this is already."""
        if self.character:
            sheet = str(self.character.id)
            return next((pk for pk, one in state.participants.items() if one.character == sheet), None)
        key = (self.user, self.name.casefold())
        free = {pk: one for pk, one in state.participants.items() if one.character is None}
        return next((pk for pk, one in free.items() if (one.user, one.name.casefold()) == key), None)


def roll(
    call: Call, conflict_id: Any, name: Any, values: Mapping[str, Any], source: Source | None = None
) -> Done:
    """Enters and rolls; before the reveal, again with other numbers: the die stays, unless a storyteller says `again`.

    `values`: `rating`, `modifier`, `extra_actions`, `pool`, `hidden`, `again`, and `participant` for somebody who takes
    part already. Raises Invalid, NotFound, NotAllowed, Conflict (`wrong_phase`, `already_rolled`, `ambiguous`), Limit
    (`too_many`).
    """
    hidden, again = _flag(values, "hidden"), _flag(values, "again")
    given = {key: values[key] for key in NUMBERS if values.get(key) is not None}

    def work(row: Conflict, state: State) -> Following:
        if hidden or again:
            require_run(call, row)
        known = values.get("participant")
        who = _who_takes_part(call, row, state, known) if known else _who(call, row, name)
        pk = who.of(state)
        if not state.kind.rolls:
            raise Clash("Nothing is rolled in this kind of conflict: join.", code="wrong_phase")
        before = _before(state, pk, again)
        now = state.participants[pk] if pk else _newcomer(state, who)
        numbers = given if before or who.character else _remembered(state.kind, now) | given
        rolled, extra = throw(state.kind, _sheet(call, row, who), numbers, before, source or sources.system())
        entered = replace(now, extra_actions=extra, hidden=hidden or now.hidden)
        pk = pk or entry_id()
        after = people.enter(state, pk, entered, rolled)
        return Following(
            after, EventType.CONFLICT_CORRECTED if before else EventType.CONFLICT_ROLLED, who.user, pk
        )

    return transition(call, conflict_id, work)


def _remembered(kind: Kind, who: Participant) -> dict[str, Any]:
    """With what they rolled in the round before."""
    name = "pool" if kind.rolls == POOL else "rating"
    return {} if who.rating is None else {name: who.rating}


def _before(state: State, pk: str | None, again: bool) -> Before | None:
    """What is to be corrected: the roll of this round, of somebody who has one."""
    if pk is None or pk not in state.rolls:
        return None
    who = state.participants[pk]
    if state.kept and not again:
        raise Clash(f"{who.name} has an initiative from before: join with it.", code="already_rolled")
    if state.kind.rolls == POOL and not again:
        raise Clash(f"{who.name} has rolled.", code="already_rolled")
    return Before(state.rolls[pk], who.extra_actions, again)


def _sheet(call: Call, row: Conflict, who: Who) -> Sheet:
    if who.character is None:
        return Sheet(chronicle=row.chronicle)
    return Sheet(who.character, rights.character_level(call.principal, who.character), row.chronicle)


def _who(call: Call, row: Conflict, name: Any) -> Who:
    """A character by id or name, else the name alone; without a name, the default character."""
    if call.principal.user is None:
        raise Unprocessable("Sign in first.", "server_only")
    text = _name(name)
    character = _character(call, row, text)
    if character is None:
        rights.can(call.principal, "roll.make", row.chronicle).require()
        return Who(text, str(call.principal.id))
    rights.can(call.principal, "roll.make", character).require()
    if character.chronicle_id not in (None, row.chronicle_id):
        raise Unprocessable(f"{character.name} is played in another chronicle.", "wrong_chronicle")
    return Who(character.name, str(character.owner_id), character)


def _who_takes_part(call: Call, row: Conflict, state: State, participant: Any) -> Who:
    """One's own, or anybody for who runs it. Raises NotFound, where the sheet is gone too."""
    pk = pick(call, row, state, participant)
    who = state.participants[pk]
    require_own(call, row, who)
    if who.character is None:
        return Who(who.name, who.user)
    sheet = get(call.principal, UUID(who.character))
    return Who(sheet.name, who.user, sheet)


def _character(call: Call, row: Conflict, text: str) -> Character | None:
    meant = Reference(
        text=text or None,
        server=row.chronicle.server,
        owner_id=call.owner_id,
        channel_id=call.channel_id,
    )
    try:
        return get(call.principal, find_character(call.principal, meant).id)
    except NotFound:
        if not text:
            raise
        return None


def _name(value: Any) -> str:
    problems = Problems()
    problems.words("name", value or "", 100)
    problems.settle()
    text = clean(value, MAX_NAME)
    if value and not has_ink(text):
        raise Invalid.field("name", "A name needs something to see.")
    return text


def _newcomer(state: State, who: Who, hidden: bool = False) -> Participant:
    if len(state.participants) >= MAX_PARTICIPANTS:
        raise Limit(f"At most {MAX_PARTICIPANTS} take part in a conflict.", code="too_many")
    sheet = str(who.character.id) if who.character else None
    return Participant(who.name, who.user, sheet, hidden)


def join(call: Call, conflict_id: Any, name: Any, values: Mapping[str, Any]) -> Done:
    """Into a round with the same initiative, or where nothing is rolled. `values`: `extra_actions`, `hidden`,
    `everybody` (for who runs it: all that can). Raises as `roll`; Conflict `not_rolled` for a newcomer.
    """
    hidden, everybody = _flag(values, "hidden"), _flag(values, "everybody")
    extra = values.get("extra_actions")
    problems = Problems()
    problems.whole("extra_actions", extra, 0, 5, none=True)
    problems.settle()

    def work(row: Conflict, state: State) -> Following:
        if hidden or everybody:
            require_run(call, row)
        if everybody:
            return Following(people.join_all(state), EventType.CONFLICT_JOINED)
        who = _who(call, row, name)
        pk = who.of(state)
        if pk is not None:
            return Following(people.join(state, pk, extra), EventType.CONFLICT_JOINED, who.user, pk)
        if state.kind.rolls:
            raise Clash(f"{who.name} has no initiative yet: roll.", code="not_rolled")
        pk = entry_id()
        newcomer = _newcomer(state, who, hidden)
        return Following(people.enter(state, pk, newcomer), EventType.CONFLICT_JOINED, who.user, pk)

    return transition(call, conflict_id, work)


def change(call: Call, conflict_id: Any, participant: Any, values: Mapping[str, Any]) -> Done:
    """`name` and `extra_actions` of one's own; who is hidden, who runs the conflict decides."""
    unknown = [key for key in values if key not in ("name", "hidden", "extra_actions")]
    problems = Problems()
    problems.whole("extra_actions", values.get("extra_actions"), 0, 5, none=True)
    for key in unknown:
        problems.add(clean(key, 50), "Only name, hidden and extra_actions can be changed.")
    problems.settle()
    hidden = _flag(values, "hidden") if "hidden" in values else None

    def work(row: Conflict, state: State) -> Following:
        pk = pick(call, row, state, participant)
        who = state.participants[pk]
        require_own(call, row, who)
        if hidden is not None:
            require_run(call, row)
        extra = values.get("extra_actions")
        changed = replace(
            who,
            name=_name(values.get("name")) or who.name,
            hidden=who.hidden if hidden is None else hidden,
            extra_actions=who.extra_actions if extra is None else extra,
        )
        return Following(people.change(state, pk, changed), EventType.CONFLICT_CHANGED, who.user, pk)

    return transition(call, conflict_id, work)


def leave(call: Call, conflict_id: Any, participant: Any = None) -> Done:
    """One's own, or anybody for who runs the conflict."""

    def work(row: Conflict, state: State) -> Following:
        pk = pick(call, row, state, participant) if participant else _only_own(call, state)
        who = state.participants[pk]
        require_own(call, row, who)
        return Following(people.leave(state, pk), EventType.CONFLICT_LEFT, who.user)

    return transition(call, conflict_id, work)


def _only_own(call: Call, state: State) -> str:
    mine = [pk for pk, one in state.participants.items() if one.user == str(call.principal.id)]
    if not mine:
        raise NotFound("You take no part in this conflict.", code="no_participant")
    if len(mine) > 1:
        names = ", ".join(state.participants[pk].name for pk in mine[:5])
        raise Invalid.field("participant", f"Which one? {names}.")
    return mine[0]


def _flag(values: Mapping[str, Any], name: str) -> bool:
    problems = Problems()
    problems.flag(name, value := values.get(name) or False)
    problems.settle()
    return bool(value)
