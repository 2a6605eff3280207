"""Roll requests: a storyteller asks named players for a roll until a deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from chronicle import features, rights
from chronicle.call import Call
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract import roll_requests as shapes
from contract.events import EventType, RollRequestSubject
from contract.roll_requests import MAX_TEXT, AskForRoll
from contract.rolls import Roll as ShownRoll
from contract.translation import N_, _
from discordauth.models import CustomUser
from rolls import followers, roll_input, selectors
from rolls.models import Asked, Roll, RollRequest
from rolls.serializers import full
from rolls.services.common import Done, RollInput
from rolls.services.rolling import roll
from rolls.sheet import Sheet
from rolls.systems import SYSTEMS, judge_for_any, system
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Problems, Unprocessable
from rules.text import clean
from rules.visibility import SECRET, TABLE
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

DEFAULT_MINUTES = 60
NO_SUCH = N_("There’s no such request.")
# The options that a hidden difficulty hides, whatever the dice will be.
HIDDEN = {system.hidden for system in SYSTEMS.values()}


def rows() -> QuerySet[RollRequest]:
    return RollRequest.objects.select_related("storyteller", "chronicle__server").prefetch_related(
        "asked__user"
    )


@transaction.atomic(savepoint=False)
def ask(call: Call, given: AskForRoll) -> RollRequest:
    """Ask for a roll. Raises NotAllowed, Invalid, Unprocessable (`server_only`)."""
    chronicle = call.chronicle_if_any(given.chronicle)
    if chronicle is None:
        raise Unprocessable(_("You can only ask for rolls in a server."), "server_only")
    rights.can(call.principal, "roll.request", chronicle).require()
    features.require(chronicle.server, "requests")
    _judge(given)
    players = _players(chronicle, given.players)
    minutes = DEFAULT_MINUTES if given.minutes is None else given.minutes
    row = RollRequest.objects.create(
        chronicle=chronicle,
        storyteller=call.user,
        text=clean(given.text or "", MAX_TEXT),
        system=system(given.system).slug if given.system else "",
        pool="" if given.pool is None else clean(str(given.pool), 200),
        options=given.options or {},
        hide_difficulty=bool(given.hide_difficulty),
        deadline=timezone.now() + timedelta(minutes=minutes),
    )
    Asked.objects.bulk_create([Asked(request=row, user=player) for player in players])
    _record(row, EventType.ROLL_REQUESTED, call.cause)
    return row


def _judge(given: AskForRoll) -> None:
    """What can be judged without a sheet is judged now, not when the first player answers."""
    problems, options = Problems(), given.options or {}
    if isinstance(given.pool, int):
        problems.whole("pool", given.pool, 1, 50)
    elif given.pool is not None:
        problems.words("pool", given.pool, 200)
    problems.settle()
    if not given.system:
        judge_for_any(options)
        return
    asked = system(given.system).asked
    asked.read(options)
    if isinstance(given.pool, int) or (given.system == "general" and given.pool is not None):
        calm = {name: value for name, value in options.items() if value is not True}
        roll_input.build(given.pool, asked.read(calm), Sheet())


def _players(chronicle: Chronicle, named: Sequence[str]) -> list[CustomUser]:
    """The members that these ids name, ours or Discord's. Raises Invalid, for strangers as for unknown ids."""
    discord_ids = set(filter(str.isdecimal, named))
    try:
        ids = {UUID(text) for text in named if text not in discord_ids}
    except ValueError:
        raise Invalid.field("players", _("These aren’t ids of people.")) from None
    members = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    found = members.filter(Q(user_id__in=ids) | Q(user__discord_id__in=discord_ids)).order_by("pk")
    players = [member.user for member in found]
    if len(players) < len(ids) + len(discord_ids):
        raise Invalid.field("players", _("One of these people isn’t in this server."))
    return players


@transaction.atomic(savepoint=False)
def answer(principal: Principal, request_id: UUID, given: RollInput, cause: Cause) -> Done:
    """Roll what was asked for, once a player. Raises Conflict (`already_answered`, `request_closed`)."""
    row = find(principal, request_id)
    mine = next(
        (asked_player for asked_player in row.asked.all() if asked_player.user_id == principal.id), None
    )
    if mine is None:
        raise NotAllowed(_("You weren’t asked for this roll."))
    asked_for = _asked_for(row, given)
    features.require(row.chronicle.server, "requests")
    # The character's lock comes before that of the answer.
    made = roll(principal, asked_for, cause, request=row)
    Asked.objects.select_for_update().filter(pk=mine.pk).order_by().values_list("pk").first()
    now = timezone.now()
    if not RollRequest.objects.filter(pk=row.pk, closed_at=None, deadline__gt=now).exists():
        raise Conflict(_("This request is closed."), code="request_closed")
    if not Asked.objects.filter(pk=mine.pk, roll=None).update(roll=made.roll, answered_at=now):
        raise Conflict(_("You’ve already answered this."), code="already_answered")
    followers.request_changed(row)
    return made


def _asked_for(row: RollRequest, given: RollInput) -> RollInput:
    """Merge the request's fixed parts over what the player gave."""
    pool = given.pool
    if row.pool:
        pool = int(row.pool) if row.pool.isdecimal() else row.pool
    if pool is None:
        raise Invalid.field("pool", _("Choose a pool: the storyteller leaves it to you."))
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
def close(principal: Principal, request_id: UUID, cause: Cause) -> RollRequest:
    row = find(principal, request_id)
    rights.can(principal, "roll.request", row.chronicle).require()
    if not RollRequest.objects.filter(pk=row.pk, closed_at=None).update(
        closed_at=timezone.now(), version=row.version + 1
    ):
        raise Conflict(_("This request is already closed."), code="request_closed")
    found = rows().get(pk=row.pk)
    _record(found, EventType.ROLL_REQUEST_CLOSED, cause)
    followers.request_changed(found)
    return found


def find(principal: Principal, request_id: UUID) -> RollRequest:
    """Find a request. Raises NotFound, also for people outside the chronicle."""
    found = rows().filter(pk=request_id).first()
    if found is None or not rights.can(principal, "chronicle.view", found.chronicle):
        raise NotFound(_(NO_SUCH))
    return found


def listed(principal: Principal, chronicle: Chronicle) -> list[shapes.RollRequest]:
    """List the newest fifty, open ones first."""
    rights.can(principal, "chronicle.view", chronicle).require()
    found = rows().filter(chronicle=chronicle).order_by("-pk")[:50]
    return sorted((request_for(row, principal) for row in found), key=lambda request: request.done)


def as_the_table_sees_it(row: RollRequest) -> shapes.RollRequest:
    """The request as everyone in its channel may see it."""
    return request_for(row, Principal.anonymous())


def request_for(row: RollRequest, principal: Principal) -> shapes.RollRequest:
    """The request as this person sees it, with the answers: the summary."""
    rolls = _answers(row, principal)
    knows = not row.hide_difficulty or bool(rights.can(principal, "roll.request", row.chronicle))
    asked = sorted(row.asked.all(), key=lambda asked_player: asked_player.pk)
    players = [_player(asked_player, rolls) for asked_player in asked]
    answered = sum(player.roll is not None for player in players)
    over = row.closed_at is not None or row.deadline <= timezone.now()
    return shapes.RollRequest.from_object(
        row,
        storyteller=row.storyteller.as_person(),
        system=row.system or None,
        pool=row.pool or None,
        options=row.options if knows else row.options | dict.fromkeys(HIDDEN & set(row.options)),
        difficulty=row.options.get("difficulty") if knows else None,
        difficulty_hidden=row.hide_difficulty,
        open=not over and answered < len(players),
        done=over or answered == len(players),
        players=players,
        answered=answered,
        asked=len(players),
        lead=_lead(players),
        text_summary="; ".join(f"{player.user.name}: {player.summary}" for player in players),
    )


def _answers(row: RollRequest, principal: Principal) -> dict[UUID, ShownRoll]:
    """By the id of the first roll: the roll, or what became of it when it was rolled again."""
    found = list(selectors.rows().filter(request=row, parent=None))
    again = {roll.replaces_id: roll for roll in found if roll.replaces_id}
    return {roll.pk: full(_last(roll, again), principal) for roll in found if not roll.replaces_id}


def _last(roll: Roll, again: Mapping[UUID, Roll]) -> Roll:
    while roll.pk in again:
        roll = again[roll.pk]
    return roll


def _player(asked: Asked, rolls: Mapping[UUID, ShownRoll]) -> shapes.AskedPlayer:
    roll = rolls.get(asked.roll_id) if asked.roll_id else None
    summary = shapes.summary_of(roll) if roll else _("no answer yet")
    return shapes.AskedPlayer.from_object(asked, user=asked.user.as_person(), roll=roll, summary=summary)


def _lead(players: Sequence[shapes.AskedPlayer]) -> shapes.Lead | None:
    """Who of two players is ahead, once both have rolled and their successes may be known."""
    rolls = [player.roll for player in players if player.roll]
    numbers = [roll.outcome.successes for roll in rolls if roll.outcome.successes is not None]
    if len(players) != 2 or len(numbers) != 2:
        return None
    first, second = numbers
    ahead = None if first == second else players[first < second].user
    return shapes.Lead(player=ahead, by=abs(first - second))


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
    changes: dict[str, list[object]] = {"request": [None, public]}
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
