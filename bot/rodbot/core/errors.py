"""Turns whatever went wrong into an answer for a person.

Refused        a check of the bot's own; its text is the answer
BackendError   the backend refused; its sentence is the answer, with what belongs to it
BackendDown    no answer; a reference, and whether anything may have happened
anything else  a defect; a reference for the person, the details for the log and the debug channel
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from contract.events import Event
from contract.refusals import Refusal
from rodbot.core.backend import UNAVAILABLE, BackendDown, BackendError
from rodbot.core.text import MESSAGE, clip, escape, join_lines, value

DOWN = (
    "The character service cannot be reached just now, so nothing was changed. Please try again in a minute."
)
LOST = (
    "The character service did not answer in time. Your change may have been saved or not: "
    "look at `/character history` before you try again."
)
BROKEN = "Something went wrong on our side. It has been noted."
BAD_KEY = (
    "The bot and the character service do not agree on their key. The people who run this bot have to look."
)
SLOW_DOWN = "That was too much at once. Please wait a moment."


class Refused(Exception):
    """A check of the bot itself failed. The text is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`sentence` for the person; `report` when the people who run the bot should see the error."""

    sentence: str
    reference: str
    report: bool


def explain(error: Exception) -> Explanation:
    """The sentence for a person about this error."""
    reference = secrets.token_hex(4)
    if isinstance(error, Refused):
        return Explanation(clip(str(error), MESSAGE), reference, False)
    if isinstance(error, BackendDown):
        return Explanation(_with_reference(LOST if error.maybe_done else DOWN, reference), reference, True)
    if isinstance(error, BackendError) and error.status < 500:
        report = error.status == 401
        sentence = _with_reference(BAD_KEY, reference) if report else refusal(error)
        return Explanation(sentence, reference, report)
    if isinstance(error, BackendError) and error.code == UNAVAILABLE:
        return Explanation(_with_reference(escape(error.refusal.detail, 600), reference), reference, True)
    return Explanation(_with_reference(BROKEN, reference), reference, True)


def _with_reference(sentence: str, reference: str) -> str:
    return f"{sentence} (Reference `{reference}`)"


def refusal(error: BackendError) -> str:
    """The backend's sentence, and the lines that belong to it."""
    detail = error.refusal.detail or (SLOW_DOWN if error.status == 429 else "That is not possible.")
    lines = [line for line in _details(error.refusal) if escape(detail) not in line]
    return clip(join_lines([escape(detail, 600), *lines], MESSAGE, 20), MESSAGE)


def _details(refusal: Refusal) -> Iterator[str]:
    for character in refusal.characters:
        yield f"• {escape(character.name, 60)} — {escape(character.owner, 60)}"
    if refusal.command:
        yield f"• `{refusal.command}` changes it."
    yield from (f"• {entry(event)}" for event in refusal.events)
    for changed in refusal.conflicts:
        yield (
            f"• {escape(changed.label, 60)}: you sent {value(changed.yours)}, "
            f"meanwhile it became {value(changed.theirs)} ({escape(changed.by or 'someone', 60)})"
        )
    yield from (
        f"• {escape(sentence, 200)}" for sentences in refusal.fields.values() for sentence in sentences
    )


def entry(event: Event) -> str:
    """An event on one line, without its time."""
    changed = ", ".join(escape(event.labels.get(path) or path, 40) for path in list(event.changes)[:5])
    return f"{escape(by(event) or 'someone', 60)}: {changed or escape(event.type)}"


def by(event: Event) -> str:
    """`Mira`, or `Vesna for Mira`."""
    name, absent = event.actor.name, event.acting_for
    return f"{name} for {absent.name}" if name and absent else name
