"""Submissions: a player submits, storytellers comment and decide."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from chronicle import features, rights
from chronicle.principal import Principal
from contract.desk import MAX_TEXT
from contract.events import EventType, SubmissionSubject
from contract.translation import N_, _
from desk.models import Comment, Submission
from desk.outcome import outcome_now
from desk.services.notifications import notify_player
from haven.house_rules import traits_of
from haven.models import Character
from haven.services import Reference
from haven.services.change import allow, apply, refuse_stale
from haven.services.common import lock
from haven.services.reference import find
from haven.services.trait_names import as_typed
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from rules.ids import entry_id
from rules.text import clean_lines
from rules.traits import Operation, work_out
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Cause

DECIDED: dict[str, str] = {
    Submission.State.APPROVED: N_("This request was already approved."),
    Submission.State.RETURNED: N_("This request was already returned."),
    Submission.State.WITHDRAWN: N_("This request was already withdrawn."),
}


State = Submission.State
CLOSED: dict[str, EventType] = {
    State.APPROVED: EventType.SUBMISSION_APPROVED,
    State.RETURNED: EventType.SUBMISSION_RETURNED,
    State.WITHDRAWN: EventType.SUBMISSION_WITHDRAWN,
}
TAKEN_IN = Operation("status", "set", "active")


def rows() -> QuerySet[Submission]:
    return Submission.objects.select_related(
        "character__owner", "character__chronicle__server", "author", "decided_by"
    ).prefetch_related("comments__author")


def get(principal: Principal, submission_id: UUID) -> Submission:
    """Return a submission that the principal may see: its player and the storytellers. Raises NotFound."""
    submission = rows().filter(id=submission_id).first()
    if submission is None or not rights.can(principal, "character.propose", submission.character):
        raise NotFound(_("There’s no such request."))
    return submission


@transaction.atomic(savepoint=False)
def submit(
    principal: Principal,
    reference: Reference,
    asked: Sequence[Operation],
    text: str,
    cause: Cause,
    base_version: int | None = None,
) -> Submission:
    """Submit changes for approval; without any, the whole new character.

    Raises NotFound, NotAllowed, Invalid (with `fields`: what the sheet would not take anyway), Conflict
    (`already_submitted`, or `conflict` as a change does), Unprocessable (`no_chronicle`).
    """
    target = find(principal, reference)
    character = lock(target.id)
    rights.can(principal, "character.propose", character).require()
    if character.chronicle is None or principal.user is None:
        raise Unprocessable(
            _("This character isn’t in a chronicle, so nothing needs approval."), "no_chronicle"
        )
    features.require(character.chronicle.server, "desk")
    asked = as_typed(principal, character, asked)
    _judge(principal, character, asked, base_version)
    row = Submission(
        character=character,
        chronicle=character.chronicle,
        author=principal.user,
        kind=Submission.Kind.CHANGE if asked else Submission.Kind.NEW,
        operations=[
            {"path": operation.path, "op": operation.op, "value": operation.value} for operation in asked
        ],
        base_version=base_version or character.version,
        text=_text(text, "text", required=False),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            _(
                "{name} is already waiting for a storyteller. Withdraw that request first.",
                name=character.name,
            ),
            code="already_submitted",
        ) from error
    _record(row, EventType.SUBMISSION_OPENED, cause, {"state": [None, State.OPEN], "text": [None, row.text]})
    return get(principal, row.id)


def _judge(
    principal: Principal, character: Character, asked: Sequence[Operation], base_version: int | None
) -> None:
    """Validate the operations as for an unlocked sheet."""
    if not asked:
        return
    locked, character.locked = character.locked, False
    allow(principal, character, asked)
    character.locked = locked
    if base_version is not None:
        refuse_stale(principal, character, asked, base_version)
    if not work_out(traits_of(character), character.document(), asked, entry_id).changes:
        raise Invalid(_("That wouldn’t change anything."), code="no_change")


@transaction.atomic(savepoint=False)
def comment(principal: Principal, submission_id: UUID, text: str, cause: Cause) -> Submission:
    row = _locked(principal, submission_id)
    if principal.user is None:
        raise NotAllowed(_("Sign in to comment."))
    words = _text(text, "text")
    made = Comment.objects.create(submission=row, author=principal.user, text=words)
    _touch(row)
    event = _record(row, EventType.SUBMISSION_COMMENTED, cause, {f"comments.{made.id}": [None, words]})
    _notify_player(row, event, cause, kind="commented", text=words)
    return get(principal, row.id)


@transaction.atomic(savepoint=False)
def approve(principal: Principal, submission_id: UUID, cause: Cause) -> Submission:
    """Apply the submission to the sheet as it is now. Raises what a change would, and then changes nothing."""
    row = _locked(principal, submission_id)
    character = row.character
    _decide(principal, row)
    asked = row.asked() or ([TAKEN_IN] if character.status == "draft" else [])
    outcome = outcome_now(row, asked)
    apply(character, outcome, cause)
    row.applied = {"changes": outcome.changes, "labels": outcome.labels}
    return _close(principal, row, State.APPROVED, "", cause)


@transaction.atomic(savepoint=False)
def send_back(principal: Principal, submission_id: UUID, reason: str, cause: Cause) -> Submission:
    row = _locked(principal, submission_id)
    _decide(principal, row)
    return _close(principal, row, State.RETURNED, _text(reason, "reason"), cause)


@transaction.atomic(savepoint=False)
def withdraw(principal: Principal, submission_id: UUID, cause: Cause) -> Submission:
    row = _locked(principal, submission_id)
    if principal.id != row.author_id:
        raise NotAllowed(_("Only the person who sent it can withdraw it."))
    _refuse_closed(row)
    return _close(principal, row, State.WITHDRAWN, "", cause)


@transaction.atomic
def abandon(submission_id: UUID, cause: Cause) -> None:
    """Withdraw a request that nobody decides any more, as its chronicle is at its end."""
    character = lock(Submission.objects.get(pk=submission_id).character_id, deleted=True)
    row = Submission.objects.select_for_update().get(pk=submission_id)
    row.character = character
    if row.is_open:
        _end(Principal.system(), row, State.WITHDRAWN, "", cause)


def waits(principal: Principal, character: Character) -> str:
    """Return why a character may not move: a submission is open, which its player knows of too."""
    if Submission.objects.filter(character=character, is_open=True).exists():
        return _("{name} is waiting for a storyteller. Withdraw that request first.", name=character.name)
    return ""


def _locked(principal: Principal, submission_id: UUID) -> Submission:
    """Lock the character first, as everywhere; then its submission."""
    seen = get(principal, submission_id)
    character = lock(seen.character_id)
    row = Submission.objects.select_for_update().get(pk=seen.pk)
    row.character = character
    return row


def _decide(principal: Principal, row: Submission) -> None:
    rights.can(principal, "character.review", row.character).require()
    _refuse_closed(row)


def _refuse_closed(row: Submission) -> None:
    if not row.is_open:
        raise Conflict(_(DECIDED[row.state]), code="already_decided")


def _close(principal: Principal, row: Submission, state: str, reason: str, cause: Cause) -> Submission:
    _end(principal, row, state, reason, cause)
    return get(principal, row.id)


def _end(principal: Principal, row: Submission, state: str, reason: str, cause: Cause) -> None:
    row.state, row.is_open, row.reason = state, None, reason
    row.decided_by, row.decided_at = principal.user, timezone.now()
    _touch(row)
    changes: dict[str, list[object]] = {"state": [State.OPEN, state]}
    if reason:
        changes["reason"] = ["", reason]
    event = _record(row, CLOSED[state], cause, changes)
    if state != State.WITHDRAWN:
        _notify_player(row, event, cause, kind=state, text=reason)


def _notify_player(row: Submission, event: Event, cause: Cause, **details: str) -> None:
    notify_player(event, [row.character], cause, f"/submissions/{row.id}/", **details)


def _touch(row: Submission) -> None:
    row.version += 1
    row.save()


def _text(value: str, name: str, *, required: bool = True) -> str:
    text = clean_lines(value, MAX_TEXT + 1)
    if len(text) > MAX_TEXT:
        raise Invalid.field(name, _("Up to {most} characters.", most=MAX_TEXT))
    if required and not text:
        raise Invalid.field(
            name, _("Say why, in a sentence.") if name == "reason" else _("Write something first.")
        )
    return text


def _record(row: Submission, type: EventType, cause: Cause, changes: dict[str, list[object]]) -> Event:
    """Record an event whose every path is private: for the player and the storytellers."""
    character = row.character
    return timeline.record(
        stream=("chronicle", row.chronicle_id),
        type=type,
        subject=SubmissionSubject(
            owner=character.owner_id, name=character.name, character=character.id, kind=row.kind
        ),
        entity_id=row.id,
        version=row.version,
        cause=cause,
        changes=changes,
    )
