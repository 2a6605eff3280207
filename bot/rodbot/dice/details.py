"""The button `Details` of a roll: the roll in words with all its odds, for the one who presses it, alone.

A storyteller may leave the roll out of the statistics there.
"""

from uuid import UUID

import discord

from contract import endpoints, rolls
from contract.rolls import GetRoll, RollAnswer, Strategy
from contract.translation import _, decimal
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.forms import Form, FormModal
from rodbot.core.persistent import ID, PersistentButton, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, percent
from rodbot.dice import cards


class Details(PersistentButton, template=rf"roll:{ID}"):
    """Shows the roll in words with all its odds; a storyteller may strike it there."""

    posts = True

    def __init__(self, roll: UUID | str) -> None:
        self.roll = UUID(str(roll))
        super().__init__(f"roll:{roll}", _("Details"))

    async def used(self, interaction: Interaction) -> Reply:
        answer = await call(interaction, endpoints.GET_ROLL, GetRoll(roll=self.roll))
        may_strike = answer.roll.rights.strike
        view = view_of(Strike(self.roll, answer.roll.struck is not None)) if may_strike else None
        return Reply(content=details(answer), view=view)


def details(answer: RollAnswer) -> str:
    """The roll in words, with all odds and strategies, and how the character was chosen."""
    chances = answer.roll.chances
    lines = [cards.text(answer), *filter(None, [cards.odds_before(chances)])]
    if chances and len(chances.outcomes) > 1:
        lines += [
            f"• {escape(_(outcome.label), 60)}: {percent(outcome.chance)}" for outcome in chances.outcomes
        ]
    if chances and chances.mean is not None and cards.counts_successes(answer.roll):
        lines.append(_("Average successes: {number}", number=decimal(chances.mean, 1)))
    lines += [_explained(strategy) for strategy in answer.strategies]
    if answer.chosen:
        lines.append(_("Rolled for {character}.", character=escape(answer.chosen, 150)))
    return clip(join_lines(lines, MESSAGE, 40), MESSAGE)


def _explained(strategy: Strategy) -> str:
    parts = [f"{escape(cards.offer(strategy), 100)}.", escape(_(strategy.description), 200)]
    if strategy.cost:
        parts.append(_("(costs {cost})", cost=escape(_(strategy.cost), 60)))
    return " ".join(parts)


class Strike(PersistentButton, template=rf"strike:{ID}:([01])"):
    """Leaves a roll out of the statistics, for a reason that a form asks for; or counts it again."""

    def __init__(self, roll: UUID | str, struck: bool | str) -> None:
        self.roll = str(roll)
        self.struck = struck in (True, "1")
        label = _("Count in statistics") if self.struck else _("Exclude from statistics")
        super().__init__(f"strike:{roll}:{int(self.struck)}", label)

    async def callback(self, interaction: Interaction) -> None:
        if self.struck:
            await super().callback(interaction)
        else:
            reason = discord.ui.TextInput[FormModal](label=_("Reason"), custom_id="reason", max_length=300)
            await interaction.response.send_modal(
                FormModal("strike", self.roll, _("Exclude from statistics"), reason)
            )

    async def used(self, interaction: Interaction) -> Reply:
        return await _strike(interaction, self.roll, {})


async def _strike(interaction: Interaction, roll: str, form: dict[str, str]) -> Reply:
    reason = form.get("reason") or None
    given = rolls.Strike(roll=UUID(roll), reason=reason, undo=None if reason else True)
    answer = await call(interaction, endpoints.STRIKE, given)
    if answer.roll.struck:
        return Reply(content=_("This roll no longer counts in the statistics."))
    return Reply(content=_("This roll counts in the statistics again."))


FORMS = (Form("strike", _strike),)
