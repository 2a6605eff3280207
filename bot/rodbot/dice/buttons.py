"""The buttons and menus under a roll. All that they know is in their custom id; the roll itself is in the backend.

So they work for hours and across restarts, each once: a second press gets the backend's sentence. Those that decide
about dice belong to the roller; `Details` answers anybody, alone and in words.
"""

from collections.abc import Iterable, Mapping
from typing import Self
from uuid import UUID

import discord

from contract import endpoints, rolls
from contract.dice_faces import face
from contract.roll_fields import MAX_PICKED, Value
from contract.rolls import (
    DECISION_LABELS,
    Die,
    FollowUp,
    GetRoll,
    MakeCheck,
    NamedRoll,
    Reroll,
    Roll,
    RollAnswer,
    Strategy,
)
from contract.translation import N_, _, p_
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.errors import Refused
from rodbot.core.persistent import ID, USER, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import NOBODY, respond
from rodbot.core.text import escape
from rodbot.dice import cards
from rodbot.dice.details import Details, Strike

MOST_STRATEGIES = 4
CUSTOM_ID = 100
_SLUG = r"([a-z_0-9]{1,30})"
NONE_LEFT = N_("None of these dice can be rolled again.")


def reply(interaction: Interaction, answer: RollAnswer, items: Iterable[Item] = ()) -> Reply:
    """The card and its buttons; `items` in place of the usual ones."""
    view = view_of(*(items or _items(answer)))
    if caller_of(interaction).text_mode:
        return Reply(content="\n".join([cards.text(answer), *cards.cost(answer)]), view=view)
    bot = bot_of(interaction)
    card = cards.embed(answer, local=bot.config.sandbox, emoji=bot.emoji)
    return Reply(embeds=[card], view=view)


def _items(answer: RollAnswer) -> list[Item]:
    roll, roller = answer.roll, answer.roll.roller.discord_id or ""
    items: list[Item] = [Choose(roll.id, choice, roller) for choice in roll.outcome.choices]
    items += [
        Again(roll.id, strategy.slug, roller, cards.offer(strategy))
        for strategy in answer.strategies[:MOST_STRATEGIES]
    ]
    if answer.strategies and roll.rerollable:
        items.append(Pick(roll.id, roller))
    items += [Follow.of(roll.id, follow_up, roller) for follow_up in answer.follow_ups[:5]]
    if roll.rights.reveal:
        items.append(Reveal(roll.id))
    return [*items, Details(roll.id)]


def only_roller(interaction: Interaction, roller: str) -> None:
    """Refuse everybody but the roller."""
    if str(interaction.user.id) != roller:
        raise Refused(_("These dice belong to someone else. Only the player who rolled them can decide."))


class _RollerButton(PersistentButton, template=r"-"):
    """A button of the roller's; its answer takes the place of the card unless it `posts` another."""

    def __init__(
        self,
        roll: UUID | str,
        roller: str,
        custom_id: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        self.roll = UUID(str(roll))
        self.roller = roller
        super().__init__(custom_id, label, style)

    async def callback(self, interaction: Interaction) -> None:
        seen = not (interaction.message and interaction.message.flags.ephemeral)
        await respond(
            interaction, self._checked(interaction), edit=not self.posts, public=self.posts and seen
        )

    async def _checked(self, interaction: Interaction) -> Reply:
        only_roller(interaction, self.roller)
        return await self.used(interaction)


class Again(_RollerButton, template=rf"again:{ID}:{_SLUG}:{USER}"):
    """Rolls the dice of a strategy again, once."""

    def __init__(self, roll: UUID | str, slug: str, roller: str, label: str = "…") -> None:
        self.slug = slug
        super().__init__(roll, roller, f"again:{roll}:{slug}:{roller}", label, discord.ButtonStyle.primary)

    async def used(self, interaction: Interaction) -> Reply:
        given = Reroll(roll=self.roll, strategy=self.slug)
        return reply(interaction, await call(interaction, endpoints.REROLL, given))


class Choose(_RollerButton, template=rf"choose:{ID}:{_SLUG}:{USER}"):
    """Decides an outcome: Overreach or Despair, what a brutal outcome is used for."""

    def __init__(self, roll: UUID | str, choice: str, roller: str) -> None:
        self.choice = choice
        label = _(DECISION_LABELS.get(choice) or choice.replace("_", " ").capitalize())
        super().__init__(roll, roller, f"choose:{roll}:{choice}:{roller}", label, discord.ButtonStyle.danger)

    async def used(self, interaction: Interaction) -> Reply:
        given = rolls.Choose(roll=self.roll, choice=self.choice)
        return reply(interaction, await call(interaction, endpoints.CHOOSE, given))


class Follow(_RollerButton, template=rf"follow:{ID}:{_SLUG}:{USER}:([a-z_]*=?[0-9]*)"):
    """Makes a check that this roll asks for, such as a frenzy test; shown in a message of its own."""

    posts = True

    def __init__(self, roll: UUID | str, check: str, roller: str, packed: str, label: str = "…") -> None:
        self.check = check
        self.packed = packed
        custom_id = f"follow:{roll}:{check}:{roller}:{packed}"
        if len(custom_id) > CUSTOM_ID:
            custom_id = f"follow:{roll}:{check}:{roller}:"
        super().__init__(roll, roller, custom_id, label, discord.ButtonStyle.danger)

    @classmethod
    def of(cls, roll: UUID, follow_up: FollowUp, roller: str) -> Self:
        """The button of a check that this roll asks for."""
        return cls(roll, follow_up.check, roller, _packed(follow_up.options), _(follow_up.label))

    async def used(self, interaction: Interaction) -> Reply:
        name, _, number = self.packed.partition("=")
        options: dict[str, Value] = {name: int(number)} if number else {}
        given = MakeCheck(check=self.check, options=options, roll=self.roll)
        return reply(interaction, await call(interaction, endpoints.CHECK, given))


def _packed(options: Mapping[str, Value]) -> str:
    """The one number that a follow-up needs; the backend knows the rest by itself."""
    numbers = [(name, value) for name, value in options.items() if type(value) is int and value >= 0]
    return f"{numbers[0][0]}={numbers[0][1]}" if numbers else ""


class Pick(_RollerButton, template=rf"pick:{ID}:{USER}"):
    """Asks who rolled, alone, which dice to roll again; everybody else keeps the card."""

    posts = True

    def __init__(self, roll: UUID | str, roller: str) -> None:
        super().__init__(roll, roller, f"pick:{roll}:{roller}", _("Pick dice"))

    async def callback(self, interaction: Interaction) -> None:
        await respond(interaction, self._checked(interaction))

    async def used(self, interaction: Interaction) -> Reply:
        return await _menu(interaction, self.roll, _card_of(interaction))


class OtherDice(PersistentButton, template=rf"otherdice:{ID}:{USER}"):
    """Back to the menu of dice."""

    def __init__(self, roll: UUID | str, card: int | str) -> None:
        self.roll = UUID(str(roll))
        self.card = int(card)
        super().__init__(f"otherdice:{roll}:{card}", _("Other dice"))

    async def used(self, interaction: Interaction) -> Reply:
        return await _menu(interaction, self.roll, self.card)


def _card_of(interaction: Interaction) -> int:
    """The message of the card that was pressed; 0 for one that its reader alone sees, which nobody else can edit."""
    message = interaction.message
    return 0 if message is None or message.flags.ephemeral else message.id


async def _menu(interaction: Interaction, roll: UUID, card: int) -> Reply:
    answer = await call(interaction, endpoints.GET_ROLL, GetRoll(roll=roll))
    if not answer.roll.rerollable:
        raise Refused(_(NONE_LEFT))
    return Reply(content=_("Which dice?"), view=view_of(PickDice(roll, card, answer.roll)))


class PickDice(PersistentSelect, template=rf"picked:{ID}:{USER}"):
    """A private menu of dice; choosing some shows what rolling them again would do."""

    def __init__(self, roll: UUID | str, card: int | str, dice_of: Roll | None = None) -> None:
        self.roll = UUID(str(roll))
        self.card = int(card)
        options, most = (dice_options(dice_of), dice_of.pick_most) if dice_of else ([], 1)
        super().__init__(f"picked:{roll}:{card}", _("Choose dice to roll again"), options, most)

    async def used(self, interaction: Interaction) -> Reply:
        picked = sorted(int(value) for value in self.values if value.isdecimal())
        asked = GetRoll(roll=self.roll, dice=picked or None)
        answer = await call(interaction, endpoints.GET_ROLL, asked)
        strategy = next(iter(answer.strategies), None)
        if strategy is None:
            raise Refused(_(NONE_LEFT))
        label = _label(answer.roll, picked, strategy)
        again = AgainPicked(self.roll, _packed_dice(picked), self.card, label)
        cost = [_("Costs {cost}.", cost=escape(_(strategy.cost), 60))] if strategy.cost else []
        return Reply(
            content=" ".join([f"{label}.", *cost]), view=view_of(again, OtherDice(self.roll, self.card))
        )


def _packed_dice(picked: Iterable[int]) -> str:
    """The indexes of dice as the bits of one number: fifty of them fit into a custom id."""
    return f"{sum(1 << index for index in picked):x}"


def _label(roll: Roll, picked: list[int], strategy: Strategy) -> str:
    values = ", ".join(str(roll.dice[index].value) for index in picked if index < len(roll.dice))
    return cards.offer(strategy.model_copy(update={"label": _("Roll {dice} again", dice=values)}))


def dice_options(roll: Roll) -> list[tuple[str, str]]:
    """The dice that may be rolled again, as indexes and labels, the worst first. Of dice that show the same only as
    many as may be picked."""
    offered: dict[tuple[str, str], int] = {}
    options = []
    for index in sorted(roll.rerollable, key=lambda i: (roll.dice[i].value, i)):
        die = roll.dice[index]
        word = _word(roll, die)
        offered[die.kind, word] = offered.get((die.kind, word), 0) + 1
        if offered[die.kind, word] <= roll.pick_most:
            kind = "" if die.kind == "regular" else f"{_(die.kind.capitalize())} "
            options.append((str(index), f"{kind}{die.value}" + (f": {word}" if word else "")))
    return options[:25]


def _word(roll: Roll, die: Die) -> str:
    die_face = face(roll.system, die, roll.options)
    return _(die_face.word) if die_face else ""


class AgainPicked(PersistentButton, template=rf"againdice:{ID}:([0-9a-f]{{1,26}}):{USER}"):
    """Rolls the picked dice again, once, and puts the result in place of the card."""

    def __init__(self, roll: UUID | str, packed: str, card: int | str, label: str = "…") -> None:
        self.roll = UUID(str(roll))
        self.picked = [index for index in range(MAX_PICKED) if int(packed, 16) >> index & 1]
        self.card = int(card)
        super().__init__(f"againdice:{roll}:{packed}:{card}", label, discord.ButtonStyle.primary)

    async def used(self, interaction: Interaction) -> Reply:
        answer = await call(interaction, endpoints.REROLL, Reroll(roll=self.roll, dice=self.picked))
        shown = reply(interaction, answer)
        if not self.card:
            return shown
        done = Reply(content=_("Rolled again."), view=view_of())
        if not await _replaced(interaction, self.card, shown):
            done.then, shown.public = shown, True
        return done


async def _replaced(interaction: Interaction, card: int, shown: Reply) -> bool:
    """Show the roll in place of its card; False where that is gone or out of reach."""
    channel = interaction.channel
    if channel is None or not hasattr(channel, "get_partial_message"):
        return False
    try:
        await channel.get_partial_message(card).edit(
            content=shown.content, embeds=shown.embeds, view=shown.view, allowed_mentions=NOBODY
        )
    except discord.HTTPException:
        return False
    return True


class Reveal(PersistentButton, template=rf"reveal:{ID}"):
    """Shows a hidden roll to the channel, from now on public; the backend decides who may."""

    def __init__(self, roll: UUID | str) -> None:
        self.roll = UUID(str(roll))
        super().__init__(f"reveal:{roll}", p_("button", "Reveal"), discord.ButtonStyle.success)

    async def callback(self, interaction: Interaction) -> None:
        await respond(interaction, self.used(interaction), public=True)

    async def used(self, interaction: Interaction) -> Reply:
        return reply(interaction, await call(interaction, endpoints.REVEAL, NamedRoll(roll=self.roll)))


PERSISTENT: PersistentItems = (
    Again,
    AgainPicked,
    Choose,
    Details,
    Follow,
    OtherDice,
    Pick,
    PickDice,
    Reveal,
    Strike,
)
