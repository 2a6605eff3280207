"""`/progress exam`: exams by buttons, for their person alone. The clock is the backend's: a press that comes too late
does not count, and says so."""

from collections.abc import Iterator
from uuid import UUID

import discord
from discord.app_commands import Range

from contract import endpoints
from contract.exams import (
    AnswerQuestions,
    Certificate,
    Exam,
    GivenAnswer,
    HandIn,
    ListCertificates,
    ListExams,
    NamedExam,
    NamedSitting,
    Sitting,
    SittingQuestion,
)
from contract.translation import _, n_, p_
from rodbot.core.calls import call
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Values, command
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp

LETTERS = "ABCDE"
RIGHT, WRONG, CHOSEN = "✓", "✗", "●"
NUMBER = r"([0-9]{1,2})"


# the list, and one exam


def listed(exams: list[Exam]) -> Reply:
    """All exams in lines, and a menu of them."""
    lines = [_("Which exam?"), *(f"• {_named(exam)}: {_facts(exam)}" for exam in exams)]
    return Reply(content=clip(join_lines(lines, MESSAGE, 30), MESSAGE), view=view_of(Choose(exams)))


def shown(exam: Exam) -> Reply:
    """What an exam is like, and the button that begins it or goes on."""
    lines = [f"{_named(exam)}: {_facts(exam)}"]
    if exam.sitting:
        lines.append(_("This exam is running. Your answers are saved, and the clock goes on."))
    elif exam.opens_at:
        when = timestamp(exam.opens_at)
        lines.append(_("You’ve seen the answers. You can sit it again {when}.", when=when))
    elif exam.rights.sit:
        lines.append(
            n_(
                "You have {count} minute once you begin, and pass with {mark}%. The clock doesn’t stop.",
                "You have {count} minutes once you begin, and pass with {mark}%. The clock doesn’t stop.",
                exam.minutes,
                mark=exam.pass_mark,
            )
        )
    else:
        lines.append(_("You can’t sit this exam now."))
    begins = exam.sitting is not None or (exam.rights.sit and exam.opens_at is None)
    return Reply(content="\n".join(lines), view=view_of(Begin(exam.id) if begins else None))


def _named(exam: Exam) -> str:
    place = f" ({escape(exam.chronicle.name, 60)})" if exam.chronicle else ""
    return f"**{escape(exam.title, 100)}**{place}"


def _facts(exam: Exam) -> str:
    facts = [
        n_("{count} question", "{count} questions", exam.questions),
        n_("{count} minute", "{count} minutes", exam.minutes),
    ]
    if exam.passed:
        facts.append(_("passed with {score}%", score=exam.best))
    elif exam.best is not None:
        facts.append(_("best result {score}%", score=exam.best))
    return ", ".join(facts)


class Choose(PersistentSelect, template=r"exams"):
    def __init__(self, exams: list[Exam] | None = None) -> None:
        options = [(str(exam.id), exam.title) for exam in exams or ()]
        super().__init__("exams", _("Choose an exam"), options or [("0", "…")])

    async def used(self, interaction: Interaction) -> Reply:
        return await _shown(interaction, UUID(self.values[0]))


async def _shown(interaction: Interaction, exam: UUID) -> Reply:
    return shown((await call(interaction, endpoints.GET_EXAM, NamedExam(exam=exam))).exam)


class Begin(PersistentButton, template=rf"exambegin:{ID}"):
    """Begins an exam, or goes on with it."""

    def __init__(self, exam: UUID | str) -> None:
        self.exam = UUID(str(exam))
        super().__init__(f"exambegin:{exam}", _("Begin or go on"), discord.ButtonStyle.primary)

    async def used(self, interaction: Interaction) -> Reply:
        sitting = (await call(interaction, endpoints.START_EXAM, NamedExam(exam=self.exam))).sitting
        return render(sitting, _first_open(sitting))


# a sitting, question by question


def render(sitting: Sitting, number: int) -> Reply:
    """The question of this number with its options as buttons; once it is over, the result and its explanation."""
    number = max(1, min(number, len(sitting.questions)))
    question = sitting.questions[number - 1]
    over = sitting.finished_at is not None
    head = _result(sitting) if over else [_head(sitting)]
    lines = [*head, "", *_question(question), *(_explained(question) if over else ())]
    answers = [] if over else [Pick(sitting.id, question, place) for place in range(len(question.options))]
    turning: list[Item] = [
        Turn(sitting.id, to, label)
        for to, label in ((number - 1, p_("question", "Back")), (number + 1, p_("question", "Next")))
        if 1 <= to <= len(sitting.questions)
    ]
    ending = [] if over else [End(sitting.id)]
    return Reply(content=clip("\n".join(lines), MESSAGE), view=view_of(*answers, *turning, *ending))


def _head(sitting: Sitting) -> str:
    return _(
        "**{title}** – ends {time}. {answered} of {all} answered.",
        title=escape(sitting.title, 100),
        time=timestamp(sitting.deadline),
        answered=sitting.answered,
        all=len(sitting.questions),
    )


def _question(question: SittingQuestion) -> Iterator[str]:
    yield f"**{question.number}.** {_text(question, question.prompt, 700)}"
    for place, (letter, option) in enumerate(zip(LETTERS, question.options, strict=False)):
        yield f"{_mark(question, place)}**{letter}** {_text(question, option, 150)}"


def _text(question: SittingQuestion, text: str, limit: int) -> str:
    """What a storyteller typed is shown as typed."""
    return escape(text, limit) if question.own else clip(text, limit)


def _mark(question: SittingQuestion, place: int) -> str:
    if question.right == place:
        return f"{RIGHT} "
    if question.choice != place:
        return ""
    return f"{CHOSEN} " if question.right is None else f"{WRONG} "


def _result(sitting: Sitting) -> Iterator[str]:
    title, score = escape(sitting.title, 100), sitting.score
    if sitting.passed:
        yield _("**{title}**: passed with {score}%.", title=title, score=score)
    else:
        mark = sitting.pass_mark
        yield _("**{title}**: {score}%. You pass with {mark}%.", title=title, score=score, mark=mark)
    if sitting.points:
        yield n_("You got {count} point.", "You got {count} points.", sitting.points)
    if sitting.certificate:
        yield _(
            "Your certificate: `{code}`. `/progress certificates` has the link.", code=sitting.certificate
        )


def _explained(question: SittingQuestion) -> Iterator[str]:
    if question.outdated:
        yield _("This question didn’t count.")
    elif question.choice is None:
        yield _("You didn’t answer.")
    if question.explanation:
        page = f" *({question.page})*" if question.page else ""
        yield f"{_text(question, question.explanation, 500)}{page}"


def _first_open(sitting: Sitting) -> int:
    """The first question without an answer."""
    return next((question.number for question in sitting.questions if question.choice is None), 1)


class Pick(PersistentButton, template=rf"exampick:{ID}:{NUMBER}:([0-4])"):
    """Answers a question, and turns to the next one."""

    def __init__(self, sitting: UUID | str, question: SittingQuestion | str, place: int | str) -> None:
        is_chosen = isinstance(question, SittingQuestion) and question.choice == place
        self.number = question.number if isinstance(question, SittingQuestion) else int(question)
        self.sitting, self.place = UUID(str(sitting)), int(place)
        super().__init__(
            f"exampick:{sitting}:{self.number}:{place}",
            LETTERS[self.place],
            discord.ButtonStyle.primary if is_chosen else discord.ButtonStyle.secondary,
        )

    async def used(self, interaction: Interaction) -> Reply:
        answer = GivenAnswer(question=max(self.number, 1), choice=self.place)
        given = AnswerQuestions(sitting=self.sitting, answers=[answer])
        sitting = (await call(interaction, endpoints.ANSWER_QUESTIONS, given)).sitting
        return render(sitting, self.number + 1)


class Turn(PersistentButton, template=rf"examturn:{ID}:{NUMBER}"):
    """Shows another question; after the end, with its explanation."""

    def __init__(self, sitting: UUID | str, number: int | str, label: str = "") -> None:
        self.sitting, self.number = UUID(str(sitting)), int(number)
        super().__init__(f"examturn:{sitting}:{number}", label or "…")

    async def used(self, interaction: Interaction) -> Reply:
        given = NamedSitting(sitting=self.sitting)
        return render((await call(interaction, endpoints.GET_SITTING, given)).sitting, self.number)


class End(PersistentButton, template=rf"examend:{ID}"):
    """Asks once more before it hands in what has gaps."""

    def __init__(self, sitting: UUID | str) -> None:
        self.sitting = UUID(str(sitting))
        super().__init__(f"examend:{sitting}", _("Hand in"), discord.ButtonStyle.success)

    async def used(self, interaction: Interaction) -> Reply:
        given = NamedSitting(sitting=self.sitting)
        sitting = (await call(interaction, endpoints.GET_SITTING, given)).sitting
        gaps = len(sitting.questions) - sitting.answered
        if sitting.finished_at is not None or gaps == 0:
            return await _hand_in(interaction, self.sitting)
        content = n_(
            "{count} question has no answer yet. The exam ends {time}.",
            "{count} questions have no answer yet. The exam ends {time}.",
            gaps,
            time=timestamp(sitting.deadline),
        )
        back = Turn(sitting.id, _first_open(sitting), p_("question", "Back"))
        return Reply(content=content, view=view_of(Surely(sitting.id), back))


class Surely(PersistentButton, template=rf"examsurely:{ID}"):
    def __init__(self, sitting: UUID | str) -> None:
        self.sitting = UUID(str(sitting))
        super().__init__(f"examsurely:{sitting}", _("Hand in all the same"), discord.ButtonStyle.danger)

    async def used(self, interaction: Interaction) -> Reply:
        return await _hand_in(interaction, self.sitting)


async def _hand_in(interaction: Interaction, sitting: UUID) -> Reply:
    return render((await call(interaction, endpoints.HAND_IN, HandIn(sitting=sitting))).sitting, 1)


# commands


async def _names(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    found = (await call(interaction, endpoints.LIST_EXAMS, ListExams())).results
    return matching([(str(exam.id), exam.title) for exam in found], query)


async def _exam(interaction: Interaction, values: Values) -> Reply:
    if not values["exam"]:
        return listed((await call(interaction, endpoints.LIST_EXAMS, ListExams())).results)
    try:
        exam = UUID(values["exam"])
    except ValueError:
        raise Refused(_("Choose an exam from the list.")) from None
    return await _shown(interaction, exam)


async def _certificates(interaction: Interaction, values: Values) -> Reply:
    found = (await call(interaction, endpoints.LIST_CERTIFICATES, ListCertificates())).results
    if not found:
        return Reply(
            content=_("You have no certificates yet. Pass an exam with `/progress exam` to get one.")
        )
    lines = [_("With its link anybody can check a certificate:"), *map(_line, found)]
    return Reply(content=clip(join_lines(lines, MESSAGE, 15), MESSAGE))


def _line(certificate: Certificate) -> str:
    return f"• **{escape(certificate.title, 100)}**, {certificate.score}%: <{certificate.url}>"


COMMANDS = (
    command(
        "exam",
        "Sit an exam about the rules, against the clock",
        [
            Option(
                "exam",
                Range[str, 1, 100],
                "Which one (default: the list)",
                complete=completion(_names, "exams"),
            )
        ],
        _exam,
    ),
    command("certificates", "Your certificates of passed exams, with their links", [], _certificates),
)
PERSISTENT: PersistentItems = (Choose, Begin, Pick, Turn, End, Surely)
