"""Exams, sittings and certificates as one reader sees them. A key leaves the server when its sitting is over."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from chronicle.principal import Principal
from contract import exams as shapes
from contract.base import Named
from contract.exams import SYSTEM_LABELS
from contract.translation import _
from haven.selectors import chronicles_of
from progress.exams import questions, standard
from progress.models import Certificate, Paper, PaperAttempt
from progress.services import papers, sittings

MOST_RESULTS = 20


def exams(principal: Principal, chronicle_id: UUID | None = None) -> list[shapes.Exam]:
    """The standard exams, and those of all of one's chronicles that are not archived; or those of one chronicle."""
    places = [chronicle_id] if chronicle_id else [chronicle.id for chronicle in chronicles_of(principal)]
    rows = Paper.objects.filter(Q(chronicle__in=places, archived_at=None) | Q(pk__in=standard.EXAMS))
    rows = rows.select_related("chronicle__server").defer("questions")
    known = {row.pk: row for row in rows}
    listed = [] if chronicle_id else [known.get(pk) or exam.paper() for pk, exam in standard.EXAMS.items()]
    listed += [row for row in known.values() if row.chronicle_id]
    return _shown(principal, listed)


def exam(principal: Principal, paper: Paper) -> shapes.Exam:
    return _shown(principal, [paper])[0]


def _shown(principal: Principal, listed: list[Paper]) -> list[shapes.Exam]:
    """With what this person did in each, in a constant number of queries."""
    mine = PaperAttempt.objects.filter(user_id=principal.id, paper__in=[paper.pk for paper in listed])
    best = dict(mine.exclude(score=None).values_list("paper").annotate(best=Max("score")))
    passed = set(mine.filter(passed=True).values_list("paper", flat=True))
    last, read = _last(principal, listed), papers.read_by(principal, listed)
    return [
        _exam(principal, paper, last.get(papers.first_of(paper)), read).model_copy(
            update={"best": best.get(paper.pk), "passed": paper.pk in passed}
        )
        for paper in listed
    ]


def _last(principal: Principal, listed: list[Paper]) -> dict[UUID, PaperAttempt]:
    """The id of an exam's first version → this person's last sitting of any version."""
    firsts = {papers.first_of(paper) for paper in listed}
    versions = Q(paper__in=firsts) | Q(paper__first_version__in=firsts)
    rows = PaperAttempt.objects.filter(versions, user_id=principal.id).select_related("paper")
    rows = rows.defer("questions", "answers", "paper__questions").order_by("started_at", "pk")
    return {papers.first_of(row.paper): row for row in rows}


def _exam(
    principal: Principal, paper: Paper, last: PaperAttempt | None, read: frozenset[UUID]
) -> shapes.Exam:
    now = timezone.now()
    runs = last is not None and last.finished_at is None and last.deadline > now
    opens = (last.finished_at or last.deadline) + sittings.WAIT if last and not runs else None
    rights = shapes.ExamRights(
        sit=paper.archived_at is None
        and paper.length > 0
        and not papers.knows_answers(principal, paper, read),
        change=papers.may_change(principal, paper) and paper.archived_at is None,
    )
    return shapes.Exam(
        id=paper.pk,
        title=title_of(paper),
        system=paper.system,
        system_label=SYSTEM_LABELS[paper.system],
        standard=paper.slug is not None,
        chronicle=Named.from_object(paper.chronicle) if paper.chronicle else None,
        questions=paper.length,
        minutes=paper.minutes,
        pass_mark=paper.pass_mark,
        version=paper.version,
        archived=paper.archived_at is not None,
        best=None,
        passed=False,
        sitting=last.pk if last and runs else None,
        opens_at=opens if opens and opens > now else None,
        rights=rights,
    )


def title_of(paper: Paper) -> str:
    """A standard exam's title in the current language; a storyteller's as it was typed."""
    return _(paper.title) if paper.slug else paper.title


def results(principal: Principal, paper: Paper) -> list[shapes.Result]:
    """One's own sittings of an exam that are over, the newest first."""
    rows = PaperAttempt.objects.filter(paper=paper, user_id=principal.id).exclude(finished_at=None)
    newest = rows.order_by("-started_at").defer("questions", "answers")[:MOST_RESULTS]
    return [shapes.Result.from_object(row) for row in newest]


def draft(principal: Principal, paper: Paper) -> shapes.ExamDraft:
    """For who may change it: with its key, which they have read from now on."""
    papers.open_key(principal, paper)
    return shapes.ExamDraft(
        exam=exam(principal, paper),
        questions=[
            shapes.ExamQuestion.from_object(question, options=list(question.options))
            for question in map(questions.read, paper.questions)
        ],
        new_version=paper.attempts.exists(),
    )


def sitting(row: PaperAttempt) -> shapes.Sitting:
    """One's own sitting; the keys only once it is over."""
    paper, over = row.paper, row.finished_at is not None
    return shapes.Sitting.from_object(
        row,
        exam=paper.pk,
        title=title_of(paper),
        system=paper.system,
        system_label=SYSTEM_LABELS[paper.system],
        pass_mark=paper.pass_mark,
        seconds_left=sittings.seconds_left(row),
        answered=len(row.answers),
        questions=[
            _question(number, questions.read(stored), row.answers.get(str(number)), over)
            for number, stored in enumerate(row.questions, 1)
        ],
        certificate=_certificate_code(row) if row.passed else None,
        opens_at=(row.finished_at or row.deadline) + sittings.WAIT if over else None,
        url=f"{settings.SITE_URL}/progress/sittings/{row.pk}/",
    )


def _question(
    number: int, read: questions.Question, choice: int | None, over: bool
) -> shapes.SittingQuestion:
    shown = shapes.SittingQuestion(
        number=number, prompt=read.prompt, options=list(read.options), own=read.own, choice=choice
    )
    if not over:
        return shown
    key = {"right": None if read.outdated else read.right, "outdated": read.outdated}
    return shown.model_copy(update=key | {"explanation": read.explanation, "page": read.page})


def _certificate_code(row: PaperAttempt) -> str | None:
    mine = Certificate.objects.filter(papers.of_first(row.paper, "paper__"), user_id=row.user_id)
    return mine.values_list("code", flat=True).first()


def certificate(row: Certificate) -> shapes.Certificate:
    return shapes.Certificate.from_object(
        row,
        title=title_of(row.paper) if row.paper else row.title,
        system_label=SYSTEM_LABELS.get(row.system, row.system),
        standard=row.paper is not None and row.paper.slug is not None,
        url=f"{settings.SITE_URL}/certificates/{row.code}/",
    )


def certificates(rows: Iterable[Certificate]) -> shapes.Certificates:
    return shapes.Certificates(results=[certificate(row) for row in rows])
