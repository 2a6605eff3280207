"""`/progress practice`: a drill with buttons, for its person alone."""

from uuid import UUID

from contract.practice import Drill, DrillAnswer, DrillChanged, DrillQuestion
from contract.refusals import Refusal
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.contract import NOW
from tests.rodbot.fake_backend import FakeBackend

DRILL = UUID("01930000-0000-7000-8000-000000000007")
OPTIONS = ["One", "Two", "Three"]


def drill(*answers: bool, over: bool = False, points: int = 0) -> DrillChanged:
    """A drill with these answers, the right one being “Two”."""
    given = [
        DrillAnswer(
            number=number,
            prompt="How many dice?",
            options=OPTIONS,
            choice=1 if right else 0,
            right=1,
            is_right=right,
            explanation="Two dice are two dice.",
            page="Vampire core 117",
        )
        for number, right in enumerate(answers, 1)
    ]
    number = len(answers) + 1
    question = DrillQuestion(number=number, prompt="And how many now?", options=OPTIONS)
    shown = Drill(
        id=DRILL,
        system="v5",
        level=2,
        questions=5,
        asked=number,
        right=sum(answers),
        wrong=len(answers) - sum(answers),
        points=points,
        started_at=NOW,
        ends_at=NOW,
        finished_at=NOW if over else None,
        question=None if over else question,
        answers=given,
        streak=3 if answers else 0,
    )
    return DrillChanged(id=DRILL, drill=shown)


async def test_a_drill_begins_with_a_button_for_each_option(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((201, drill()))
    reply = await mira.slash("progress practice", options={"system": "v5", "level": 2})

    assert reply.ephemeral
    assert "question 1 of 5" in reply.content
    assert "**B** Two" in reply.content
    assert fake.requests[-1].body["system"] == "v5"
    assert fake.requests[-1].body["level"] == 2
    assert fake.requests[-1].path == "/bot/progress/practice"


async def test_a_press_answers_and_shows_why_with_the_next_question(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((201, drill()))
    reply = await mira.slash("progress practice")
    fake.answers.append((200, drill(False)))
    reply = await mira.click(reply, "A")

    body = fake.requests[-1].body
    assert (body["drill"], body["number"], body["choice"]) == (str(DRILL), 1, 0)
    assert "✗ Not quite, the answer is: Two" in reply.content
    assert "Two dice are two dice. *(Vampire core 117)*" in reply.content
    assert "question 2 of 5" in reply.content


async def test_the_end_says_how_it_went_and_offers_another_drill(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((201, drill(True, True, True, True)))
    reply = await mira.slash("progress practice")
    fake.answers.append((200, drill(True, True, True, True, False, over=True, points=12)))
    reply = await mira.click(reply, "B")

    assert "4 of 5 right: 12 points." in reply.content
    assert "You practised 3 days in a row." in reply.content
    fake.answers.append((201, drill()))
    assert "question 1 of 5" in (await mira.click(reply, "Another drill")).content
    assert fake.requests[-1].body["level"] == 2


async def test_stopping_keeps_what_was_done(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((201, drill(True)))
    reply = await mira.slash("progress practice")
    fake.answers.append((200, drill(True, over=True)))
    reply = await mira.click(reply, "Stop")

    assert fake.requests[-1].path == "/bot/progress/practice/finish"
    assert "1 of 1 right: 0 points." in reply.content
    assert "You have all points that practice gives in a day." in reply.content


async def test_a_press_that_comes_too_late_is_told_so(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((201, drill()))
    reply = await mira.slash("progress practice")
    fake.answers.append((409, Refusal(code="drill_over", detail="This drill is over already.")))

    assert (await mira.click(reply, "A")).content == "This drill is over already."
