"""Questions of an exam as they are stored, `{"id", "drill"}` or `{"id", "own"}`, and as they are read.

A generated question (`rules.drills`) holds facts: the rules engine answers it. A storyteller's own holds its key.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from contract.exams import MAX_EXPLANATION, MAX_OPTION, MAX_PROMPT, AddOwn, ChangeQuestion
from contract.translation import _
from rules import drills
from rules.dice.source import Source
from rules.errors import Conflict, Invalid, Unprocessable
from rules.ids import entry_id
from rules.json import JsonObject
from rules.text import clean, clean_lines, has_ink

Stored = Mapping[str, Any]
# So often a question is drawn again that the exam has already; after that it may repeat one.
TRIES = 60


@dataclass(frozen=True)
class Question:
    """A question in the current language. `outdated`: the rules have changed since; without a key it counts no more."""

    id: str
    prompt: str
    options: tuple[str, ...]
    right: int
    explanation: str
    page: str
    own: bool
    outdated: bool = False


def read(stored: Stored) -> Question:
    if own := stored.get("own"):
        options = tuple(own["options"])
        return Question(stored["id"], own["prompt"], options, own["right"], own["explanation"], "", own=True)
    try:
        drill = drills.read(stored["drill"])
    except Unprocessable as error:
        places = (str(value) for value in stored["drill"].get("choices", ()))
        return Question(stored["id"], error.detail, tuple(places), -1, "", "", own=False, outdated=True)
    return Question(
        stored["id"],
        drill.prompt(),
        tuple(drill.options()),
        drill.right,
        drill.explanation(),
        drill.page,
        own=False,
    )


def options_of(stored: Stored) -> int:
    """How many options a stored question has, without working it out."""
    return len((stored.get("own") or {}).get("options") or stored["drill"]["choices"])


def mark(questions: Sequence[Stored], answers: Mapping[str, int]) -> tuple[int, int]:
    """How many answers are right, and of how many questions. `answers`: number of the question → chosen place."""
    counted = {str(number): read(stored) for number, stored in enumerate(questions, 1)}
    counted = {number: question for number, question in counted.items() if not question.outdated}
    right = sum(answers.get(number) == question.right for number, question in counted.items())
    return right, len(counted)


def generated(
    system: str,
    level: int,
    count: int,
    source: Source,
    beside: Iterable[Stored] = (),
    rules: Mapping[str, str] = drills.BOOK,
) -> list[JsonObject]:
    """Draw so many questions, none twice and none that stands `beside` already; each kind as often as the others.

    `rules` are the house rules that differ from the book.
    """
    known = [stored["drill"] for stored in beside if "drill" in stored]
    kinds = [kind.slug for kind in drills.kinds(system, level, rules)]
    made: list[JsonObject] = []
    for _number in range(count):
        document = _new(partial(drills.generate, system, level, source, rules), kinds, known)
        known.append(document)
        made.append({"id": entry_id(), "drill": document})
    return made


def _new(draw: Callable[[], drills.Question], kinds: list[str], known: Sequence[Stored]) -> JsonObject:
    """A question that is not known, of one of the kinds that there are least of."""
    used = Counter(drill["kind"] for drill in known)
    least = min(used[kind] for kind in kinds)
    document = draw().document()
    for _try in range(TRIES):
        if document not in known and used[document["kind"]] <= least:
            break
        document = draw().document()
    return document


def own(given: AddOwn) -> JsonObject:
    """Check a storyteller's own question. Raises Invalid."""
    return {"id": entry_id(), "own": _checked(given.prompt, given.options, given.right, given.explanation)}


def changed(stored: Stored, given: ChangeQuestion) -> JsonObject:
    """An own question with what is given. Raises Conflict (`generated_question`), Invalid."""
    if (before := stored.get("own")) is None:
        raise Conflict(
            _("The rules engine wrote this question, so nobody can edit it. You can remove it."),
            code="generated_question",
        )
    document = _checked(
        before["prompt"] if given.prompt is None else given.prompt,
        before["options"] if given.options is None else given.options,
        before["right"] if given.right is None else given.right,
        before["explanation"] if given.explanation is None else given.explanation,
    )
    return {"id": stored["id"], "own": document}


def _checked(asked: str, listed: Sequence[str], right: int, explained: str) -> JsonObject:
    prompt = clean_lines(asked, MAX_PROMPT)
    options = [clean(option, MAX_OPTION) for option in listed]
    if not has_ink(prompt):
        raise Invalid.field("prompt", _("A question has 1 to {most} characters.", most=MAX_PROMPT))
    if not all(map(has_ink, options)):
        raise Invalid.field("options", _("An option has 1 to {most} characters.", most=MAX_OPTION))
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid.field("options", _("Two options are the same."))
    if right >= len(options):
        raise Invalid.field("right", _("Say which of the options is right."))
    return {
        "prompt": prompt,
        "options": list(options),
        "right": right,
        "explanation": clean_lines(explained, MAX_EXPLANATION),
    }
