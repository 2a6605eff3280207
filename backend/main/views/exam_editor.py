"""A storyteller's own exams on the web: a chronicle's list, and the editor of one."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights
from chronicle.call import chronicle_seen_by
from contract.exams import MAX_OPTIONS, MIN_OPTIONS, SYSTEM_LABELS, ExamChanged, ExamQuestion
from contract.labels import translated
from contract.translation import _
from main.form_errors import errors_on_field
from main.listening import live
from main.navigation import Link, Name, in_chronicle
from main.pages import PageRequest, show
from main.parts import new_key, part, posts, principal_of, submit
from progress.operations import exams as operations
from progress.serializers import exams as shown
from progress.services import papers
from rolls.systems import DEFAULT

EDITOR = "/progress/exams/{answer.id}/edit/"
LEVELS = (1, 2, 3)


@part
@require_GET
def chronicle_exams(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    return show(
        request,
        "main/progress/chronicle-exams.html",
        {
            "place": in_chronicle(principal, chronicle, "settings", _("Exams")),
            "chronicle": chronicle,
            "exams": [translated(exam) for exam in shown.exams(principal, chronicle.id)],
            "tells": bool(rights.can(principal, "chronicle.tell", chronicle)),
            "systems": _systems(),
            "system": DEFAULT.get(chronicle.edition, ""),
            "levels": _levels(),
            "live": live(request),
            "key": new_key(),
        },
    )


@part
@require_GET
def edit(request: PageRequest, exam_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    paper = papers.require_changeable(principal, exam_id)
    draft = translated(shown.draft(principal, paper))
    if paper.chronicle is None or draft.exam.archived:
        return redirect("exam", exam_id=exam_id)
    numbered = enumerate(draft.questions, 1)
    exam = Link(Name(paper.title), f"/progress/exams/{paper.pk}/")
    return show(
        request,
        "main/progress/edit-exam.html",
        {
            "place": in_chronicle(principal, paper.chronicle, "settings", _("Edit"), exam),
            "exam": draft.exam,
            "questions": [_Editable(question, number, len(draft.questions)) for number, question in numbered],
            "new_version": draft.new_version,
            "levels": _levels(),
            "options": _options(),
            "places": [(number - 1, str(number)) for number in range(1, MAX_OPTIONS + 1)],
            "key": new_key(),
        },
    )


@dataclass(frozen=True)
class _Editable:
    """A question of the editor, the one of this number of so many."""

    question: ExamQuestion
    number: int
    last: int

    @property
    def options(self) -> list[tuple[str, str, str]]:
        """The controls of its options with their labels and what stands there; the last ones may be empty."""
        known = self.question.options
        return [
            (name, label, known[place] if place < len(known) else "")
            for place, (name, label) in enumerate(_options())
        ]

    @property
    def up(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def down(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def _options() -> list[tuple[str, str]]:
    return [(f"option{number}", _option(number)) for number in range(1, MAX_OPTIONS + 1)]


def _option(number: int) -> str:
    if number <= MIN_OPTIONS:
        return _("Option {number}", number=number)
    return _("Option {number} (if you like)", number=number)


def _systems() -> list[tuple[str, str]]:
    return [(slug, _(label)) for slug, label in SYSTEM_LABELS.items()]


def _levels() -> list[tuple[int, str]]:
    return [(level, _("Level {level}", level=level)) for level in LEVELS]


@part
@require_POST
def add_own(request: PageRequest, exam_id: UUID) -> HttpResponse:
    with errors_on_field("option1", "prompt", "right", "explanation"):
        given = {"exam": str(exam_id), **_written(request)}
        changed = submit(request, operations.ADD_OWN, given, text=False)
    return _editor(request, changed, "#own")


@part
@require_POST
def change_question(request: PageRequest, exam_id: UUID) -> HttpResponse:
    question = request.POST.get("question", "")
    with errors_on_field("option1", "prompt", "right", "explanation"):
        given = {"exam": str(exam_id), "question": question, **_written(request)}
        changed = submit(request, operations.CHANGE_QUESTION, given, text=False)
    return _editor(request, changed, "#questions")


def _written(request: PageRequest) -> dict[str, object]:
    """An own question. Its options stand in controls called `option1`, `option2`, …; empty ones at the end are none."""
    form = request.POST
    options = [form.get(f"option{number}", "").strip() for number in range(1, MAX_OPTIONS + 1)]
    while options and not options[-1]:
        options.pop()
    right = form.get("right", "")
    return {
        "prompt": form.get("prompt", ""),
        "options": options,
        "right": int(right) if right.isdecimal() and len(right) < 3 else right,
        "explanation": form.get("explanation", ""),
    }


def _editor(request: PageRequest, changed: ExamChanged, anchor: str) -> HttpResponse:
    """A change may have made a new version, which has an address of its own."""
    return redirect(EDITOR.format(answer=changed) + anchor)


make = posts(operations.CREATE, lambda request, made: _editor(request, made, ""))
change = posts(operations.CHANGE, lambda request, changed: _editor(request, changed, ""))
generate = posts(operations.ADD_GENERATED, lambda request, changed: _editor(request, changed, "#generate"))
remove = posts(operations.REMOVE_QUESTION, lambda request, changed: _editor(request, changed, "#questions"))
move = posts(operations.MOVE_QUESTION, lambda request, changed: _editor(request, changed, "#questions"))
archive = posts(operations.ARCHIVE, lambda request, gone: redirect("exam", exam_id=gone.id))
