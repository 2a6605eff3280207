"""The message of a roll request: who was asked, who has answered, and its buttons."""

import datetime
import re
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem

from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice import buttons as dice_components
from rodbot.dice.play import Asked, Request

Interaction = discord.Interaction[Any]
_REQUEST = r"(?P<request>[0-9a-f-]{32,36})"
WAITING, ANSWERED = "◇", "◆"


def shown(request: Request) -> Reply:
    view = discord.ui.View(timeout=None)
    if request.open:
        view.add_item(Answer(request.id, not request.pool))
    view.add_item(Refresh(request.id))
    if request.open:
        view.add_item(Close(request.id))
    return Reply(content=summary(request), view=view, follows=("roll_request", request.id))


def summary(request: Request) -> str:
    asks = f"**{plain(request.storyteller or 'The storyteller', 60)}** asks for a roll"
    lines = [f"{asks}: {plain(request.text, 200)}" if request.text else f"{asks}."]
    lines.append(f"Pool: {plain(request.pool, 200) if request.pool else 'as you choose'}")
    if request.difficulty_hidden:
        lines.append("Difficulty: hidden")
    elif request.difficulty is not None:
        lines.append(f"Difficulty: {request.difficulty}")
    lines.append(_until(request))
    lines += [_player(one) for one in request.players]
    return clip(joined(lines, MESSAGE, 40), MESSAGE)


def _until(request: Request) -> str:
    if not request.open:
        return "This request is closed."
    try:
        deadline = datetime.datetime.fromisoformat(request.deadline)
    except ValueError:
        return "Open until it is closed."
    return f"Open until {discord.utils.format_dt(deadline, 't')} ({discord.utils.format_dt(deadline, 'R')})"


def _player(of: Asked) -> str:
    """A mention is shown as the name; whom it notifies was told when the request was made."""
    who = f"<@{of.discord_id}>" if of.discord_id else plain(of.name, 60)
    if not of.answered:
        return f"{WAITING} {who}: waiting"
    return f"{ANSWERED} {who}: {plain(of.summary, 150) if of.summary else 'answered'}"


class _OfRequest(DynamicItem[Button[Any]], template=r"-"):
    """A button of a request. Who may press it, the backend knows."""

    def __init__(self, request: str, custom_id: str, label: str, style: discord.ButtonStyle) -> None:
        self.request = request
        super().__init__(Button(label=label, style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["request"])  # type: ignore[call-arg]  # the signature of most of them


class Answer(_OfRequest, template=rf"answer:{_REQUEST}:(?P<open>[01])"):
    """Rolls for who was asked; where the pool is open, a form asks for it first."""

    def __init__(self, request: str, open_pool: bool) -> None:
        self.open_pool = open_pool
        super().__init__(request, f"answer:{request}:{int(open_pool)}", "Roll", discord.ButtonStyle.primary)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["request"], match["open"] == "1")

    async def callback(self, interaction: Interaction) -> None:
        if self.open_pool:
            await interaction.response.send_modal(AnswerForm(self.request))
        else:
            await run(interaction, answered(interaction, self.request), edit=True)


class AnswerForm(discord.ui.Modal):
    """What is sent comes back through `forms`, so that a restart in between loses nothing."""

    def __init__(self, request: str) -> None:
        super().__init__(title="Your roll", custom_id=f"answer:{request}")
        hint = "strength + brawl, or 5"
        self.add_item(discord.ui.TextInput(label="Pool", custom_id="pool", placeholder=hint, max_length=200))


async def answered(interaction: Interaction, request: str, pool: str | None = None) -> Reply:
    """The message with the new answer in it, and the roll as a second one."""
    answer = await facts.bot(interaction).backend.play.answer(facts.of(interaction), request, pool)
    rolled = dice_components.reply(interaction, answer)
    rolled.public = answer.roll.visibility == "public"
    if answer.request is None:
        raise Refused("The request of this roll is gone.")
    reply = shown(answer.request)
    reply.then = rolled
    return reply


class Refresh(_OfRequest, template=rf"asked:{_REQUEST}"):
    """Brings in what was answered elsewhere, where the message itself did not follow."""

    def __init__(self, request: str) -> None:
        super().__init__(request, f"asked:{request}", "Refresh", discord.ButtonStyle.secondary)

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._now(interaction), edit=True)

    async def _now(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return shown(await play.request_now(facts.of(interaction), self.request))


class Close(_OfRequest, template=rf"endrequest:{_REQUEST}"):
    def __init__(self, request: str) -> None:
        super().__init__(request, f"endrequest:{request}", "Close", discord.ButtonStyle.secondary)

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._closed(interaction), edit=True)

    async def _closed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return shown(await play.close_request(facts.of(interaction), self.request))


PERSISTENT: tuple[type[DynamicItem[Any]], ...] = (Answer, Close, Refresh)
