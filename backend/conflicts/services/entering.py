"""Who takes part: rolling, joining, changing, leaving."""

from dataclasses import dataclass, replace
from uuid import UUID

from chronicle import rights
from chronicle.call import Call
from conflicts.models import Conflict
from conflicts.services.common import (
    Done,
    Step,
    known_state,
    pick,
    require_own,
    require_run,
    transition,
)
from conflicts.services.initiative_rolls import Before, throw
from contract.conflicts import ChangeParticipant, JoinConflict, LeaveConflict, RollInitiative
from contract.events import EventType
from contract.translation import _
from haven.models import Character
from haven.selectors import get
from haven.services import Reference
from haven.services.reference import find as find_character
from haven.utility import name_key
from rolls.sheet import Sheet
from rules.conflict import people
from rules.conflict.kinds import POOL, Kind
from rules.conflict.state import Participant, State
from rules.dice import source as sources
from rules.dice.source import Source
from rules.errors import Conflict as Clash
from rules.errors import Invalid, Limit, NotFound, Unprocessable
from rules.ids import entry_id
from rules.text import clean, has_ink

MAX_NAME = 50
MAX_PARTICIPANTS = 50
NUMBERS = {"rating", "modifier", "extra_actions", "pool"}


@dataclass(frozen=True)
class Entrant:
    """Who is brought into a conflict: a character, or a bare name of a user's."""

    name: str
    user: str
    character: Character | None = None

    def of(self, state: State) -> str | None:
        """The participant that this is already."""
        if self.character:
            sheet = str(self.character.id)
            return next((pk for pk, who in state.participants.items() if who.character == sheet), None)
        key = (self.user, name_key(self.name))
        bare = {pk: who for pk, who in state.participants.items() if who.character is None}
        return next((pk for pk, who in bare.items() if (who.user, name_key(who.name)) == key), None)


def roll(call: Call, given: RollInitiative, source: Source | None = None) -> Done:
    """Enter and roll; before the reveal, again with other numbers: the die stays, unless a storyteller says `again`.

    Raises Invalid, NotFound, NotAllowed, Conflict (`wrong_phase`, `already_rolled`, `ambiguous`), Limit
    (`too_many`).
    """
    named = given.model_dump(include=NUMBERS, exclude_none=True)

    def work(row: Conflict, state: State) -> Step:
        if given.hidden or given.again:
            require_run(call, row)
        known = given.participant
        who = _who_takes_part(call, row, state, known) if known else _who(call, row, given.name)
        # Their own character that somebody hid is not there for them: they enter it as anybody would.
        pk = who.of(known_state(call, row, state))
        if not state.kind.rolls:
            raise Clash(_("This kind of conflict has no initiative roll: just join."), code="wrong_phase")
        before = _before(state, pk, given.again)
        now = state.participants[pk] if pk else _newcomer(state, who, given.hidden)
        numbers = named if before or who.character else _remembered(state.kind, now) | named
        rolled, extra = throw(state.kind, _sheet(call, row, who), numbers, before, source or sources.system())
        entered = replace(now, extra_actions=extra, hidden=given.hidden or now.hidden)
        pk = pk or entry_id()
        after = people.enter(state, pk, entered, rolled)
        return Step(
            after, EventType.CONFLICT_CORRECTED if before else EventType.CONFLICT_ROLLED, who.user, pk
        )

    return transition(call, given.conflict, work)


def _remembered(kind: Kind, who: Participant) -> dict[str, int]:
    """With what they rolled in the round before."""
    name = "pool" if kind.rolls == POOL else "rating"
    return {} if who.rating is None else {name: who.rating}


def _before(state: State, pk: str | None, again: bool) -> Before | None:
    """What is to be corrected: the roll of this round, of somebody who has one."""
    if pk is None or pk not in state.rolls:
        return None
    who = state.participants[pk]
    if state.kept and not again:
        raise Clash(
            _("{name} already has an initiative: join with it.", name=who.name), code="already_rolled"
        )
    if state.kind.rolls == POOL and not again:
        raise Clash(_("{name} has already rolled.", name=who.name), code="already_rolled")
    return Before(state.rolls[pk], who.extra_actions, again)


def _sheet(call: Call, row: Conflict, who: Entrant) -> Sheet:
    if who.character is None:
        return Sheet(chronicle=row.chronicle)
    return Sheet(who.character, rights.character_level(call.principal, who.character), row.chronicle)


def _who(call: Call, row: Conflict, name: str | None) -> Entrant:
    """A character by id or name, else the name alone; without a name, the default character."""
    text = _name(name)
    character = _character(call, row, text)
    if character is None:
        rights.can(call.principal, "roll.make", row.chronicle).require()
        return Entrant(text, str(call.user.id))
    rights.can(call.principal, "roll.make", character).require()
    if character.chronicle_id not in (None, row.chronicle_id):
        raise Unprocessable(_("{name} is in another chronicle.", name=character.name), "wrong_chronicle")
    return Entrant(character.name, str(character.owner_id), character)


def _who_takes_part(call: Call, row: Conflict, state: State, participant: str) -> Entrant:
    """One's own, or anybody for who runs it. Raises NotFound, where the sheet is gone too."""
    pk = pick(call, row, state, participant)
    who = state.participants[pk]
    require_own(call, row, who)
    if who.character is None:
        return Entrant(who.name, who.user)
    sheet = get(call.principal, UUID(who.character))
    return Entrant(sheet.name, who.user, sheet)


def _character(call: Call, row: Conflict, text: str) -> Character | None:
    reference = Reference(
        text=text or None,
        server=row.chronicle.server,
        owner_id=call.player_id,
        channel_id=call.channel_id,
    )
    try:
        return get(call.principal, find_character(call.principal, reference).id)
    except NotFound:
        if not text:
            raise
        return None


def _name(value: str | None) -> str:
    text = clean(value, MAX_NAME)
    if value and not has_ink(text):
        raise Invalid.field("name", _("A name needs visible characters."))
    return text


def _newcomer(state: State, who: Entrant, hidden: bool) -> Participant:
    # Those who are hidden count for each other alone: a refusal would tell how many there are.
    alike = [known for known in state.participants.values() if known.hidden == hidden]
    if len(alike) >= MAX_PARTICIPANTS:
        raise Limit(
            _("A conflict can have up to {most} participants.", most=MAX_PARTICIPANTS),
            code="too_many",
        )
    sheet = str(who.character.id) if who.character else None
    return Participant(who.name, who.user, sheet, hidden)


def join(call: Call, given: JoinConflict) -> Done:
    """Into a round with the same initiative, or where nothing is rolled.

    Raises as `roll`; Conflict `not_rolled` for a newcomer.
    """

    def work(row: Conflict, state: State) -> Step:
        if given.hidden or given.everybody:
            require_run(call, row)
        if given.everybody:
            return Step(people.join_all(state), EventType.CONFLICT_JOINED)
        who = _who(call, row, given.name)
        pk = who.of(known_state(call, row, state))
        if pk is not None:
            return Step(people.join(state, pk, given.extra_actions), EventType.CONFLICT_JOINED, who.user, pk)
        if state.kind.rolls:
            raise Clash(_("{name} has no initiative yet: roll first.", name=who.name), code="not_rolled")
        pk = entry_id()
        newcomer = _newcomer(state, who, given.hidden)
        return Step(people.enter(state, pk, newcomer), EventType.CONFLICT_JOINED, who.user, pk)

    return transition(call, given.conflict, work)


def change(call: Call, given: ChangeParticipant) -> Done:
    """Change the name and extra actions of one's own; who runs the conflict decides who is hidden."""
    wanted = given.changes

    def work(row: Conflict, state: State) -> Step:
        pk = pick(call, row, state, given.participant)
        who = state.participants[pk]
        require_own(call, row, who)
        if wanted.hidden is not None:
            require_run(call, row)
        changed = replace(
            who,
            name=_name(wanted.name) or who.name,
            hidden=who.hidden if wanted.hidden is None else wanted.hidden,
            extra_actions=who.extra_actions if wanted.extra_actions is None else wanted.extra_actions,
        )
        return Step(people.change(state, pk, changed), EventType.CONFLICT_CHANGED, who.user, pk)

    return transition(call, given.conflict, work)


def leave(call: Call, given: LeaveConflict) -> Done:
    """Take out one's own participant, or anybody's for who runs the conflict."""

    def work(row: Conflict, state: State) -> Step:
        named = given.participant
        pk = pick(call, row, state, named) if named else _only_own(call, known_state(call, row, state))
        who = state.participants[pk]
        require_own(call, row, who)
        return Step(people.leave(state, pk), EventType.CONFLICT_LEFT, who.user)

    return transition(call, given.conflict, work)


def _only_own(call: Call, state: State) -> str:
    mine = [pk for pk, who in state.participants.items() if who.user == str(call.principal.id)]
    if not mine:
        raise NotFound(_("You’re not in this conflict."), code="no_participant")
    if len(mine) > 1:
        names = ", ".join(state.participants[pk].name for pk in mine[:5])
        raise Invalid.field("participant", _("Which one: {names}?", names=names))
    return mine[0]
