"""A conflict as one reader sees it."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from chronicle import rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from chronicle.services import channels_known_to
from conflicts.models import Conflict
from contract import conflicts as shapes
from contract.base import Named
from contract.notices import StoredNotice
from contract.translation import N_
from discordauth.models import CustomUser
from rules.conflict import moves
from rules.conflict.kinds import ACT, CATEGORIES, DECLARE, GATHER
from rules.conflict.order import Turn, acting, current, may_go
from rules.conflict.phases import hint, phase_label
from rules.conflict.state import DECLARED, Effect, InitiativeRoll, Participant, State
from rules.visibility import SECRET

# Begins the mark of a step back that was made for what the table sees.
TABLE_MARK = "t"


def mark_of(state: State) -> str:
    """Changes with the round, the phase and whose turn it is, in the state that is seen: what a button was made for."""
    now = current(state)
    place = f"{state.round}.{state.phase}.{now.key if now else '-'}"
    return f"{zlib.crc32(place.encode()):08x}"


def last_mark(row: Conflict, *, sees_all: bool) -> str:
    """Changes with every step that is seen: what a step back was made for, where all is seen or what the table sees."""
    return f"v{row.version}" if sees_all else f"{TABLE_MARK}{row.shown_version}"


@dataclass(frozen=True)
class _Reader:
    """Who reads, and the people that appear: loaded once for all conflicts of an answer.

    `state` is what this reader may know: without hidden participants, unless they see `knows`.
    """

    principal: Principal
    users: Mapping[UUID, CustomUser]
    members: frozenset[tuple[UUID, UUID]]
    # Those of these conflicts that they may know of.
    channels: frozenset[str]
    row: Conflict
    knows: bool
    state: State

    def is_mine(self, who: Participant) -> bool:
        return self.principal.id is not None and who.user == str(self.principal.id)

    def user(self, pk: str) -> CustomUser | None:
        return self.users.get(UUID(pk)) if pk else None

    def is_gone(self, who: Participant) -> bool:
        return (self.row.chronicle.server_id, UUID(who.user)) not in self.members


def knows(principal: Principal, chronicle: Chronicle) -> bool:
    """Whether somebody may know who is hidden, as storytellers and observers do; who only runs conflicts may not."""
    return rights.level(principal, None, chronicle.server_id, chronicle.pk) >= SECRET


def conflict_for(
    row: Conflict, principal: Principal, notices: Iterable[StoredNotice] = ()
) -> shapes.Conflict:
    return conflicts_for([row], principal)[0].model_copy(update={"notices": list(notices)})


def conflicts_for(rows: list[Conflict], principal: Principal) -> list[shapes.Conflict]:
    """Two queries, however many; rights ask one more."""
    states = [row.state() for row in rows]
    ids = {UUID(who.user) for state in states for who in state.participants.values()}
    users = CustomUser.objects.in_bulk(ids)
    servers = {row.chronicle.server_id for row in rows}
    channels = channels_known_to(principal, [row.channel_id for row in rows])
    present = ServerMember.objects.filter(server__in=servers, user__in=ids)
    members = frozenset(present.values_list("server_id", "user_id"))
    return [
        _conflict(_reader(principal, users, members, channels, row, state))
        for row, state in zip(rows, states, strict=True)
    ]


def _reader(
    principal: Principal,
    users: Mapping[UUID, CustomUser],
    members: frozenset[tuple[UUID, UUID]],
    channels: frozenset[str],
    row: Conflict,
    state: State,
) -> _Reader:
    """Storytellers, and observers with them, see who is hidden and what is not revealed."""
    sees_all = knows(principal, row.chronicle)
    return _Reader(principal, users, members, channels, row, sees_all, state if sees_all else state.shown)


def as_the_table_sees_it(row: Conflict) -> shapes.Conflict:
    """For a message in a channel, which everyone there reads. With the buttons of who runs it."""
    seen = conflict_for(row, Principal.anonymous())
    return seen.model_copy(update={"moves": _moves(row, row.state().shown, sees_all=False)})


def _conflict(reader: _Reader) -> shapes.Conflict:
    row, state = reader.row, reader.state
    turns = _turns(reader)
    now = next((turn for turn in turns if turn.state == "current"), None)
    runs = bool(rights.can(reader.principal, "conflict.run", row.chronicle))
    return shapes.Conflict.from_object(
        row,
        channel_id=row.channel_id if row.channel_id in reader.channels else None,
        url=f"{settings.SITE_URL}/conflicts/{row.id}/",
        label=state.kind.label,
        phase=state.phase,
        phase_label=phase_label(state),
        round=state.round,
        version=row.version if reader.knows else row.version_for(reader.principal.id),
        mark=mark_of(state),
        open=state.open,
        starter=row.starter.as_person(),
        started_at=row.created_at,
        rolls=state.kind.rolls,
        participants=[_participant(reader, pk, who) for pk, who in state.participants.items()],
        turns=turns,
        current=now,
        mention=_mention(reader, now),
        effects=[effect_for(pk, effect) for pk, effect in state.effects.items()],
        categories=_categories(state),
        moves=_moves(row, state, sees_all=reader.knows) if runs else [],
        rights=shapes.ConflictRights(run=runs, enter=_may_enter(reader)),
        hint=hint(state),
    )


def _categories(state: State) -> list[shapes.Category]:
    if not state.kind.by_category:
        return []
    return [shapes.Category(slug=slug, label=label) for slug, label in CATEGORIES.items()]


def _moves(row: Conflict, state: State, *, sees_all: bool) -> list[shapes.Move]:
    """As buttons, each with the mark that it was made for; a step back is possible from the first step on."""
    possible = [
        shapes.Move(move=move.slug, label=move.label_in(state), style=move.style, mark=mark_of(state))
        for move in moves.possible(state)
    ]
    if (row.version if sees_all else row.shown_version) == 1:
        return possible
    mark = last_mark(row, sees_all=sees_all)
    back = shapes.Move(move=moves.REWIND, label=N_("Undo step"), style="secondary", mark=mark)
    return [*possible, back]


def _may_enter(reader: _Reader) -> bool:
    state = reader.state
    fits = state.open and (state.phase == GATHER or state.kind.late)
    return fits and bool(rights.can(reader.principal, "roll.make", reader.row.chronicle))


def _participant(reader: _Reader, pk: str, who: Participant) -> shapes.Participant:
    state = reader.state
    user = reader.user(who.user)
    roll = state.rolls.get(pk)
    revealed = state.phase != GATHER or state.kept or reader.is_mine(who) or reader.knows
    return shapes.Participant.from_object(
        who,
        id=pk,
        user=user.as_person() if user else None,
        character=Named(id=UUID(who.character), name=who.name) if who.character else None,
        joined=pk in state.joined,
        rolled=roll is not None,
        gone=reader.is_gone(who),
        yours=reader.is_mine(who),
        roll=_roll(state, roll) if roll and revealed else None,
    )


def _roll(state: State, roll: InitiativeRoll) -> shapes.InitiativeRoll:
    dice = [die.value for die in roll.dice]
    return shapes.InitiativeRoll.from_object(roll, dice=dice, text=roll.text(state.kind))


def _turns(reader: _Reader) -> list[shapes.Turn]:
    """In the order of acting; before the reveal there is none."""
    state = reader.state
    if state.phase == GATHER:
        return []
    now, ready = current(state), {turn.key for turn in may_go(state)}
    return [_turn(state, turn, now, ready) for turn in acting(state)]


def _turn(state: State, turn: Turn, now: Turn | None, ready: set[str]) -> shapes.Turn:
    action = state.actions.get(turn.key)
    if now is not None and turn.key == now.key:
        progress = "current"
    elif action is None or (state.phase == ACT and action.state == DECLARED):
        progress = "waiting"
    else:
        progress = action.state
    return shapes.Turn.from_object(
        turn,
        name=state.participants[turn.participant].name,
        state=progress,
        ready=state.phase in (DECLARE, ACT) and turn.key in ready,
        action=action.text if action else "",
        category=action.category if action else "",
    )


def _mention(reader: _Reader, now: shapes.Turn | None) -> str | None:
    """Discord's id of whose turn it is."""
    if now is None:
        return None
    user = reader.user(reader.state.participants[now.participant].user)
    return user.discord_id if user else None


def effect_for(pk: str, effect: Effect) -> shapes.Effect:
    return shapes.Effect.from_object(effect, id=pk, participant=effect.participant or None)
