"""Turns whatever went wrong into an answer for a person.

Refused        a check of the bot's own; its text is the answer
BackendError   the backend refused; its sentence is the answer, with what belongs to it
BackendDown    no answer; a reference, and whether anything may have happened
anything else  a defect; a reference for the person, the details for the log and the debug channel
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from contract.events import Event, EventType
from contract.refusals import Refusal
from contract.translation import N_, _
from contract.values import value_in_words
from rodbot.core.backend import UNAVAILABLE, BackendDown, BackendError
from rodbot.core.mentions import mention
from rodbot.core.text import MESSAGE, clip, escape, join_lines

DOWN = N_(
    "I can’t reach the character service right now, so nothing was changed. Please try again in a minute."
)
LOST = N_(
    "The character service didn’t answer in time, so I can’t tell whether your change was saved. "
    "Check {history} before you try again."
)
BROKEN = N_("Something went wrong on our side. We’ve made a note of it.")
BAD_KEY = N_(
    "The bot and the character service don’t agree on their key. The people who run this bot have to fix that."
)
SLOW_DOWN = N_("That was too much at once. Please wait a moment.")
IMPOSSIBLE = N_("That isn’t possible.")
# What events did that change no trait.
KINDS = {
    EventType.CHARACTER_CREATED: N_("New character"),
    EventType.CHARACTER_DELETED: N_("Deleted"),
    EventType.CHARACTER_RESTORED: N_("Restored"),
    EventType.CHARACTER_MOVED: N_("Moved"),
    EventType.CHARACTER_LEFT: N_("Left the chronicle"),
    EventType.CHARACTER_SHOWN: N_("Visibility changed"),
}


class Refused(Exception):
    """A check of the bot itself failed. The text is the sentence for the person, in their language."""


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
    said = _(sentence, history=mention("character history")) if sentence == LOST else _(sentence)
    return _("{sentence} (Reference `{reference}`)", sentence=said, reference=reference)


def refusal(error: BackendError) -> str:
    """The backend's sentence, and the lines that belong to it."""
    detail = error.refusal.detail or _(SLOW_DOWN if error.status == 429 else IMPOSSIBLE)
    lines = [line for line in _details(error.refusal) if escape(detail) not in line]
    return clip(join_lines([escape(detail, 600), *lines], MESSAGE, 20), MESSAGE)


def _details(refusal: Refusal) -> Iterator[str]:
    for character in refusal.characters:
        yield f"• {escape(character.name, 60)} — {escape(character.owner, 60)}"
    if refusal.command:
        yield _("• Use {command} to change it.", command=mention(refusal.command))
    yield from (f"• {entry(event)}" for event in refusal.events)
    for changed in refusal.conflicts:
        yield _(
            "• {label}: you sent {yours}, but it’s {theirs} now (changed by {name})",
            label=escape(_(changed.label), 60),
            yours=escape(value_in_words(changed.yours, changed.is_choice), 100),
            theirs=escape(value_in_words(changed.theirs, changed.is_choice), 100),
            name=escape(changed.by or _("someone"), 60),
        )
    yield from (
        f"• {escape(sentence, 200)}" for sentences in refusal.fields.values() for sentence in sentences
    )


def entry(event: Event) -> str:
    """An event on one line, without its time."""
    changed = ", ".join(escape(event.label_of(path), 40) for path in list(event.changes)[:5])
    name = escape(by(event) or _("someone"), 60)
    return f"{name}: {changed or kind(event)}"


def kind(event: Event) -> str:
    """What an event did, in words; an unknown type as it is."""
    return _(KINDS.get(event.type) or event.type)


def by(event: Event) -> str:
    """`Mira`, or `Vesna for Mira`."""
    name, absent = event.actor.name, event.acting_for
    return _("{name} for {player}", name=name, player=absent.name) if name and absent else name
