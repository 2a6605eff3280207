"""Submissions: `/character propose`, and the message with what would change and the buttons of those who decide."""

from uuid import UUID

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ui import TextInput

from contract import desk, endpoints
from contract.base import Json
from contract.characters import TraitChange
from contract.desk import Submission, SubmissionChanged
from contract.endpoints import Endpoint
from rodbot.characters.commands import WHICH, Name
from rodbot.characters.commands import group as character_group
from rodbot.characters.names import character_names, trait_names
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import MESSAGE, clip, escape, join_lines

STATES = {
    "open": "waits for a storyteller",
    "approved": "was approved",
    "returned": "was sent back",
    "withdrawn": "was withdrawn",
}


def render(submission: Submission) -> Reply:
    """The message of a submission."""
    view = view_of(
        Approve(submission.id) if submission.rights.decide else None,
        SendBack(submission.id) if submission.rights.decide else None,
        Comment(submission.id) if submission.state == "open" else None,
        Withdraw(submission.id) if submission.rights.withdraw else None,
    )
    return Reply(content=summary(submission), view=view)


def summary(submission: Submission) -> str:
    """What would change, the state, and the last comments."""
    kind = "new character" if submission.kind == "new" else "proposal"
    decided_by = submission.decided_by if submission.state != "withdrawn" else None
    state = STATES[submission.state] + (f" by {escape(decided_by.name, 60)}" if decided_by else "")
    author = escape(submission.author.name, 60)
    lines = [f"**{escape(submission.character.name, 60)}**: the {kind} of {author} {state}."]
    if submission.text:
        lines.append(f"> {escape(submission.text, 300)}")
    lines += [
        f"• {escape(change.label, 60)}: {_value(change.before)} → {_value(change.after)}"
        for change in submission.diff
    ]
    if submission.problem:
        lines.append(f"It cannot be approved as it stands: {escape(submission.problem, 200)}")
    if submission.reason:
        lines.append(f"Reason: {escape(submission.reason, 300)}")
    lines += [
        f"{escape(comment.author.name, 60)}: {escape(comment.text, 200)}"
        for comment in submission.comments[-5:]
    ]
    return clip(join_lines(lines, MESSAGE, 30), MESSAGE)


def _value(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return escape(", ".join(str(part) for part in value.values() if part not in ("", None, {})), 100)
    return escape(str(value), 100) or "nothing"


def listed(submissions: list[Submission]) -> Reply:
    """A menu of submissions; one alone is shown at once."""
    if not submissions:
        return Reply(content="Nothing waits for a storyteller.")
    if len(submissions) == 1:
        return render(submissions[0])
    return Reply(
        content=f"{len(submissions)} submissions wait. Which one?", view=view_of(Choose(submissions))
    )


class Choose(PersistentSelect, template=r"submission"):
    def __init__(self, submissions: list[Submission] | None = None) -> None:
        options = [(str(row.id), f"{row.character.name} — {row.author.name}") for row in submissions or ()]
        super().__init__("submission", "Look at…", options or [("0", "…")])

    async def used(self, interaction: Interaction) -> Reply:
        named = desk.NamedSubmission(submission=UUID(self.values[0]))
        return render((await call(interaction, endpoints.GET_SUBMISSION, named)).submission)


class _SubmissionButton(PersistentButton, template=r"-"):
    """A button of a submission. The backend decides who may press it."""

    name = ""
    label = ""
    style = discord.ButtonStyle.secondary

    def __init__(self, submission: UUID | str) -> None:
        self.submission = UUID(str(submission))
        super().__init__(f"{self.name}:{submission}", self.label, self.style)

    async def _decide(
        self, interaction: Interaction, endpoint: Endpoint[desk.NamedSubmission, SubmissionChanged]
    ) -> Reply:
        named = desk.NamedSubmission(submission=self.submission)
        return render((await call(interaction, endpoint, named)).submission)


class Approve(_SubmissionButton, template=rf"approve:{ID}"):
    name, label, style = "approve", "Approve", discord.ButtonStyle.success

    async def used(self, interaction: Interaction) -> Reply:
        return await self._decide(interaction, endpoints.APPROVE)


class SendBack(_SubmissionButton, template=rf"sendback:{ID}"):
    name, label, style = "sendback", "Send back", discord.ButtonStyle.danger

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(_form(self.name, self.submission, "Send it back", "Why?"))


class Comment(_SubmissionButton, template=rf"say:{ID}"):
    name, label = "say", "Comment"

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(
            _form(self.name, self.submission, "Comment", "What do you say?")
        )


class Withdraw(_SubmissionButton, template=rf"withdraw:{ID}"):
    name, label = "withdraw", "Withdraw"

    async def used(self, interaction: Interaction) -> Reply:
        return await self._decide(interaction, endpoints.WITHDRAW)


def _form(name: str, submission: UUID, title: str, label: str) -> FormModal:
    style = discord.TextStyle.paragraph
    text = TextInput[FormModal](label=label, custom_id="text", style=style, max_length=desk.MAX_TEXT)
    return FormModal(name, str(submission), title, text)


async def _send_back(interaction: Interaction, submission: str, form: dict[str, str]) -> Reply:
    given = desk.SendBack(submission=UUID(submission), reason=form.get("text", ""))
    return render((await call(interaction, endpoints.SEND_BACK, given)).submission)


async def _comment(interaction: Interaction, submission: str, form: dict[str, str]) -> Reply:
    given = desk.CommentOn(submission=UUID(submission), text=form.get("text", ""))
    return render((await call(interaction, endpoints.COMMENT, given)).submission)


@character_group.command(
    name="propose", description="Ask the storytellers for a change, or to take a new character in"
)
@app_commands.describe(
    trait="Which trait; left out, the whole new character",
    value="A value (3), an amount (+1), yes or no, or words (Beautiful 2)",
    name=WHICH,
    reason="Why, in a sentence",
)
@app_commands.autocomplete(name=character_names(), trait=trait_names)
@replying
async def propose(
    interaction: Interaction,
    trait: Range[str, 1, 100] | None = None,
    value: Range[str, 1, 1000] | None = None,
    name: Name | None = None,
    reason: Range[str, 1, 1000] | None = None,
) -> Reply:
    if (trait is None) != (value is None):
        raise Refused("Name a trait and its value, or neither of them for a new character.")
    changes = [TraitChange(path=trait, op="text", value=value)] if trait else []
    given = desk.Submit(character=name, changes=changes, text=reason)
    return render((await call(interaction, endpoints.SUBMIT, given)).submission)


PERSISTENT: PersistentItems = (Approve, Choose, Comment, SendBack, Withdraw)
FORMS = (Form("sendback", _send_back), Form("say", _comment))
