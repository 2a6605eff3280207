"""A submission's message: what would change, what was said, and the buttons of those who decide."""

import re
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem, Select

from rodbot.core import caller as facts
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.desk.models import Submission

Interaction = discord.Interaction[Any]
_ID = r"(?P<of>[0-9a-f-]{32,36})"
STATES = {
    "open": "waits for a storyteller",
    "approved": "was approved",
    "returned": "was sent back",
    "withdrawn": "was withdrawn",
}


def shown(row: Submission) -> Reply:
    view = discord.ui.View(timeout=None)
    if row.may_decide:
        view.add_item(Approve(row.id))
        view.add_item(SendBack(row.id))
    if row.state == "open":
        view.add_item(Say(row.id))
    if row.may_withdraw:
        view.add_item(Withdraw(row.id))
    return Reply(content=summary(row), view=view)


def summary(row: Submission) -> str:
    what = "new character" if row.kind == "new" else "proposal"
    by = f" by {plain(row.decided_by, 60)}" if row.decided_by and row.state != "withdrawn" else ""
    lines = [
        f"**{plain(row.character, 60)}**: the {what} of {plain(row.author, 60)} {STATES[row.state]}{by}."
    ]
    if row.text:
        lines.append(f"> {plain(row.text, 300)}")
    lines += [
        f"• {plain(label, 60)}: {_value(before)} → {_value(after)}" for label, before, after in row.diff
    ]
    if row.problem:
        lines.append(f"It cannot be approved as it stands: {plain(row.problem, 200)}")
    if row.reason:
        lines.append(f"Reason: {plain(row.reason, 300)}")
    lines += [f"{plain(who, 60)}: {plain(text, 200)}" for who, text in row.comments[-5:]]
    return clip(joined(lines, MESSAGE, 30), MESSAGE)


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return plain(", ".join(str(one) for one in value.values() if one not in ("", None, {})), 100)
    return plain(str(value), 100) or "nothing"


def listed(rows: list[Submission]) -> Reply:
    if not rows:
        return Reply(content="Nothing waits for a storyteller.")
    if len(rows) == 1:
        return shown(rows[0])
    view = discord.ui.View(timeout=None).add_item(Choose(rows))
    return Reply(content=f"{len(rows)} submissions wait. Which one?", view=view)


class Choose(DynamicItem[Select[Any]], template=r"submission"):
    def __init__(self, rows: list[Submission]) -> None:
        options = [
            discord.SelectOption(label=clip(f"{one.character} — {one.author}", 100), value=one.id)
            for one in rows[:25]
        ] or [discord.SelectOption(label="…", value="0")]
        super().__init__(Select(custom_id="submission", placeholder="Look at…", options=options))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: discord.ui.Item[Any], match: Any) -> Self:
        return cls([])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._look(interaction, self.item.values[0]), edit=True)

    async def _look(self, interaction: Interaction, chosen: str) -> Reply:
        return shown(await facts.bot(interaction).backend.desk.look(facts.of(interaction), chosen))


class _OfSubmission(DynamicItem[Button[Any]], template=r"-"):
    """A button of a submission. Who may press it, the backend knows."""

    def __init__(self, submission: str, custom_id: str, label: str, style: discord.ButtonStyle) -> None:
        self.submission = submission
        super().__init__(Button(label=label, style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["of"])  # type: ignore[call-arg]  # the signature of each of them


class Approve(_OfSubmission, template=rf"approve:{_ID}"):
    def __init__(self, submission: str) -> None:
        super().__init__(submission, f"approve:{submission}", "Approve", discord.ButtonStyle.success)

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._done(interaction), edit=True)

    async def _done(self, interaction: Interaction) -> Reply:
        calls = facts.bot(interaction).backend.desk
        return shown(await calls.approve(facts.of(interaction), self.submission))


class SendBack(_OfSubmission, template=rf"sendback:{_ID}"):
    def __init__(self, submission: str) -> None:
        super().__init__(submission, f"sendback:{submission}", "Send back", discord.ButtonStyle.danger)

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(_Form("Send it back", f"sendback:{self.submission}", "Why?"))


class Say(_OfSubmission, template=rf"say:{_ID}"):
    def __init__(self, submission: str) -> None:
        super().__init__(submission, f"say:{submission}", "Comment", discord.ButtonStyle.secondary)

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(_Form("Comment", f"say:{self.submission}", "What do you say?"))


class Withdraw(_OfSubmission, template=rf"withdraw:{_ID}"):
    def __init__(self, submission: str) -> None:
        super().__init__(submission, f"withdraw:{submission}", "Withdraw", discord.ButtonStyle.secondary)

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._done(interaction), edit=True)

    async def _done(self, interaction: Interaction) -> Reply:
        calls = facts.bot(interaction).backend.desk
        return shown(await calls.withdraw(facts.of(interaction), self.submission))


class _Form(discord.ui.Modal):
    """What is sent comes back through `forms`, so that a restart in between loses nothing."""

    def __init__(self, title: str, custom_id: str, label: str) -> None:
        super().__init__(title=title, custom_id=custom_id)
        text = discord.TextStyle.paragraph
        self.add_item(discord.ui.TextInput(label=label, custom_id="text", style=text, max_length=1000))


async def sent_back(interaction: Interaction, submission: str, reason: str) -> Reply:
    calls = facts.bot(interaction).backend.desk
    return shown(await calls.send_back(facts.of(interaction), submission, reason))


async def said(interaction: Interaction, submission: str, text: str) -> Reply:
    calls = facts.bot(interaction).backend.desk
    return shown(await calls.comment(facts.of(interaction), submission, text))


PERSISTENT: tuple[type[DynamicItem[Any]], ...] = (Approve, Choose, Say, SendBack, Withdraw)
