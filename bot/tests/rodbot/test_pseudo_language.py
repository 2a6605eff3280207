"""Replies, cards, buttons, menus and forms in the pseudo-language: what stands outside of its brackets is not marked.

What people typed and what the backend writes for its readers are left out: names, and the words of labels.
"""

import re
from collections.abc import Iterator
from typing import Any, get_args

import discord
import pytest

from contract.chronicles import Chronicle
from contract.conflicts import Conflict
from contract.desk import Desk, Submission
from contract.endpoints import AnswerT, Endpoint, InputT
from contract.exams import Exam, Sitting, SittingQuestion
from contract.feed_frames import Decision, DigestRolls, Summary
from contract.labels import translated
from contract.permissions import PermissionExplained
from contract.refusals import Refusal
from contract.roll_requests import RollRequest
from contract.rolls import RollRights
from contract.translation import PSEUDO, _, speaking
from rodbot.chronicles import commands as chronicles
from rodbot.client import RodBot
from rodbot.conflicts import message as conflict_message
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.caller import Caller
from rodbot.core.errors import Refused, explain
from rodbot.core.reply import Reply as Rendered
from rodbot.desk import commands as desk
from rodbot.desk import submissions
from rodbot.dice import requests
from rodbot.feed import digest, notifications
from rodbot.progress import exams
from rodbot.servers import roles
from sandbox.defaults import JONAS, MIRA, NIGHT_COURT, TRACKER, VESNA
from sandbox.person import Person
from sandbox.reply import Reply, parts, texts
from testing.pseudo_language import unmarked
from tests.rodbot.contract import NOW, sample
from tests.rodbot.fake_backend import FakeBackend

# Commands, mentions, moments and addresses; and what people typed in these tests.
NO_WORDS = re.compile(r"`[^`]*`|<[@#t][^>]*>|https?://\S+")
TYPED = re.compile(r"Night Owl|Night Court|Prague|Mira|Vesna|Jonas|Ambush|Claws|strength \+ brawl|Rook")
# What the backend writes for its readers.
BACKEND = re.compile(r"\d+ boxes|\d of \d|Experience \d+ / \d+|— Vampire")


@pytest.fixture
def pseudo(bot: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody reads the pseudo-language, and labels in answers are translated as the backend does it."""
    for person in (MIRA, VESNA, JONAS):
        bot.languages.remember(int(person), PSEUDO)
    bot.languages.choose(int(NIGHT_COURT), PSEUDO)
    fake.language = PSEUDO
    call = bot.backend.call

    async def translating(
        endpoint: Endpoint[InputT, AnswerT], caller: Caller, *given: Any, **more: Any
    ) -> AnswerT:
        return translated(await call(endpoint, caller, *given, **more))

    monkeypatch.setattr(bot.backend, "call", translating)


def shown(message: dict[str, Any]) -> Iterator[str]:
    yield from texts(message)
    for part in parts(message["components"]):
        yield from (part[key] for key in ("label", "placeholder") if part.get(key))
        yield from (option["label"] for option in part.get("options", ()))


def missing(reply: Reply) -> list[str]:
    """The lines of a reply that are not marked."""
    if reply.modal:
        fields = [field for row in reply.modal["components"] for field in (row, *row.get("components", ()))]
        found = [reply.modal["title"], *(field["label"] for field in fields if field.get("label"))]
    else:
        assert reply.message
        found = list(shown(reply.message))
    plain = (
        BACKEND.sub("", TYPED.sub("", NO_WORDS.sub("", line))) for text in found for line in text.splitlines()
    )
    return [left for line in plain if (left := unmarked(line))]


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("character find", {}),
    ("character default", {}),
    ("character default", {"name": "Night Owl"}),
    ("character default", {"name": "Night Owl", "clear": True}),
    ("character sheet", {"name": "Night Owl"}),
    ("character history", {"name": "Night Owl"}),
    ("character delete", {"name": "Night Owl"}),
    ("vampire update", {"name": "Night Owl", "hunger": 1, "notes": "12"}),
    ("vampire new", {"name": "Rook", "health": 7, "humanity": 7}),
    ("preferences", {}),
    ("supporter", {}),
    ("progress me", {}),
    ("progress why", {}),
    ("progress board", {}),
    ("progress profile", {}),
    ("help", {}),
    ("help", {"topic": "commands"}),
    ("help", {"topic": "first-session"}),
    ("server info", {}),
    ("server setup", {}),
    ("server edition", {}),
    ("server language", {}),
    ("server tracker", {}),
    ("server tracker", {"options": {"channel": TRACKER}}),
    ("server hidden-rolls", {}),
    ("server storytellers", {}),
    ("v roll", {"pool": "7", "hunger": 2, "difficulty": 3}),
    ("v roll", {"pool": "7", "hide_difficulty": True, "notes": "12"}),
    ("v rouse", {}),
    ("odds", {"pool": "5"}),
    ("luck", {"everyone": True, "options": {"player": JONAS}}),
    ("macro list", {}),
    ("macro save", {"name": "Claws", "pool": "5"}),
    ("init new", {"title": "Ambush"}),
    ("init show", {}),
]


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("text_mode", [False, True])
async def test_everything_that_commands_answer_is_marked(
    mira: Person, fake: FakeBackend, text_mode: bool
) -> None:
    fake.text_mode = text_mode
    owl = fake.add("Night Owl", MIRA)
    fake.defaults[MIRA] = owl["id"]
    found = {}
    for command, options in COMMANDS:
        if lines := missing(await mira.slash(command, **options)):
            found[command, str(options)] = lines
    assert not found


@pytest.mark.usefixtures("pseudo")
async def test_buttons_forms_and_refusals_are_marked(mira: Person, vesna: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    rolled = await mira.slash("v roll", pool="7", hunger=2, difficulty=3)
    fake.play.keep(next(iter(fake.play.rolls.values())), rights=RollRights(strike=True))
    details = await vesna.click(rolled, "⟦Details⟧")
    asked = await vesna.slash("request", player1=MIRA, text="12")
    begun = await vesna.slash("init new", title="Ambush")
    replies = [
        rolled,
        details,
        await vesna.click(details, "⟦Exclude from statistics⟧"),
        asked,
        await mira.click(asked, "⟦Roll⟧"),
        begun,
        await vesna.slash("init new", title="Ambush"),
        await mira.slash("init join", name="Night Owl"),
        await vesna.slash("init show"),
        await mira.slash("chronicle rules", rule="12"),
        await mira.slash("server tracker", options={"channel": TRACKER, "off": True}),
    ]
    assert not [line for reply in replies for line in missing(reply)]


def card(found: object) -> list[str]:
    """The texts of an embed or a reply."""
    if isinstance(found, discord.Embed):
        return [found.title or "", found.description or "", found.footer.text or ""]
    if isinstance(found, Rendered):
        rows = found.view.to_components() if found.view else []
        labels = [
            part.get("label", part.get("placeholder", "")) for row in rows for part in row["components"]
        ]
        return [found.content or "", *labels, *(line for embed in found.embeds for line in card(embed))]
    return [str(found)]


def made() -> Iterator[object]:
    """What is shown of what the backend answers and tells."""
    chronicle = sample(Chronicle, name="Prague", edition="5th", own_edition="5th", default=True)
    yield chronicles.described(chronicle)
    yield chronicles.described(chronicle.model_copy(update={"default": False, "archived": True}))
    for state in ("open", "approved", "returned", "withdrawn"):
        yield submissions.render(sample(Submission, kind="new", state=state, problem="⟦⟧", reason="12"))
    yield submissions.listed([])
    yield submissions.listed([sample(Submission, state="open")] * 2)
    yield exams.listed([sample(Exam, passed=True), sample(Exam, best=50)])
    for moment in (None, NOW):
        yield exams.shown(sample(Exam, opens_at=moment))
        question = sample(SittingQuestion, number=1, own=True, page="")
        yield exams.render(sample(Sitting, finished_at=moment, questions=[question] * 2, points=2), 1)
    yield desk._overview(sample(Desk, total=1), "http://localhost")
    yield roles._explained(sample(PermissionExplained, allowed=False))
    for kind in get_args(Decision.model_fields["kind"].annotation):
        yield notifications.content(
            sample(Decision, kind=kind, url="http://localhost", amount=2, characters=["Mira"])
        )
    yield digest.text(sample(Summary, others=3, rolls=[DigestRolls(name="Mira", rolls=2, passed=1)]))
    yield conflict_message.render(sample(Conflict, open=True, phase="gather", round=2))
    yield conflict_message.render(sample(Conflict, open=True, phase="declare", mention="42"))
    yield requests.render(sample(RollRequest, open=True, difficulty_hidden=True))
    for error in (Refused(_("Which channel?")), BackendDown("", True), BackendDown("", False), ValueError()):
        yield explain(error).sentence
    yield explain(BackendError(Refusal(), 400)).sentence


def test_cards_messages_and_notices_are_marked() -> None:
    with speaking(PSEUDO):
        shown_texts = [text for found in made() for text in card(found)]
    plain = (TYPED.sub("", NO_WORDS.sub("", line)) for text in shown_texts for line in text.splitlines())
    assert not [left for line in plain if (left := unmarked(line))]
