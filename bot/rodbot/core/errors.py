"""Turns whatever went wrong into an answer for a person.

Refused        a check of the bot's own; its text is the answer
BackendError   the backend refused; its detail is the answer, with what its data adds
BackendDown    no answer; a reference, and whether anything may have happened
anything else  a defect; a reference for the person, the details for the log and the debug channel
"""

import secrets
from dataclasses import dataclass

from contract.events import Event
from rodbot.core.backend import UNAVAILABLE, BackendDown, BackendError
from rodbot.core.models import Json
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
    """What a person is told about this error."""
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
        return Explanation(_with_reference(escape(error.detail, 600), reference), reference, True)
    return Explanation(_with_reference(BROKEN, reference), reference, True)


def _with_reference(sentence: str, reference: str) -> str:
    return f"{sentence} (Reference `{reference}`)"


def refusal(error: BackendError) -> str:
    """The backend's sentence, and the lines that its data adds."""
    detail = error.detail or (SLOW_DOWN if error.status == 429 else "That is not possible.")
    lines = [line for line in _details(error) if escape(detail) not in line]
    return clip(join_lines([escape(detail, 600), *lines], MESSAGE, 20), MESSAGE)


def _details(error: BackendError) -> list[str]:
    data = error.data
    if error.code == "ambiguous":
        names = [
            f"• {escape(str(c.get('label') or c.get('name')), 120)}" for c in _objects(data.get("characters"))
        ]
        return [*names, "Pick one from the completions of `name`."] if names else []
    if error.code == "undo_blocked":
        return [f"• {entry(Event.model_validate(e))}" for e in _objects(data.get("events"))]
    if error.code == "conflict":
        return [_conflict(c) for c in _objects(data.get("conflicts"))]
    fields = data.get("fields")
    if error.code == "invalid" and isinstance(fields, dict):
        return [f"• {escape(s, 200)}" for sentences in fields.values() for s in _sentences(sentences)]
    return []


def _sentences(sentences: object) -> list[str]:
    return [str(sentence) for sentence in sentences] if isinstance(sentences, list) else [str(sentences)]


def _objects(items: object) -> list[Json]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _conflict(conflict: Json) -> str:
    by = conflict.get("by")
    name = by.get("name") if isinstance(by, dict) else by
    return (
        f"• {escape(str(conflict.get('label') or conflict.get('path')), 60)}: you sent {value(conflict.get('yours'))}, "
        f"meanwhile it became {value(conflict.get('theirs'))} ({escape(str(name or 'someone'), 60)})"
    )


def entry(event: Event) -> str:
    """An event on one line, without its time."""
    changed = ", ".join(escape(event.labels.get(path) or path, 40) for path in list(event.changes)[:5])
    return f"{escape(by(event) or 'someone', 60)}: {changed or escape(event.type)}"


def by(event: Event) -> str:
    """`Mira`, or `Vesna for Mira`."""
    name, absent = event.actor.name, event.acting_for
    return f"{name} for {absent.name}" if name and absent else name
