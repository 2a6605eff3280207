"""A conflict as one reader sees it."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from chronicle import rights
from chronicle.models import ServerMember
from chronicle.principal import Principal
from conflicts.models import Conflict
from discordauth.models import CustomUser
from rules.conflict import moves
from rules.conflict.kinds import ACT, CATEGORIES, DECLARE, GATHER
from rules.conflict.order import Turn, acting, current, may_go
from rules.conflict.phases import hint, phase_label
from rules.conflict.state import DECLARED, Effect, Participant, State
from rules.notices import Notice
from rules.visibility import SECRET

Row = dict[str, Any]


def mark_of(state: State) -> str:
    """Changes with the round, the phase and whose turn it is: what a button was made for."""
    now = current(state)
    seen = f"{state.round}.{state.phase}.{now.key if now else '-'}"
    return f"{zlib.crc32(seen.encode()):08x}"


def last_mark(row: Conflict) -> str:
    """Changes with every step: what a step back was meant for."""
    return f"v{row.version}"


@dataclass(frozen=True)
class _Reader:
    """Who reads, and the people that appear: loaded once for all conflicts of an answer."""

    principal: Principal
    users: Mapping[UUID, CustomUser]
    members: frozenset[tuple[UUID, UUID]]
    row: Conflict
    state: State

    @property
    def knows(self) -> bool:
        """Storytellers, and who looks on with them, see who is hidden and what is not revealed."""
        chronicle = self.row.chronicle
        return rights.level(self.principal, None, chronicle.server_id, chronicle.id) >= SECRET

    def sees(self, who: Participant) -> bool:
        return not who.hidden or self.knows

    def is_mine(self, who: Participant) -> bool:
        return self.principal.id is not None and who.user == str(self.principal.id)

    def user(self, pk: str) -> CustomUser | None:
        return self.users.get(UUID(pk)) if pk else None

    def is_gone(self, who: Participant) -> bool:
        return (self.row.chronicle.server_id, UUID(who.user)) not in self.members


def conflict_json(row: Conflict, principal: Principal, notices: Iterable[Notice] = ()) -> Row:
    return conflicts_json([row], principal)[0] | {"notices": [notice.as_json() for notice in notices]}


def conflicts_json(rows: list[Conflict], principal: Principal) -> list[Row]:
    """Two queries, however many; rights ask one more."""
    states = [row.state() for row in rows]
    ids = {UUID(one.user) for state in states for one in state.participants.values()}
    users = CustomUser.objects.in_bulk(ids)
    servers = {row.chronicle.server_id for row in rows}
    found = ServerMember.objects.filter(server__in=servers, user__in=ids).values_list("server_id", "user_id")
    members = frozenset(found)
    return [
        _json(_Reader(principal, users, members, row, state)) for row, state in zip(rows, states, strict=True)
    ]


def as_the_table_sees_it(row: Conflict) -> Row:
    """For a message in a channel: whoever reads it there. With the buttons of who runs it."""
    found = conflict_json(row, Principal.anonymous())
    return found | {"moves": _moves(row, row.state())}


def _json(reader: _Reader) -> Row:
    row, state = reader.row, reader.state
    turns = _turns(reader)
    now = next((one for one in turns if one["state"] == "current"), None)
    runs = bool(rights.can(reader.principal, "conflict.run", row.chronicle))
    return {
        "id": str(row.id),
        "chronicle": {"id": str(row.chronicle_id), "name": row.chronicle.name},
        "channel_id": row.channel_id,
        "url": f"{settings.SITE_URL}/conflicts/{row.id}/",
        "kind": row.kind,
        "label": state.kind.label,
        "title": row.title,
        "phase": state.phase,
        "phase_label": phase_label(state),
        "round": state.round,
        "version": row.version,
        "mark": mark_of(state),
        "open": state.open,
        "starter": row.starter.as_json(),
        "started_at": row.created_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "rolls": state.kind.rolls,
        "participants": [
            _participant(reader, pk, one) for pk, one in state.participants.items() if reader.sees(one)
        ],
        "turns": turns,
        "current": now,
        "mention": _mention(reader, now),
        "effects": [effect_json(pk, one) for pk, one in state.effects.items() if _sees_effect(reader, one)],
        "categories": (
            [{"slug": slug, "label": label} for slug, label in CATEGORIES.items()]
            if state.kind.by_category
            else []
        ),
        "moves": _moves(row, state) if runs else [],
        "rights": {"run": runs, "enter": _may_enter(reader)},
        "notices": [],
        "hint": _hint(reader, now),
    }


def _moves(row: Conflict, state: State) -> list[Row]:
    """As buttons, each with the mark that it was made for; a step back is possible from the first step on."""
    found = [
        {"move": one.slug, "label": one.label_in(state), "style": one.style, "mark": mark_of(state)}
        for one in moves.possible(state)
    ]
    if row.version == 1:
        return found
    back = {"move": moves.REWIND, "label": "Step back", "style": "secondary", "mark": last_mark(row)}
    return [*found, back]


def _may_enter(reader: _Reader) -> bool:
    state = reader.state
    fits = state.open and (state.phase == GATHER or state.kind.late)
    return fits and bool(rights.can(reader.principal, "roll.make", reader.row.chronicle))


def _participant(reader: _Reader, pk: str, who: Participant) -> Row:
    state = reader.state
    user = reader.user(who.user)
    roll = state.rolls.get(pk)
    told = state.phase != GATHER or state.kept or reader.is_mine(who) or reader.knows
    return {
        "id": pk,
        "name": who.name,
        "user": user.as_json() if user else None,
        "character": {"id": who.character, "name": who.name} if who.character else None,
        "joined": pk in state.joined,
        "rolled": roll is not None,
        "hidden": who.hidden,
        "gone": reader.is_gone(who),
        "yours": reader.is_mine(who),
        "extra_actions": who.extra_actions,
        "rating": who.rating,
        "roll": (
            {
                "dice": [one.value for one in roll.dice],
                "rating": roll.rating,
                "modifier": roll.modifier,
                "value": roll.value,
                "text": roll.text(state.kind),
            }
            if roll and told
            else None
        ),
    }


def _turns(reader: _Reader) -> list[Row]:
    """In the order of acting; before the reveal there is none."""
    state = reader.state
    if state.phase == GATHER:
        return []
    now, ready = current(state), {one.key for one in may_go(state)}
    return [
        _turn(state, one, now, ready)
        for one in acting(state)
        if reader.sees(state.participants[one.participant])
    ]


def _turn(state: State, turn: Turn, now: Turn | None, ready: set[str]) -> Row:
    action = state.actions.get(turn.key)
    if now is not None and turn.key == now.key:
        stands = "current"
    elif action is None or (state.phase == ACT and action.state == DECLARED):
        stands = "waiting"
    else:
        stands = action.state
    return {
        "participant": turn.participant,
        "name": state.participants[turn.participant].name,
        "extra": turn.extra,
        "number": turn.number,
        "together": turn.together,
        "state": stands,
        "ready": state.phase in (DECLARE, ACT) and turn.key in ready,
        "action": action.text if action else "",
        "category": action.category if action else "",
    }


def _mention(reader: _Reader, now: Row | None) -> str | None:
    """Discord's id of whose turn it is."""
    if now is None:
        return None
    user = reader.user(reader.state.participants[now["participant"]].user)
    return user.discord_id if user else None


def _hint(reader: _Reader, now: Row | None) -> str:
    if now is None and current(reader.state) is not None and reader.state.phase in (DECLARE, ACT):
        return "It is the storyteller’s turn."
    return hint(reader.state)


def _sees_effect(reader: _Reader, effect: Effect) -> bool:
    who = reader.state.participants.get(effect.participant)
    return who is None or reader.sees(who)


def effect_json(pk: str, effect: Effect) -> Row:
    return {
        "id": pk,
        "text": effect.text,
        "participant": effect.participant or None,
        "name": effect.name,
        "until": effect.until,
        "left": effect.left,
        "label": effect.label,
    }
