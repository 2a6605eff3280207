"""What can be done with exams, sittings and certificates, by name, with its input, answer and right."""

from collections.abc import Callable
from uuid import UUID

from chronicle.call import Call
from contract import endpoints
from contract import exams as shapes
from contract.endpoints import Endpoint, Shape
from progress.models import Paper, PaperAttempt
from progress.serializers import exams as shown
from progress.services import certificates, papers, sittings
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def _list(call: Call, given: shapes.ListExams) -> shapes.Exams:
    """The standard exams and those of one's chronicles; or those of one chronicle."""
    chronicle_id = call.chronicle_for(given.chronicle).id if given.chronicle else None
    return shapes.Exams(results=shown.exams(call.principal, chronicle_id))


def _get(call: Call, given: shapes.NamedExam) -> shapes.OneExam:
    """An exam, with the caller's own results."""
    paper = papers.find(call.principal, given.exam)
    return shapes.OneExam(
        exam=shown.exam(call.principal, paper), results=shown.results(call.principal, paper)
    )


def _draft(call: Call, given: shapes.NamedExam) -> shapes.ExamDraft:
    """An exam with its questions and their answers, for who may change it."""
    paper = papers.require_changeable(call.principal, given.exam)
    return shown.draft(call.principal, paper)


def _create(call: Call, given: shapes.CreateExam) -> shapes.ExamChanged:
    """Make an exam for a chronicle, with so many generated questions to begin with."""
    chronicle = call.chronicle_for(given.chronicle)
    return _changed(call, papers.create(call.principal, chronicle, given, call.cause))


def _change(call: Call, given: shapes.ChangeExam) -> shapes.ExamChanged:
    """Change title, time or pass mark; an exam that was sat becomes a new version."""
    return _changed(call, papers.change(call.principal, given, call.cause))


def _add_generated(call: Call, given: shapes.AddGenerated) -> shapes.ExamChanged:
    """Add generated questions of a level."""
    return _changed(call, papers.add_generated(call.principal, given, call.cause))


def _add_own(call: Call, given: shapes.AddOwn) -> shapes.ExamChanged:
    """Add a question of one's own."""
    return _changed(call, papers.add_own(call.principal, given, call.cause))


def _remove_question(call: Call, given: shapes.RemoveQuestion) -> shapes.ExamChanged:
    """Remove a question."""
    return _changed(call, papers.remove_question(call.principal, given, call.cause))


def _change_question(call: Call, given: shapes.ChangeQuestion) -> shapes.ExamChanged:
    """Change a question of one's own."""
    return _changed(call, papers.change_question(call.principal, given, call.cause))


def _move_question(call: Call, given: shapes.MoveQuestion) -> shapes.ExamChanged:
    """Give a question another place among the others."""
    return _changed(call, papers.move_question(call.principal, given, call.cause))


def _archive(call: Call, given: shapes.NamedExam) -> shapes.ExamChanged:
    """Archive an exam: nobody can begin it any more."""
    return _changed(call, papers.archive(call.principal, given.exam, call.cause))


def _changed(call: Call, paper: Paper) -> shapes.ExamChanged:
    return shapes.ExamChanged(id=paper.pk, **dict(shown.draft(call.principal, paper)))


def _replay_exam(call: Call, kept: Kept) -> shapes.ExamChanged:
    """With its key: for who may still read it."""
    paper = papers.find(call.principal, UUID(str(kept.body["id"])))
    papers.require_reads_key(call.principal, paper)
    return _changed(call, paper)


def _start(call: Call, given: shapes.NamedExam) -> shapes.SittingChanged:
    """Begin an exam, or go on with the one that runs."""
    return _sitting(sittings.start(call.principal, given.exam, call.cause))


def _get_sitting(call: Call, given: shapes.NamedSitting) -> shapes.OneSitting:
    """One's own sitting: its questions and the time left; once it is over, the result with every explanation."""
    return shapes.OneSitting(sitting=shown.sitting(sittings.find(call.principal, given.sitting)))


def _answer(call: Call, given: shapes.AnswerQuestions) -> shapes.SittingChanged:
    """Answer questions; each answer may be changed until the end."""
    return _sitting(sittings.answer(call.principal, given.sitting, given.answers, call.cause))


def _hand_in(call: Call, given: shapes.HandIn) -> shapes.SittingChanged:
    """Hand an exam in: it is scored, once."""
    return _sitting(sittings.hand_in(call.principal, given.sitting, given.answers, call.cause))


def _sitting(row: PaperAttempt) -> shapes.SittingChanged:
    return shapes.SittingChanged(id=row.pk, sitting=shown.sitting(row))


def _replay_sitting(call: Call, kept: Kept) -> shapes.SittingChanged:
    return _sitting(sittings.find(call.principal, UUID(str(kept.body["id"]))))


def _list_certificates(call: Call, given: shapes.ListCertificates) -> shapes.Certificates:
    """One's own certificates, the newest first."""
    return shown.certificates(certificates.of_user(call.user))


def _get_certificate(call: Call, given: shapes.NamedCertificate) -> shapes.Certificate:
    """Verify a certificate by its code."""
    return shown.certificate(certificates.find(given.code))


def _rename_certificate(call: Call, given: shapes.RenameCertificate) -> shapes.CertificateChanged:
    """Choose the name on one's own certificate."""
    row = certificates.rename(call.principal, given.code, given.name, call.cause)
    return shapes.CertificateChanged(code=row.code, certificate=shown.certificate(row))


def _replay_certificate(call: Call, kept: Kept) -> shapes.CertificateChanged:
    row = certificates.find(str(kept.body["code"]))
    return shapes.CertificateChanged(code=row.code, certificate=shown.certificate(row))


def _on_exam(
    name: str, model: type[InputT], run: Callable[[Call, InputT], shapes.ExamChanged], status: int = 200
) -> Operation[Call, InputT, shapes.ExamChanged]:
    shape = Shape(model, shapes.ExamChanged)
    return Operation(
        f"progress.exams.{name}", shape, run, "chronicle.tell", status=status, replay=_replay_exam
    )


def _on_sitting(
    name: str,
    endpoint: Endpoint[InputT, shapes.SittingChanged],
    run: Callable[[Call, InputT], shapes.SittingChanged],
    status: int = 200,
) -> Operation[Call, InputT, shapes.SittingChanged]:
    return Operation(f"progress.exams.{name}", endpoint, run, status=status, replay=_replay_sitting)


LIST = Operation("progress.exams.list", endpoints.LIST_EXAMS, _list, reads=True)
GET = Operation("progress.exams.get", endpoints.GET_EXAM, _get, reads=True)
DRAFT = Operation(
    "progress.exams.draft", Shape(shapes.NamedExam, shapes.ExamDraft), _draft, "chronicle.tell", reads=True
)
CREATE = _on_exam("create", shapes.CreateExam, _create, 201)
CHANGE = _on_exam("change", shapes.ChangeExam, _change)
ADD_GENERATED = _on_exam("add_generated", shapes.AddGenerated, _add_generated)
ADD_OWN = _on_exam("add_own", shapes.AddOwn, _add_own)
REMOVE_QUESTION = _on_exam("remove_question", shapes.RemoveQuestion, _remove_question)
CHANGE_QUESTION = _on_exam("change_question", shapes.ChangeQuestion, _change_question)
MOVE_QUESTION = _on_exam("move_question", shapes.MoveQuestion, _move_question)
ARCHIVE = _on_exam("archive", shapes.NamedExam, _archive)
START = _on_sitting("start", endpoints.START_EXAM, _start, 201)
GET_SITTING = Operation("progress.exams.get_sitting", endpoints.GET_SITTING, _get_sitting, reads=True)
ANSWER = _on_sitting("answer", endpoints.ANSWER_QUESTIONS, _answer)
HAND_IN = _on_sitting("hand_in", endpoints.HAND_IN, _hand_in)
LIST_CERTIFICATES = Operation(
    "progress.certificates.list", endpoints.LIST_CERTIFICATES, _list_certificates, reads=True
)
GET_CERTIFICATE = Operation(
    "progress.certificates.get",
    Shape(shapes.NamedCertificate, shapes.Certificate),
    _get_certificate,
    reads=True,
)
RENAME_CERTIFICATE = Operation(
    "progress.certificates.rename",
    Shape(shapes.RenameCertificate, shapes.CertificateChanged),
    _rename_certificate,
    replay=_replay_certificate,
)
ONE = "exams/<uuid:exam>/"
REST: Addresses = {
    "exams/": {"GET": LIST},
    "chronicles/<uuid:chronicle>/exams/": {"POST": CREATE},
    ONE: {"GET": GET, "PATCH": CHANGE, "DELETE": ARCHIVE},
    f"{ONE}draft/": {"GET": DRAFT},
    f"{ONE}questions/": {"POST": ADD_OWN},
    f"{ONE}questions/generate/": {"POST": ADD_GENERATED},
    f"{ONE}questions/<str:question>/": {"PATCH": CHANGE_QUESTION, "DELETE": REMOVE_QUESTION},
    f"{ONE}questions/<str:question>/move/": {"POST": MOVE_QUESTION},
    f"{ONE}sittings/": {"POST": START},
    "exam-sittings/<uuid:sitting>/": {"GET": GET_SITTING},
    "exam-sittings/<uuid:sitting>/answers/": {"POST": ANSWER},
    "exam-sittings/<uuid:sitting>/hand-in/": {"POST": HAND_IN},
    "certificates/": {"GET": LIST_CERTIFICATES},
    "certificates/<str:code>/": {"GET": GET_CERTIFICATE, "PATCH": RENAME_CERTIFICATE},
}
