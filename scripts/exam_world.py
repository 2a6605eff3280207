"""Exams of the small world: one that Vesna made, which Mira has passed, and a standard one that she is sitting."""

from uuid import UUID

QUESTION = "Who may embrace without asking in this city?"
OPTIONS = ["The prince", "The prince, and the primogen by their leave", "Anybody"]


def play(court: UUID) -> dict[str, object]:
    """Return what the paths of the pages name."""
    from chronicle.models import Chronicle
    from chronicle.principal import Principal
    from contract import exams as shapes
    from discordauth.models import CustomUser
    from progress.exams import questions, standard
    from progress.services import certificates, papers, sittings
    from timeline.services import Cause

    vesna, mira = (CustomUser.objects.get(global_name=name) for name in ("Vesna", "Mira"))
    storyteller, by_vesna = Principal.for_user(vesna), Cause(actor=vesna, door="web")
    player, by_mira = Principal.for_user(mira), Cause(actor=mira, door="web")
    chronicle = Chronicle.objects.select_related("server").get(pk=court)
    given = shapes.CreateExam(chronicle=court, title="Laws of the city", system="v5", count=4)
    exam = papers.create(storyteller, chronicle, given, by_vesna)
    own = shapes.AddOwn(
        exam=exam.pk, prompt=QUESTION, options=OPTIONS, right=1, explanation="The third tradition."
    )
    exam = papers.add_own(storyteller, own, by_vesna)
    done = sittings.start(player, exam.pk, by_mira)
    right = [questions.read(stored).right for stored in done.questions]
    chosen = [*right[:4], 0]
    answers = [shapes.GivenAnswer(question=number, choice=choice) for number, choice in enumerate(chosen, 1)]
    sittings.hand_in(player, done.pk, answers, by_mira)
    running = sittings.start(player, next(iter(standard.EXAMS)), by_mira)
    sittings.answer(player, running.pk, [shapes.GivenAnswer(question=1, choice=1)], by_mira)
    return {
        "exam": exam.pk,
        "exam_result": done.pk,
        "exam_sitting": running.pk,
        "certificate": certificates.of_user(mira)[0].code,
    }
