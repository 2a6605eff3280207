"""What every transition shares: which conflict is meant, its lock, what is kept, and the event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from chronicle import features, rights
from chronicle.call import Call
from chronicle.principal import Principal
from conflicts.models import Conflict
from conflicts.selectors import rows
from conflicts.serializers import knows
from contract.events import ConflictSubject, EventType
from contract.lookup import did_you_mean, matches
from contract.translation import _
from discordauth.models import CustomUser
from rules.conflict.kinds import GATHER
from rules.conflict.moves import over
from rules.conflict.order import current
from rules.conflict.state import LASTING, Participant, State, difference, flat
from rules.errors import Conflict as Clash
from rules.errors import NotAllowed, NotFound
from rules.notices import Notice
from rules.visibility import PRIVATE, SECRET, TABLE, Level
from timeline import services as timeline
from timeline.frames import STEP_PATH
from timeline.models import Event
from timeline.services import Cause


@dataclass(frozen=True)
class Done:
    """The conflict after a transition; which participant or effect it was about, and what people should know."""

    conflict: Conflict
    participant: str = ""
    effect: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Step:
    """What a transition leads to. `owner` is the id of the user whose participant it is about."""

    state: State
    type: EventType
    owner: str = ""
    participant: str = ""
    effect: str = ""


def find(principal: Principal, conflict_id: UUID) -> Conflict:
    """The conflict, for those who may see its chronicle. Raises NotFound."""
    row = rows().filter(pk=conflict_id).first()
    if row is None or not rights.can(principal, "chronicle.view", row.chronicle):
        raise NotFound(_("There’s no such conflict."))
    return row


def resolve(call: Call, conflict_id: UUID | None, *, ended: bool = False) -> Conflict:
    """The named one, else the one that runs in this channel, else the only one that runs in no channel.

    `ended`: the last one of this channel will do too. Raises NotFound (`no_conflict`).
    """
    if conflict_id:
        return find(call.principal, conflict_id)
    here = in_channel(call.channel_id) or (_nowhere_or_last(call) if ended else _nowhere(call))
    if here is None or not rights.can(call.principal, "chronicle.view", here.chronicle):
        raise NotFound(_("There’s no conflict running here."), code="no_conflict")
    return here


def in_channel(channel_id: str) -> Conflict | None:
    """The one that runs there."""
    return rows().filter(is_open=True, channel_id=channel_id).first() if channel_id else None


def _nowhere(call: Call) -> Conflict | None:
    found = list(rows().filter(is_open=True, chronicle=call.chronicle, channel_id=None)[:2])
    return found[0] if len(found) == 1 else None


def _nowhere_or_last(call: Call) -> Conflict | None:
    """Where none runs in the channel: its last one, unless what runs in none began after its end."""
    last = rows().filter(channel_id=call.channel_id).order_by("-pk").first() if call.channel_id else None
    nowhere = _nowhere(call)
    if last is None or (nowhere and last.ended_at and nowhere.created_at > last.ended_at):
        return nowhere
    return last


@transaction.atomic(savepoint=False)
def transition(call: Call, conflict_id: UUID | None, work: Callable[[Conflict, State], Step]) -> Done:
    """Lock the conflict, let the rules work out the next state, store it and record it. No change is no event."""
    row = lock(resolve(call, conflict_id))
    before = row.state()
    step = work(row, before)
    keep(row, before, step, call.cause)
    # Leave out effects on participants whom this person may not see.
    notices = tuple(over(known_state(call, row, before), step.state))
    return Done(row, step.participant, step.effect, notices)


def lock(seen: Conflict) -> Conflict:
    """Until commit. Raises NotAllowed where conflicts are switched off."""
    features.require(seen.chronicle.server, "conflicts")
    row = Conflict.objects.select_for_update().get(pk=seen.pk)
    row.chronicle, row.starter = seen.chronicle, seen.starter
    return row


def keep(row: Conflict, before: State, step: Step, cause: Cause, undoes: Event | None = None) -> None:
    """Store what a step leads to on the (locked) conflict and record it."""
    after = step.state
    changes = difference(flat(before), flat(after))
    if not changes:
        return
    row.paths = flat(after)
    row.is_open = after.open or None
    row.ended_at = None if after.open else row.ended_at or timezone.now()
    row.lasts = any(effect.until in LASTING for effect in after.effects.values())
    levels = _levels(before, after, changes)
    _count(row, step, levels)
    save(row)
    notices = () if undoes else tuple(over(before, after))
    record(row, step, cause, changes, levels, notices, undoes)


def _count(row: Conflict, step: Step, levels: Mapping[str, Level]) -> None:
    """Raise the version of each who sees something of the step."""
    row.version += 1
    if is_heard(levels):
        row.shown_version += 1
    elif PRIVATE in levels.values():
        owner = str(_owner(row, step))
        row.own_steps = {**row.own_steps, owner: row.own_steps.get(owner, 0) + 1}


def is_heard(levels: Mapping[str, int]) -> bool:
    """Whether the table sees something of a step with changes of these levels."""
    return any(level <= TABLE for level in levels.values())


def _owner(row: Conflict, step: Step) -> UUID:
    return UUID(step.owner) if step.owner else row.starter_id


def save(row: Conflict) -> None:
    """Raises Conflict (`conflict_running`) when another one runs in this channel."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Clash(_("A conflict is already running in this channel."), code="conflict_running") from error


def record(
    row: Conflict,
    step: Step,
    cause: Cause,
    changes: dict[str, list[Any]],
    levels: dict[str, Level],
    notices: tuple[Notice, ...] = (),
    undoes: Event | None = None,
) -> None:
    owner = _owner(row, step)
    timeline.record(
        stream=("chronicle", row.chronicle_id),
        type=step.type,
        entity_id=row.id,
        version=row.version,
        cause=cause,
        changes={STEP_PATH: [row.version - 1, row.version], **changes},
        visibility={STEP_PATH: int(min(levels.values()))}
        | {path: int(level) for path, level in levels.items()},
        notices=notices,
        subject=ConflictSubject(
            owner=owner,
            name=str(row),
            kind=row.kind,
            versions={TABLE.label: row.shown_version, PRIVATE.label: row.version_for(owner)},
            acting_for=cause.acting_for(_player(step, cause)),
        ),
        undoes=undoes,
    )


def _player(step: Step, cause: Cause) -> CustomUser | None:
    """The owner of the participant; asked for only where somebody acts for an absent player."""
    if not (cause.as_player and step.owner):
        return None
    return CustomUser.objects.filter(pk=step.owner).first()


def _levels(before: State, after: State, changes: dict[str, list[Any]]) -> dict[str, Level]:
    """Who is hidden is the storytellers' business, and a roll its roller's until it is revealed.

    The table also hears of a step when it is somebody else's turn, and when somebody is hidden whom it saw.
    """
    found = {path: _level(before, after, path) for path in changes}
    is_hiding = bool(before.shown.participants.keys() - after.shown.participants.keys())
    if is_hiding or _turn(before.shown) != _turn(after.shown):
        found[STEP_PATH] = TABLE
    return found


def _turn(state: State) -> str:
    now = current(state)
    return now.key if now else ""


def _level(before: State, after: State, path: str) -> Level:
    part, _, pk = path.partition(".")
    if part == "effects":
        effect = after.effects.get(pk) or before.effects[pk]
        pk = effect.participant
    pk = pk.partition(".")[0]
    who = after.participants.get(pk) or before.participants.get(pk)
    if who is not None and who.hidden:
        return SECRET
    return PRIVATE if part == "rolls" and after.phase == GATHER else TABLE


def runs(call: Call, row: Conflict) -> bool:
    return bool(rights.can(call.principal, "conflict.run", row.chronicle))


def require_run(call: Call, row: Conflict) -> None:
    rights.can(call.principal, "conflict.run", row.chronicle).require()


def require_own(call: Call, row: Conflict, who: Participant) -> None:
    """Of one's own participant, or of anybody's for who runs the conflict. Raises NotAllowed."""
    if who.user == str(call.principal.id):
        rights.can(call.principal, "roll.make", row.chronicle).require()
        return
    if not runs(call, row):
        raise NotAllowed(
            _("{name} is somebody else’s: only the person running the conflict can do that.", name=who.name)
        )
    require_run(call, row)


def known_state(call: Call, row: Conflict, state: State) -> State:
    """The state as this person knows it: for them, nobody is there whom they may not see."""
    return state if knows(call.principal, row.chronicle) else state.shown


def pick(call: Call, row: Conflict, state: State, text: str) -> str:
    """Which participant is meant, by id or name; who is hidden is nobody for those who may not know."""
    named = text.strip()
    known = known_state(call, row, state).participants
    if named in known:
        return named
    found = matches(named, {pk: (who.name,) for pk, who in known.items()})
    mine = [pk for pk in found if known[pk].user == str(call.principal.id)]
    if not found:
        hint = did_you_mean(named, (who.name for who in known.values()))
        raise NotFound(
            _("There’s nobody by that name in this conflict.{hint}", hint=hint), code="no_participant"
        )
    return (mine or found)[0]
