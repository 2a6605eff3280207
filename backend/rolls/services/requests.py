"""Roll requests: a storyteller asks named players for a roll until a deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chronicle import features, rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.events import EventType, RollRequestSubject
from discordauth.models import CustomUser
from rolls import roll_input, selectors
from rolls.models import Asked, Roll, RollRequest
from rolls.roll_input import Sheet
from rolls.serializers import full
from rolls.services.common import Answer, RollInput
from rolls.services.rolling import roll
from rolls.systems import judge_for_any, system
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problems, Unprocessable
from rules.options import Value, Values
from rules.text import clean
from rules.visibility import SECRET, TABLE
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

MAX_PLAYERS = 25
MAX_MINUTES = 10_080
MAX_TEXT = 200
NO_SUCH = "There is no such request."


@dataclass(frozen=True)
class Wanted:
    """What a storyteller wants rolled; a pool or options that are left open are the player's."""

    players: Sequence[CustomUser]
    pool: Value | None = None
    system: str | None = None
    options: Values = field(default_factory=dict)
    text: str = ""
    hide_difficulty: bool = False
    minutes: int = 60


def rows() -> QuerySet[RollRequest]:
    return RollRequest.objects.select_related("storyteller", "chronicle__server").prefetch_related(
        "asked__user"
    )


@transaction.atomic(savepoint=False)
def ask(principal: Principal, chronicle: Chronicle | None, wanted: Wanted, cause: Cause) -> RollRequest:
    """Ask for a roll. Raises NotAllowed, Invalid, Unprocessable (`server_only`)."""
    if chronicle is None or principal.user is None:
        raise Unprocessable("Rolls are asked for in a server.", "server_only")
    rights.can(principal, "roll.request", chronicle).require()
    features.require(chronicle.server, "requests")
    _judge(wanted)
    _refuse_strangers(chronicle, wanted.players)
    row = RollRequest.objects.create(
        chronicle=chronicle,
        storyteller=principal.user,
        text=clean(wanted.text, MAX_TEXT),
        system=system(wanted.system).slug if wanted.system else "",
        pool="" if wanted.pool is None else clean(str(wanted.pool), 200),
        options=dict(wanted.options),
        hide_difficulty=wanted.hide_difficulty,
        deadline=timezone.now() + timedelta(minutes=wanted.minutes),
    )
    Asked.objects.bulk_create([Asked(request=row, user=player) for player in wanted.players])
    _record(row, EventType.ROLL_REQUESTED, cause)
    return row


def _judge(wanted: Wanted) -> None:
    problems = Problems()
    problems.words("text", wanted.text, MAX_TEXT)
    problems.flag("hide_difficulty", wanted.hide_difficulty)
    problems.whole("minutes", wanted.minutes, 1, MAX_MINUTES)
    if not 1 <= len({player.id for player in wanted.players}) <= MAX_PLAYERS:
        problems.add("players", f"Name 1 to {MAX_PLAYERS} players.")
    if isinstance(wanted.pool, int):
        problems.whole("pool", wanted.pool, 1, 50)
    elif wanted.pool is not None:
        problems.words("pool", wanted.pool, 200)
    problems.settle()
    if not wanted.system:
        judge_for_any(wanted.options)
        return
    asked = system(wanted.system).asked
    asked.read(wanted.options)
    if isinstance(wanted.pool, int) or (wanted.system == "general" and wanted.pool is not None):
        # What can be judged without a sheet is judged now, not when the first player answers.
        calm = {name: value for name, value in wanted.options.items() if value is not True}
        roll_input.build(wanted.pool, asked.read(calm), Sheet())


def _refuse_strangers(chronicle: Chronicle, players: Sequence[CustomUser]) -> None:
    members = set(
        ServerMember.objects.filter(server_id=chronicle.server_id, user__in=players).values_list(
            "user_id", flat=True
        )
    )
    strangers = [player.display_name for player in players if player.id not in members]
    if strangers:
        raise Invalid.field("players", f"Not in this server: {', '.join(strangers[:5])}.")


@transaction.atomic(savepoint=False)
def answer(
    principal: Principal, request_id: UUID | str, given: RollInput, cause: Cause
) -> tuple[Answer, RollRequest]:
    """Roll what was asked for, once a player. Raises Conflict (`already_answered`, `request_closed`)."""
    row = find(principal, request_id)
    mine = next(
        (asked_player for asked_player in row.asked.all() if asked_player.user_id == principal.id), None
    )
    if mine is None:
        raise NotAllowed("You were not asked for this roll.")
    asked_for = _asked_for(row, given)
    features.require(row.chronicle.server, "requests")
    # The character's lock comes before that of the answer.
    made = roll(principal, asked_for, cause, request=row)
    Asked.objects.select_for_update().filter(pk=mine.pk).order_by().values_list("pk").first()
    now = timezone.now()
    if not RollRequest.objects.filter(pk=row.pk, closed_at=None, deadline__gt=now).exists():
        raise Conflict("This request is closed.", code="request_closed")
    if not Asked.objects.filter(pk=mine.pk, roll=None).update(roll=made.roll, answered_at=now):
        raise Conflict("You have answered this already.", code="already_answered")
    return made, rows().get(pk=row.pk)


def _asked_for(row: RollRequest, given: RollInput) -> RollInput:
    """Merge the request's fixed parts over what the player gave."""
    pool = given.pool
    if row.pool:
        pool = int(row.pool) if row.pool.isdecimal() and row.system != "general" else row.pool
    if pool is None:
        raise Invalid.field("pool", "Which pool? The storyteller leaves it to you.")
    return replace(
        given,
        system=row.system or given.system,
        pool=pool,
        options={**given.options, **row.options},
        chronicle=row.chronicle,
        visibility="public",
        hide_difficulty=row.hide_difficulty,
    )


@transaction.atomic(savepoint=False)
def close(principal: Principal, request_id: UUID | str, cause: Cause) -> RollRequest:
    row = find(principal, request_id)
    rights.can(principal, "roll.request", row.chronicle).require()
    if not RollRequest.objects.filter(pk=row.pk, closed_at=None).update(
        closed_at=timezone.now(), version=row.version + 1
    ):
        raise Conflict("This request is closed already.", code="request_closed")
    found = rows().get(pk=row.pk)
    _record(found, EventType.ROLL_REQUEST_CLOSED, cause)
    return found


def find(principal: Principal, request_id: UUID | str) -> RollRequest:
    """Find a request. Raises NotFound, also for people outside the chronicle."""
    try:
        found = rows().filter(pk=UUID(str(request_id))).first()
    except ValueError:
        found = None
    if found is None or not rights.can(principal, "chronicle.view", found.chronicle):
        raise NotFound(NO_SUCH)
    return found


def listed(principal: Principal, chronicle: Chronicle) -> list[dict[str, Any]]:
    """List the newest fifty, open ones first."""
    rights.can(principal, "chronicle.view", chronicle).require()
    found = rows().filter(chronicle=chronicle).order_by("-pk")[:50]
    return sorted((as_json(row, principal) for row in found), key=lambda row: row["done"])


def as_the_table_sees_it(row: RollRequest) -> dict[str, Any]:
    """The request as everyone in its channel may see it."""
    return as_json(row, Principal.anonymous())


def as_json(row: RollRequest, principal: Principal) -> dict[str, Any]:
    """The request as this person sees it, with the answers: the summary."""
    asked = sorted(row.asked.all(), key=lambda asked_player: asked_player.pk)
    rolls = _answers(row, principal)
    knows = not row.hide_difficulty or bool(rights.can(principal, "roll.request", row.chronicle))
    players = [_player(asked_player, rolls) for asked_player in asked]
    answered = sum(player["roll"] is not None for player in players)
    over = row.closed_at is not None or row.deadline <= timezone.now()
    return {
        "id": str(row.id),
        "text": row.text,
        "storyteller": row.storyteller.as_json(),
        "chronicle": {"id": str(row.chronicle_id), "name": row.chronicle.name},
        "system": row.system or None,
        "pool": row.pool or None,
        "options": row.options if knows else {**row.options, "difficulty": None},
        "difficulty": row.options.get("difficulty") if knows else None,
        "difficulty_hidden": row.hide_difficulty,
        "deadline": row.deadline.isoformat(),
        "open": not over and answered < len(players),
        "done": over or answered == len(players),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "players": players,
        "answered": answered,
        "asked": len(players),
        "text_summary": "; ".join(f"{player['user']['name']}: {player['summary']}" for player in players),
    }


def _answers(row: RollRequest, principal: Principal) -> dict[UUID, dict[str, Any]]:
    """By the id of the first roll: the roll, or what became of it when it was rolled again."""
    found = list(selectors.rows().filter(request=row, parent=None))
    again = {roll.replaces_id: roll for roll in found if roll.replaces_id}
    return {roll.pk: full(_last(roll, again), principal) for roll in found if not roll.replaces_id}


def _last(roll: Roll, again: Mapping[UUID, Roll]) -> Roll:
    while roll.pk in again:
        roll = again[roll.pk]
    return roll


def _player(asked: Asked, rolls: Mapping[UUID, dict[str, Any]]) -> dict[str, Any]:
    roll = rolls.get(asked.roll_id) if asked.roll_id else None
    return {
        "user": asked.user.as_json(),
        "answered_at": asked.answered_at.isoformat() if asked.answered_at else None,
        "roll": roll,
        "summary": _summary(roll) if roll else "no answer yet",
    }


def _summary(roll: Mapping[str, Any]) -> str:
    outcome = roll["outcome"]
    number = outcome["successes"]
    word = "success" if number == 1 else "successes"
    margin = f", margin {outcome['margin']}" if outcome.get("margin") is not None else ""
    return f"{number} {word}: {outcome['label']}{margin}"


def _record(row: RollRequest, type: EventType, cause: Cause) -> Event:
    """Record the request's event for the table; a hidden difficulty for storytellers alone."""
    public = {
        "id": str(row.id),
        "text": row.text,
        "pool": row.pool,
        "system": row.system,
        "deadline": row.deadline.isoformat(),
        "closed": row.closed_at is not None,
        "players": [str(user_id) for user_id in row.asked.order_by("pk").values_list("user_id", flat=True)],
    }
    changes: dict[str, list[Any]] = {"request": [None, public]}
    levels = {"request": int(TABLE)}
    if "difficulty" in row.options:
        changes["difficulty"] = [None, row.options["difficulty"]]
        levels["difficulty"] = int(SECRET if row.hide_difficulty else TABLE)
    return timeline.record(
        stream=("chronicle", row.chronicle_id),
        type=type,
        subject=RollRequestSubject(owner=row.storyteller_id, name=row.text),
        entity_id=row.id,
        version=row.version,
        cause=cause,
        changes=changes,
        visibility=levels,
    )
