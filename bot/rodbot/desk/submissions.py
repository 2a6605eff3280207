"""Submissions: `/character propose`, and the message with what would change and the buttons of those who decide."""

from uuid import UUID

import discord
from discord.ui import TextInput

from contract import desk, endpoints
from contract.base import Json
from contract.desk import Difference, Submission, SubmissionChanged
from contract.endpoints import Endpoint
from contract.translation import N_, _, n_
from contract.values import value_in_words
from rodbot.characters.commands import TRAIT, VALUE, VALUE_TEXT, WHICH, trait_change
from rodbot.characters.commands import group as character_group
from rodbot.characters.names import trait_names
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.options import Option, Values, add_command
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines

# By kind and state: a request for a new character or for changes.
STATES = {
    ("new", "open"): N_("**{character}**: {author}’s new character is waiting for a storyteller."),
    ("new", "approved"): N_("**{character}**: {author}’s new character was approved."),
    ("new", "returned"): N_("**{character}**: {author}’s new character was sent back."),
    ("new", "withdrawn"): N_("**{character}**: {author}’s new character was withdrawn."),
    ("changes", "open"): N_("**{character}**: {author}’s request is waiting for a storyteller."),
    ("changes", "approved"): N_("**{character}**: {author}’s request was approved."),
    ("changes", "returned"): N_("**{character}**: {author}’s request was sent back."),
    ("changes", "withdrawn"): N_("**{character}**: {author}’s request was withdrawn."),
}
# Of those that were decided by somebody who is known.
DECIDED = {
    ("new", "approved"): N_("**{character}**: {author}’s new character was approved by {name}."),
    ("new", "returned"): N_("**{character}**: {author}’s new character was sent back by {name}."),
    ("changes", "approved"): N_("**{character}**: {author}’s request was approved by {name}."),
    ("changes", "returned"): N_("**{character}**: {author}’s request was sent back by {name}."),
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
    lines = [_state(submission)]
    if submission.text:
        lines.append(f"> {escape(submission.text, 300)}")
    lines += [
        f"• {escape(_(change.label), 60)}: {_value(change.before, change)} → {_value(change.after, change)}"
        for change in submission.diff
    ]
    if submission.problem:
        lines.append(_("It can’t be approved like this: {problem}", problem=escape(submission.problem, 200)))
    if submission.reason:
        lines.append(_("Reason: {reason}", reason=escape(submission.reason, 300)))
    lines += [
        f"{escape(comment.author.name, 60)}: {escape(comment.text, 200)}"
        for comment in submission.comments[-5:]
    ]
    return clip(join_lines(lines, MESSAGE, 30), MESSAGE)


def _state(submission: Submission) -> str:
    case = "new" if submission.kind == "new" else "changes", submission.state
    sentence = (DECIDED if submission.decided_by else {}).get(case, STATES[case])
    return _(
        sentence,
        character=escape(submission.character.name, 60),
        author=escape(submission.author.name, 60),
        name=escape(submission.decided_by.name, 60) if submission.decided_by else "",
    )


def _value(value: Json, change: Difference) -> str:
    return escape(value_in_words(value, change.is_choice) or _("nothing"), 100)


def listed(submissions: list[Submission]) -> Reply:
    """A menu of submissions; one alone is shown at once."""
    if not submissions:
        return Reply(content=_("No requests are waiting for a storyteller."))
    if len(submissions) == 1:
        return render(submissions[0])
    waiting = n_(
        "{count} request is waiting. Which one?", "{count} requests are waiting. Which one?", len(submissions)
    )
    return Reply(content=waiting, view=view_of(Choose(submissions)))


class Choose(PersistentSelect, template=r"submission"):
    def __init__(self, submissions: list[Submission] | None = None) -> None:
        options = [(str(row.id), f"{row.character.name} — {row.author.name}") for row in submissions or ()]
        super().__init__("submission", _("Choose a request"), options or [("0", "…")])

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
        super().__init__(f"{self.name}:{submission}", _(self.label), self.style)

    async def _decide(
        self, interaction: Interaction, endpoint: Endpoint[desk.NamedSubmission, SubmissionChanged]
    ) -> Reply:
        named = desk.NamedSubmission(submission=self.submission)
        return render((await call(interaction, endpoint, named)).submission)


class Approve(_SubmissionButton, template=rf"approve:{ID}"):
    name, label, style = "approve", N_("Approve"), discord.ButtonStyle.success

    async def used(self, interaction: Interaction) -> Reply:
        return await self._decide(interaction, endpoints.APPROVE)


class SendBack(_SubmissionButton, template=rf"sendback:{ID}"):
    name, label, style = "sendback", N_("Send back"), discord.ButtonStyle.danger

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(_form(self.name, self.submission, _("Send back"), _("Reason")))


class Comment(_SubmissionButton, template=rf"say:{ID}"):
    name, label = "say", N_("Comment")

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(
            _form(self.name, self.submission, _("Comment"), _("Your comment"))
        )


class Withdraw(_SubmissionButton, template=rf"withdraw:{ID}"):
    name, label = "withdraw", N_("Withdraw")

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


async def _propose(interaction: Interaction, values: Values) -> Reply:
    if (values["trait"] is None) != (values["value"] is None):
        raise Refused(_("Choose a trait and its value, or neither for a new character."))
    changes = [trait_change(values)] if values["trait"] else []
    return render((await send(interaction, endpoints.SUBMIT, values, changes=changes)).submission)


add_command(
    character_group,
    "propose",
    "Ask the storytellers for a change, or to accept a new character",
    [
        Option("trait", TRAIT, "Trait (default: the whole new character)", complete=trait_names),
        Option("value", VALUE, VALUE_TEXT),
        WHICH,
        Option("reason", VALUE, "Your reason, in a sentence", field="text"),
    ],
    _propose,
)
PERSISTENT: PersistentItems = (Approve, Choose, Comment, SendBack, Withdraw)
FORMS = (Form("sendback", _send_back), Form("say", _comment))
