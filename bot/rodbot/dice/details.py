"""What stands behind the button `Details` of a roll: the roll in words with all its odds, for whoever asks, alone.

A storyteller may leave the roll out of the statistics there.
"""

import re
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem

from rodbot.core import caller as facts
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice import cards as dice_cards
from rodbot.dice.rolls import RollAnswer, Strategy

Interaction = discord.Interaction[Any]
_ROLL = r"(?P<roll>[0-9a-f-]{32,36})"


class Details(DynamicItem[Button[Any]], template=rf"roll:{_ROLL}"):
    """The roll in words with all its odds, for whoever asks; a storyteller may strike it there."""

    def __init__(self, roll: str) -> None:
        self.roll = roll
        super().__init__(Button(label="Details", custom_id=f"roll:{roll}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["roll"])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._asked(interaction))

    async def _asked(self, interaction: Interaction) -> Reply:
        answer = await facts.bot(interaction).backend.play.look(facts.of(interaction), self.roll)
        view = None
        if answer.roll.rights.get("strike"):
            view = discord.ui.View(timeout=None)
            view.add_item(Strike(self.roll, bool(answer.roll.struck)))
        return Reply(content=details(answer), view=view)


def details(answer: RollAnswer) -> str:
    chances = answer.roll.chances
    lines = [dice_cards.text(answer)]
    if chances:
        lines.append("All odds before the roll:")
        lines += [f"{plain(o.label, 60)}: {dice_cards.percent(o.chance)}" for o in chances.outcomes]
    if chances and chances.mean is not None:
        lines.append(f"On average: {chances.mean:.1f}")
    lines += [_explained(one) for one in answer.strategies]
    return clip(joined(lines, MESSAGE, 40), MESSAGE)


def _explained(strategy: Strategy) -> str:
    cost = f", costs {plain(strategy.cost, 60)}" if strategy.cost else ""
    return f"{plain(dice_cards.offer(strategy), 100)}. {plain(strategy.description, 200)}{cost}"


class Strike(DynamicItem[Button[Any]], template=rf"strike:{_ROLL}:(?P<undo>[01])"):
    """Leaves a roll out of the statistics, for a reason that a form asks for; or counts it again."""

    def __init__(self, roll: str, struck: bool) -> None:
        self.roll = roll
        self.struck = struck
        label = "Count it again" if struck else "Leave out of statistics"
        super().__init__(Button(label=label, custom_id=f"strike:{roll}:{int(struck)}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["roll"], match["undo"] == "1")

    async def callback(self, interaction: Interaction) -> None:
        if self.struck:
            await run(interaction, struck(interaction, self.roll, ""), edit=True)
        else:
            await interaction.response.send_modal(StrikeForm(self.roll))


class StrikeForm(discord.ui.Modal):
    """What is sent comes back through `forms`, so that a restart in between loses nothing."""

    def __init__(self, roll: str) -> None:
        super().__init__(title="Leave out of statistics", custom_id=f"strike:{roll}")
        self.add_item(discord.ui.TextInput(label="Why", custom_id="reason", max_length=300))


async def struck(interaction: Interaction, roll: str, reason: str) -> Reply:
    answer = await facts.bot(interaction).backend.play.strike(facts.of(interaction), roll, reason)
    done = "This roll is left out of the statistics." if answer.roll.struck else "This roll counts again."
    return Reply(content=done)
