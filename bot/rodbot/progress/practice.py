"""`/progress practice`: a drill with a button for each option. Its message is for its person alone."""

from collections.abc import Iterator
from uuid import UUID

import discord

from contract import endpoints
from contract.exams import SYSTEM_LABELS
from contract.practice import LEVEL_LABELS, AnswerDrill, Drill, DrillAnswer, NamedDrill, StartDrill
from contract.translation import _, n_, p_
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.options import Option, Values, command, field_option
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip

LETTERS = "ABCD"
RIGHT, WRONG = "✓", "✗"


def render(drill: Drill) -> Reply:
    """The question that waits, below what came of the last one; or how the drill went."""
    lines = [_head(drill), *_last(drill)]
    if drill.question is None:
        return Reply(content=_text([*lines, *_end(drill)]), view=view_of(Again(drill.system, drill.level)))
    number = drill.question.number
    lines += ["", f"**{drill.question.prompt}**"]
    lines += [f"**{letter}** {text}" for letter, text in zip(LETTERS, drill.question.options, strict=False)]
    buttons = (Choice(drill.id, number, choice) for choice in range(len(drill.question.options)))
    return Reply(content=_text(lines), view=view_of(*buttons, Stop(drill.id)))


def _text(lines: list[str]) -> str:
    return clip("\n".join(lines), MESSAGE)


def _head(drill: Drill) -> str:
    game, level = _(SYSTEM_LABELS[drill.system]), _(LEVEL_LABELS[drill.level])
    if drill.question is None:
        return _("**{game}, {level}**", game=game, level=level)
    return _(
        "**{game}, {level}:** question {number} of {questions}",
        game=game,
        level=level,
        number=drill.question.number,
        questions=drill.questions,
    )


def _last(drill: Drill) -> Iterator[str]:
    if not drill.answers:
        return
    last = drill.answers[-1]
    yield f"{RIGHT if last.is_right else WRONG} {_verdict(last)}"
    if last.explanation:
        yield f"{last.explanation} *({last.page})*"


def _verdict(answer: DrillAnswer) -> str:
    if answer.is_right:
        return _("Right!")
    if not answer.options:
        return _("That wasn’t it.")
    return _("Not quite, the answer is: {answer}", answer=answer.options[answer.right])


def _end(drill: Drill) -> Iterator[str]:
    yield ""
    answered = drill.right + drill.wrong
    if not answered:
        yield _("You stopped before the first answer.")
        return
    yield n_(
        "{right} of {answered} right: {count} point.",
        "{right} of {answered} right: {count} points.",
        drill.points,
        right=drill.right,
        answered=answered,
    )
    if drill.finished_at and drill.right and not drill.points:
        yield _("You have all points that practice gives in a day.")
    if drill.streak:
        yield n_("You practised {count} day in a row.", "You practised {count} days in a row.", drill.streak)


class Choice(PersistentButton, template=rf"drill:{ID}:([0-9]{{1,3}}):([0-3])"):
    """Answers a question. The backend refuses the press of somebody else, and one of a question that is over."""

    def __init__(self, drill: UUID | str, number: int | str, choice: int | str) -> None:
        self.drill, self.number, self.choice = str(drill), int(number), int(choice)
        super().__init__(f"drill:{drill}:{number}:{choice}", LETTERS[self.choice])

    async def used(self, interaction: Interaction) -> Reply:
        given = AnswerDrill(drill=UUID(self.drill), number=self.number, choice=self.choice)
        return render((await call(interaction, endpoints.ANSWER_DRILL, given)).drill)


class Stop(PersistentButton, template=rf"drillend:{ID}"):
    """Ends a drill; what was answered counts."""

    def __init__(self, drill: UUID | str) -> None:
        self.drill = str(drill)
        super().__init__(f"drillend:{drill}", p_("button", "Stop"))

    async def used(self, interaction: Interaction) -> Reply:
        given = NamedDrill(drill=UUID(self.drill))
        return render((await call(interaction, endpoints.FINISH_DRILL, given)).drill)


class Again(PersistentButton, template=r"drillagain:([a-z0-9]{1,10}):([1-3])"):
    """Starts another drill of the same game and level."""

    def __init__(self, system: str, level: int | str) -> None:
        self.system, self.level = system, int(level)
        super().__init__(f"drillagain:{system}:{level}", _("Another drill"), discord.ButtonStyle.primary)

    async def used(self, interaction: Interaction) -> Reply:
        given = StartDrill.model_validate({"system": self.system, "level": self.level})
        return render((await call(interaction, endpoints.START_DRILL, given)).drill)


async def _practice(interaction: Interaction, values: Values) -> Reply:
    return render((await send(interaction, endpoints.START_DRILL, values)).drill)


COMMANDS = (
    command(
        "practice",
        "Practise the rules: five questions, and every answer explained",
        [
            Option(
                "system",
                str,
                "The game (default: go on, or the one played here)",
                choices=tuple((label, slug) for slug, label in SYSTEM_LABELS.items()),
            ),
            field_option(StartDrill, "level", "How hard: 1 is easy, 3 is hard"),
        ],
        _practice,
    ),
)
PERSISTENT: PersistentItems = (Choice, Stop, Again)
