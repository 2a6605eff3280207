"""Submissions: `/character propose`, and the message with what would change and the buttons of those who decide."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ui import TextInput

from rodbot.characters.commands import WHICH, Name
from rodbot.characters.commands import group as character_group
from rodbot.characters.names import character_names, trait_names
from rodbot.core.bot import Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.desk.calls import DeskCalls
from rodbot.desk.models import Submission

STATES = {
    "open": "waits for a storyteller",
    "approved": "was approved",
    "returned": "was sent back",
    "withdrawn": "was withdrawn",
}


def render(submission: Submission) -> Reply:
    """The message of a submission."""
    view = view_of(
        Approve(submission.id) if submission.may_decide else None,
        SendBack(submission.id) if submission.may_decide else None,
        Comment(submission.id) if submission.state == "open" else None,
        Withdraw(submission.id) if submission.may_withdraw else None,
    )
    return Reply(content=summary(submission), view=view)


def summary(submission: Submission) -> str:
    """What would change, the state, and the last comments."""
    kind = "new character" if submission.kind == "new" else "proposal"
    decided = submission.decided_by and submission.state != "withdrawn"
    state = STATES[submission.state] + (f" by {escape(submission.decided_by, 60)}" if decided else "")
    author = escape(submission.author, 60)
    lines = [f"**{escape(submission.character, 60)}**: the {kind} of {author} {state}."]
    if submission.text:
        lines.append(f"> {escape(submission.text, 300)}")
    lines += [
        f"• {escape(label, 60)}: {_value(before)} → {_value(after)}"
        for label, before, after in submission.diff
    ]
    if submission.problem:
        lines.append(f"It cannot be approved as it stands: {escape(submission.problem, 200)}")
    if submission.reason:
        lines.append(f"Reason: {escape(submission.reason, 300)}")
    lines += [f"{escape(author, 60)}: {escape(text, 200)}" for author, text in submission.comments[-5:]]
    return clip(join_lines(lines, MESSAGE, 30), MESSAGE)


def _value(value: Any) -> str:
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
        options = [(row.id, f"{row.character} — {row.author}") for row in submissions or ()]
        super().__init__("submission", "Look at…", options or [("0", "…")])

    async def used(self, interaction: Interaction) -> Reply:
        return render(await DeskCalls.of(interaction).look(self.values[0]))


class _SubmissionButton(PersistentButton, template=r"-"):
    """A button of a submission. The backend decides who may press it."""

    name = ""
    label = ""
    style = discord.ButtonStyle.secondary

    def __init__(self, submission: str) -> None:
        self.submission = submission
        super().__init__(f"{self.name}:{submission}", self.label, self.style)


class Approve(_SubmissionButton, template=rf"approve:{ID}"):
    name, label, style = "approve", "Approve", discord.ButtonStyle.success

    async def used(self, interaction: Interaction) -> Reply:
        return render(await DeskCalls.of(interaction).approve(self.submission))


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
        return render(await DeskCalls.of(interaction).withdraw(self.submission))


def _form(name: str, submission: str, title: str, label: str) -> FormModal:
    style = discord.TextStyle.paragraph
    text = TextInput[FormModal](label=label, custom_id="text", style=style, max_length=1000)
    return FormModal(name, submission, title, text)


async def _send_back(interaction: Interaction, submission: str, form: dict[str, str]) -> Reply:
    return render(await DeskCalls.of(interaction).send_back(submission, form.get("text", "")))


async def _comment(interaction: Interaction, submission: str, form: dict[str, str]) -> Reply:
    return render(await DeskCalls.of(interaction).comment(submission, form.get("text", "")))


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
    changes = [{"path": trait, "op": "text", "value": value}] if trait else []
    return render(await DeskCalls.of(interaction).submit(name, changes, reason or ""))


PERSISTENT: PersistentItems = (Approve, Choose, Comment, SendBack, Withdraw)
FORMS = (Form("sendback", _send_back), Form("say", _comment))
