"""The buttons and menus under a roll. All that they know is in their custom id; the roll itself is in the backend.

So they work for hours and across restarts, each once: a second press gets the backend's sentence. Those that decide
about dice belong to who rolled them; `Details` answers anybody, alone and in words.
"""

import re
from collections.abc import Iterable
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem, Select

from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.models import Json
from rodbot.core.respond import Reply, run
from rodbot.core.text import clip
from rodbot.dice import cards as dice_cards
from rodbot.dice.details import Details, Strike
from rodbot.dice.faces import face
from rodbot.dice.rolls import Die, FollowUp, Roll, RollAnswer, Strategy

Interaction = discord.Interaction[Any]
MOST_STRATEGIES = 4
CUSTOM_ID = 100
_ROLL = r"(?P<roll>[0-9a-f-]{32,36})"
_ROLLER = r"(?P<roller>[0-9]{1,20})"
_SLUG = r"(?P<slug>[a-z_0-9]{1,30})"
_PICKED = r"(?P<picked>[0-9]{1,2}(?:\.[0-9]{1,2})*)"
CHOICES = {
    "overreach": "Overreach: win, Danger rises",
    "despair": "Despair: fail",
    "brutal_gain": "Brutal gain: 4 successes more",
    "dramatic_failure": "Make it a dramatic failure",
}


def reply(interaction: Interaction, answer: RollAnswer, items: Iterable[discord.ui.Item[Any]] = ()) -> Reply:
    """The card and its buttons; `items` in place of the usual ones."""
    view = discord.ui.View(timeout=None)
    for item in items or _items(answer):
        view.add_item(item)
    if answer.text_mode:
        return Reply(content=dice_cards.text(answer), view=view)
    local = facts.bot(interaction).config.sandbox
    return Reply(embeds=[dice_cards.embed(answer, local=local)], view=view)


def _items(answer: RollAnswer) -> list[discord.ui.Item[Any]]:
    roll = answer.roll
    items: list[discord.ui.Item[Any]] = [Choose(roll.id, c, roll.roller_id) for c in roll.outcome.choices]
    items += [Again(roll.id, one, roll.roller_id) for one in answer.strategies[:MOST_STRATEGIES]]
    if answer.strategies and roll.rerollable:
        items.append(Pick(roll.id, roll.roller_id))
    items += [Follow(roll.id, one, roll.roller_id) for one in answer.follow_ups[:5]]
    if roll.rights.get("reveal"):
        items.append(Reveal(roll.id))
    return [*items, Details(roll.id)]


def only_roller(interaction: Interaction, roller: str) -> None:
    if str(interaction.user.id) != roller:
        raise Refused("These dice are someone else's: only who rolled them may decide about them.")


class _Press(DynamicItem[Button[Any]], template=r"-"):
    """A button of the roller's; its answer takes the place of the card unless it `posts` another."""

    posts = False

    def __init__(
        self, roll: str, roller: str, custom_id: str, label: str, style: discord.ButtonStyle
    ) -> None:
        self.roll = roll
        self.roller = roller
        super().__init__(Button(label=clip(label, 80), style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls.of(match)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["roll"], match["roller"])  # type: ignore[call-arg]  # the signature of most of them

    async def callback(self, interaction: Interaction) -> None:
        seen = not (interaction.message and interaction.message.flags.ephemeral)
        await run(interaction, self._pressed(interaction), edit=not self.posts, public=self.posts and seen)

    async def _pressed(self, interaction: Interaction) -> Reply:
        only_roller(interaction, self.roller)
        return await self.pressed(interaction)

    async def pressed(self, interaction: Interaction) -> Reply:
        raise NotImplementedError


class Again(_Press, template=rf"again:{_ROLL}:{_SLUG}:{_ROLLER}"):
    """Rolls the dice of a strategy again, once."""

    def __init__(self, roll: str, strategy: Strategy, roller: str) -> None:
        self.slug = strategy.slug
        custom_id = f"again:{roll}:{strategy.slug}:{roller}"
        super().__init__(roll, roller, custom_id, dice_cards.offer(strategy), discord.ButtonStyle.primary)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["roll"], Strategy(match["slug"], "Roll again", ()), match["roller"])

    async def pressed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.reroll(facts.of(interaction), self.roll, self.slug))


class Choose(_Press, template=rf"choose:{_ROLL}:{_SLUG}:{_ROLLER}"):
    """Overreach or Despair, a brutal outcome put to use."""

    def __init__(self, roll: str, choice: str, roller: str) -> None:
        self.choice = choice
        label = CHOICES.get(choice) or choice.replace("_", " ").capitalize()
        super().__init__(roll, roller, f"choose:{roll}:{choice}:{roller}", label, discord.ButtonStyle.danger)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["roll"], match["slug"], match["roller"])

    async def pressed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.choose(facts.of(interaction), self.roll, self.choice))


class Follow(_Press, template=rf"follow:{_ROLL}:{_SLUG}:{_ROLLER}:(?P<options>[a-z_]*=?[0-9]*)"):
    """A check that this roll asks for, such as a frenzy test; shown as a message of its own."""

    posts = True

    def __init__(self, roll: str, follow_up: FollowUp, roller: str) -> None:
        self.follow_up = follow_up
        custom_id = f"follow:{roll}:{follow_up.check}:{roller}:{_packed(follow_up.options)}"
        if len(custom_id) > CUSTOM_ID:
            custom_id = f"follow:{roll}:{follow_up.check}:{roller}:"
        super().__init__(roll, roller, custom_id, follow_up.label, discord.ButtonStyle.danger)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        name, _, value = match["options"].partition("=")
        options = {name: int(value)} if value else {}
        return cls(match["roll"], FollowUp(match["slug"], "Go on", options), match["roller"])

    async def pressed(self, interaction: Interaction) -> Reply:
        body = {"check": self.follow_up.check, "options": self.follow_up.options, "roll": self.roll}
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.check(facts.of(interaction), body))


def _packed(options: Json) -> str:
    """The one number that a follow-up needs; what the backend knows by itself is left out."""
    numbers = [(name, value) for name, value in options.items() if type(value) is int and value >= 0]
    return f"{numbers[0][0]}={numbers[0][1]}" if numbers else ""


class Pick(_Press, template=rf"pick:{_ROLL}:{_ROLLER}"):
    """Puts a menu of the dice under the card."""

    def __init__(self, roll: str, roller: str, label: str = "Pick dice") -> None:
        super().__init__(roll, roller, f"pick:{roll}:{roller}", label, discord.ButtonStyle.secondary)

    async def pressed(self, interaction: Interaction) -> Reply:
        answer = await facts.bot(interaction).backend.play.look(facts.of(interaction), self.roll)
        if not answer.roll.rerollable:
            raise Refused("None of these dice may be rolled again any more.")
        menu = PickDice(answer.roll.id, self.roller, answer.roll)
        return reply(interaction, answer, [menu, Back(self.roll, self.roller)])


class Back(_Press, template=rf"back:{_ROLL}:{_ROLLER}"):
    """The card as it was."""

    def __init__(self, roll: str, roller: str) -> None:
        super().__init__(roll, roller, f"back:{roll}:{roller}", "Back", discord.ButtonStyle.secondary)

    async def pressed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.look(facts.of(interaction), self.roll))


class PickDice(DynamicItem[Select[Any]], template=rf"picked:{_ROLL}:{_ROLLER}"):
    """A menu of dice; choosing some shows what rolling them again would do."""

    def __init__(self, roll: str, roller: str, of: Roll | None = None) -> None:
        self.roll = roll
        self.roller = roller
        options = choices(of) if of else []
        super().__init__(
            Select(
                custom_id=f"picked:{roll}:{roller}",
                placeholder="Which dice to roll again",
                options=options,
                max_values=max(1, min(of.pick_most, len(options))) if of else 1,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["roll"], match["roller"])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._chosen(interaction), edit=True)

    async def _chosen(self, interaction: Interaction) -> Reply:
        only_roller(interaction, self.roller)
        picked = sorted(int(value) for value in self.item.values if value.isdecimal())
        answer = await facts.bot(interaction).backend.play.look(facts.of(interaction), self.roll, picked)
        strategy = next(iter(answer.strategies), None)
        if strategy is None:
            raise Refused("None of these dice may be rolled again any more.")
        again = AgainPicked(self.roll, picked, self.roller, _named(answer.roll, picked, strategy))
        others = Pick(self.roll, self.roller, "Other dice")
        return reply(interaction, answer, [again, others, Back(self.roll, self.roller)])


def _named(roll: Roll, picked: list[int], strategy: Strategy) -> str:
    values = ", ".join(str(roll.dice[index].value) for index in picked if index < len(roll.dice))
    return dice_cards.offer(
        Strategy("picked", f"Roll {values} again", (), win=strategy.win, gain=strategy.gain)
    )


def choices(roll: Roll) -> list[discord.SelectOption]:
    """Dice that show the same are alike: as many of each as may be picked, the worst first, 25 at most."""
    offered: dict[tuple[str, str], int] = {}
    found = []
    for index in sorted(roll.rerollable, key=lambda i: (roll.dice[i].value, i)):
        die = roll.dice[index]
        word = _word(roll, die)
        offered[die.kind, word] = offered.get((die.kind, word), 0) + 1
        if offered[die.kind, word] <= roll.pick_most:
            kind = "" if die.kind == "regular" else f"{die.kind.capitalize()} "
            label = f"{kind}{die.value}" + (f": {word}" if word else "")
            found.append(discord.SelectOption(label=clip(label, 100), value=str(index)))
    return found[:25]


def _word(roll: Roll, die: Die) -> str:
    shown = face(roll.system, die, roll.options)
    return shown.word if shown else ""


class AgainPicked(_Press, template=rf"againdice:{_ROLL}:{_PICKED}:{_ROLLER}"):
    def __init__(self, roll: str, picked: list[int], roller: str, label: str = "Roll again") -> None:
        self.picked = picked
        custom_id = f"againdice:{roll}:{'.'.join(map(str, picked))}:{roller}"
        super().__init__(roll, roller, custom_id, label, discord.ButtonStyle.primary)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["roll"], [int(one) for one in match["picked"].split(".")], match["roller"])

    async def pressed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.reroll(facts.of(interaction), self.roll, picked=self.picked))


class Reveal(DynamicItem[Button[Any]], template=rf"reveal:{_ROLL}"):
    """Shows a hidden roll to the channel, from now on public; the backend knows who may."""

    def __init__(self, roll: str) -> None:
        self.roll = roll
        super().__init__(
            Button(label="Reveal", style=discord.ButtonStyle.success, custom_id=f"reveal:{roll}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["roll"])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._revealed(interaction), public=True)

    async def _revealed(self, interaction: Interaction) -> Reply:
        play = facts.bot(interaction).backend.play
        return reply(interaction, await play.reveal(facts.of(interaction), self.roll))


PERSISTENT: tuple[type[DynamicItem[Any]], ...] = (
    Again,
    AgainPicked,
    Back,
    Choose,
    Details,
    Follow,
    Pick,
    PickDice,
    Reveal,
    Strike,
)
