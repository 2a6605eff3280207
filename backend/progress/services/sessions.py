"""Ticks and ends of sessions with the streaks that follow from them, and awards for those who came.

Locks are taken in this order: the chronicle with its session, characters by id, people by id, boards, streams.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from chronicle.models import Attendance, Chronicle, Episode
from chronicle.principal import Principal
from chronicle.services import attendance, episodes
from chronicle.services.attendance import Tick
from chronicle.services.episodes import Status, changing, require_status
from contract.events import EventType
from contract.translation import _
from desk.services.awards import award as award_experience
from discordauth.models import CustomUser
from haven.models import Character, DefaultCharacter
from haven.selectors import alive
from haven.services.common import lock
from progress.models import PointEntry
from progress.services import ledger, taken_back
from progress.services.table_streaks import attended, recompute
from rules.errors import Conflict, Invalid
from rules.notices import notice
from timeline.services import Cause

SOURCE, POINTS = "session", 20
State = Attendance.State


@dataclass(frozen=True, slots=True)
class Award:
    """What one person got: points for themselves, experience for the character they played (None: for none)."""

    user: CustomUser
    points: int = 0
    character: Character | None = None
    experience: int = 0


@dataclass(slots=True)
class Awards:
    """`unclear` play several characters, `without` none: they got points alone."""

    given: list[Award] = field(default_factory=list)
    unclear: list[CustomUser] = field(default_factory=list)
    without: list[CustomUser] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def end(episode: Episode, summary: str | None, *, principal: Principal, cause: Cause) -> Episode:
    """End a session; from here it counts for the streaks of its table."""
    with changing(episode, EventType.EPISODE_ENDED, principal=principal, cause=cause) as locked:
        episodes.end(locked, summary)
    recompute(locked.chronicle, attended(locked.chronicle))
    return locked


@transaction.atomic(savepoint=False)
def tick(episode: Episode, ticks: Collection[Tick], *, principal: Principal, cause: Cause) -> Episode:
    """Mark who came. A correction takes back the points of who did not come, and corrects the streaks.

    Experience stays: it is the story's own, and taken back on the sheet.
    """
    with changing(episode, EventType.EPISODE_TICKED, principal=principal, cause=cause) as locked:
        _check_characters(locked.chronicle, ticks)
        attendance.tick(locked, ticks, principal)
        _take_points_back(locked, [tick.user_id for tick in ticks if tick.state != State.CAME], cause)
    recompute(locked.chronicle, {tick.user_id for tick in ticks})
    return locked


def _take_points_back(episode: Episode, users: Collection[UUID], cause: Cause) -> None:
    """Take back what these people got for a session that they did not come to after all."""
    rows = Attendance.objects.filter(episode=episode, user_id__in=users).select_related("user")
    keys = {_base(row): row for row in rows.order_by("user_id")}
    entries = PointEntry.objects.filter(user__in=users, key__in=keys)  # the index begins with the user
    awarded = set(entries.values_list("key", flat=True))
    _lock_people([row for base, row in keys.items() if base in awarded])
    for base, row in keys.items():
        if base in awarded:
            taken_back.take_back(row.user, _key(row), cause)


def _lock_people(rows: Iterable[Attendance]) -> None:
    """All of them before the first stream: who earns at this moment waits for that."""
    users = CustomUser.objects.select_for_update().filter(pk__in=[row.user_id for row in rows])
    list(users.order_by("pk").values_list("pk"))


def _check_characters(chronicle: Chronicle, ticks: Collection[Tick]) -> None:
    named = {tick.character: tick.user_id for tick in ticks if tick.character}
    owners = dict(alive().filter(pk__in=named, chronicle=chronicle).values_list("pk", "owner_id"))
    if named != owners:
        raise Invalid.field(
            "ticks", _("A character in your list isn’t this player’s, or isn’t in this chronicle.")
        )


@transaction.atomic(savepoint=False)
def award(
    episode: Episode, experience: int, reason: str, *, principal: Principal, cause: Cause
) -> tuple[Episode, Awards]:
    """Give those who came points, and so much experience to the character that each of them played; once each.

    All of it happens, or nothing; and nobody awards themselves alone. Raises Conflict (`nobody_came`,
    `session_awarded`).
    """
    with changing(episode, EventType.EPISODE_AWARDED, principal=principal, cause=cause) as locked:
        require_status(locked, Status.LIVE, Status.DONE)
        rows = Attendance.objects.filter(episode=locked, state=State.CAME)
        came = list(rows.select_related("user").order_by("user_id"))
        if not came:
            raise Conflict(_("Nobody is ticked as having come."), code="nobody_came")
        if {row.user_id for row in came} == {principal.id}:
            raise Conflict(_("Nobody but you is ticked as having come."), code="nobody_came")
        awards = Awards()
        waiting = [row for row in came if row.experience is None] if experience else []
        played = _played_by(locked.chronicle, waiting, awards)
        for pk in sorted(character.pk for character in played.values()):
            lock(pk)
        _lock_people(came)
        _give_experience(locked, played, experience, reason, principal, cause)
        for row in came:
            points = _give_points(locked, row, cause)
            character = played.get(row.pk)
            if points or character:
                got = experience if character else 0
                awards.given.append(Award(row.user, points, character, got))
        if not awards.given and not awards.unclear:
            raise Conflict(_("There’s nothing left to award for this episode."), code="session_awarded")
    return locked, awards


def _played_by(chronicle: Chronicle, rows: Sequence[Attendance], awards: Awards) -> dict[UUID, Character]:
    """Return attendance → the character it was played with, and note for whom that is unclear."""
    candidates: dict[UUID, list[Character]] = defaultdict(list)
    owners = [row.user_id for row in rows]
    for character in alive().filter(chronicle=chronicle, owner_id__in=owners).order_by("pk"):
        candidates[character.owner_id].append(character)
    defaults = _defaults(chronicle, owners)
    played: dict[UUID, Character] = {}
    for row in rows:
        own = candidates[row.user_id]
        found = [character for character in own if character.pk == row.character]
        found = found or [character for character in own if character.status == "active"]
        if len(found) > 1:
            found = [character for character in found if character.pk in defaults] or found
        if len(found) == 1:
            played[row.pk] = found[0]
        else:
            (awards.unclear if found else awards.without).append(row.user)
    return played


def _defaults(chronicle: Chronicle, owners: Collection[UUID]) -> set[UUID]:
    """Return the characters that these members' commands mean in the chronicle."""
    rows = DefaultCharacter.objects.filter(
        member__server_id=chronicle.server_id, member__user_id__in=owners, character__chronicle=chronicle
    )
    return set(rows.values_list("character_id", flat=True))


def _give_experience(
    episode: Episode,
    played: dict[UUID, Character],
    experience: int,
    reason: str,
    principal: Principal,
    cause: Cause,
) -> None:
    if not played:
        return
    ids = [character.pk for character in played.values()]
    award_experience(principal, episode.chronicle, ids, experience, reason or _reason(episode), cause)
    for row in Attendance.objects.filter(pk__in=played):
        row.experience, row.character = experience, played[row.pk].pk
        row.save()


def _reason(episode: Episode) -> str:
    """As it stands in the history of the characters, in the language of the person who awards."""
    if episode.title:
        return _("Episode {number}: {title}", number=episode.number, title=episode.title)
    return _("Episode {number}", number=episode.number)


def _give_points(episode: Episode, row: Attendance, cause: Cause) -> int:
    reason = notice("session_attended", number=episode.number or 0, chronicle=episode.chronicle.name)
    given = ledger.award(row.user, POINTS, SOURCE, reason, _key(row), cause, chronicle=episode.chronicle)
    return given.amount if given else 0


def _key(row: Attendance) -> str:
    """What the points of an attendance are for. After each correction that took them back it is another."""
    base = _base(row)
    undone = PointEntry.objects.filter(
        user_id=row.user_id, key__startswith=base, key__endswith=taken_back.UNDONE
    )
    return f"{base}:{times}" if (times := undone.count()) else base


def _base(row: Attendance) -> str:
    return f"attendance:{row.pk}"
