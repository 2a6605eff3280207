"""`/init …`: who acts when. The conflict of the channel it is typed in; rights and rules are the backend's.

Each command answers the person alone. What everybody is to see stands in the one message of the conflict."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

from discord import app_commands
from discord.app_commands import Choice, Range

from contract.notices import sentence
from rodbot.characters import names
from rodbot.characters.names import MOST, Completion, in_time
from rodbot.conflicts import cards as conflict_cards
from rodbot.conflicts import message as conflict_components
from rodbot.conflicts.message import calls, named
from rodbot.conflicts.models import CURRENT, Conflict
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.models import Json
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice.options import Ask, Interaction, Short, Values, completing, given, number, pool_of, yes

group = app_commands.Group(
    name="init", description="Initiative and conflicts: who acts when", guild_only=True
)
effect = app_commands.Group(name="effect", description="What lasts for a while", parent=group)
KINDS = {
    "20th anniversary": "20th",
    "Chronicles of Darkness": "cod",
    "5th, simultaneous": "5th",
    "5th, one roll": "5th_once",
}
Titled = Range[str, 1, 100]
Pairs = Iterable[tuple[str, str]]


# Completion


def _of_conflict(pick: Callable[[Conflict], Pairs]) -> Completion:
    """Something of the conflict in this channel: pairs of a value and how it is called."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await in_time(_picked(interaction, current, pick))

    return complete


async def _picked(
    interaction: Interaction, current: str, pick: Callable[[Conflict], Pairs]
) -> list[Choice[str]]:
    pairs = pick(await calls(interaction).now(facts.of(interaction)))
    found = [(value, label) for value, label in pairs if current.casefold() in label.casefold()]
    return [Choice(name=clip(label, 100), value=value) for value, label in found[:MOST]]


def _people(conflict: Conflict) -> Pairs:
    """One's own first."""
    ordered = sorted(conflict.participants, key=lambda one: not one.yours)
    return [(one.id, one.name) for one in ordered]


def _own(conflict: Conflict) -> Pairs:
    """Whose numbers one may correct."""
    return [(one.id, one.name) for one in conflict.participants if one.yours or conflict.runs]


def _effects(conflict: Conflict) -> Pairs:
    return [(one.id, f"{one.name}: {one.text}" if one.name else one.text) for one in conflict.effects]


_mine = names.completion()


async def _characters(interaction: Interaction, current: str) -> list[Choice[str]]:
    """One's own characters; for storytellers those of the table after them."""
    own, table = await asyncio.gather(
        _mine(interaction, current), in_time(_at_the_table(interaction, current))
    )
    known = {choice.value for choice in own}
    return [*own, *(choice for choice in table if choice.value not in known)][:MOST]


async def _at_the_table(interaction: Interaction, current: str) -> list[Choice[str]]:
    found = await facts.bot(interaction).backend.desk.desk(facts.of(interaction), current)
    return [Choice(name=clip(f"{one.name} — {one.owner}", 100), value=one.id) for one in found.characters]


def _pools(interaction: Interaction) -> Ask:
    return facts.bot(interaction).backend.play.pool


# Options

NAME = Option(
    "name", Short, "A character, or any name; your default character if left out", complete=_characters
)
NUMBERS = (
    number("dexterity_wits", 0, 50, "Dexterity + Wits, or the Initiative modifier; by the sheet if left out"),
    number("modifier", -50, 50, "Added to it"),
    number("extra_actions", 0, 5, "Actions beside the first"),
    Option(
        "pool",
        Range[str, 1, 200],
        "Where one roll of a pool decides: a number, or traits",
        complete=completing(_pools, "pool", "name"),
    ),
)
HIDDEN = yes("hidden", "Storytellers: the others do not see that they take part")
WHO = Option(
    "participant", Short, "Who of the conflict; yourself if left out", complete=_of_conflict(_people)
)
SOMEBODY = Option("participant", Short, "Who of the conflict", True, _of_conflict(_people))


def _numbers(values: Values) -> Json:
    body = given(values, "modifier", "extra_actions", "hidden", dexterity_wits="rating")
    return {**body, "pool": pool_of(values["pool"])} if values.get("pool") else body


# Begin, enter


async def _new(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "title")
    if values.get("kind"):
        body["kind"] = KINDS[values["kind"]]
    return await conflict_components.begun(interaction, body)


async def _roll(interaction: Interaction, values: Values) -> Reply:
    body = {**_numbers(values), **given(values, "name")}
    return conflict_components.rolled(await calls(interaction).roll(facts.of(interaction), body))


async def _reroll(interaction: Interaction, values: Values) -> Reply:
    body = {**_numbers(values), **given(values, "again", name="participant")}
    return conflict_components.rolled(await calls(interaction).roll(facts.of(interaction), body))


async def _join(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "name", "extra_actions", "hidden", "everybody")
    return conflict_components.joined(await calls(interaction).join(facts.of(interaction), body))


async def _leave(interaction: Interaction, values: Values) -> Reply:
    await calls(interaction).leave(facts.of(interaction), given(values, "participant"))
    return Reply(content="Out of it.")


# Act


async def _declare(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "action", "category", "participant")
    return conflict_components.said(await calls(interaction).declare(facts.of(interaction), body))


def _moving(move: str, head: str) -> Callable[[Interaction, Values], Awaitable[Reply]]:
    async def moved(interaction: Interaction, values: Values) -> Reply:
        body = {"move": move, **given(values, "participant")}
        return Reply(content=_now(await calls(interaction).move(facts.of(interaction), body), head))

    return moved


def _now(conflict: Conflict, head: str) -> str:
    turn = next((one for one in conflict.turns if one.state == CURRENT), None)
    told = f"Now: **{plain(turn.name, 60)}**." if turn else f"{plain(conflict.phase_label, 60)}."
    return " ".join([head, told, *(plain(sentence(notice), 200) for notice in conflict.notices)])


async def _end(interaction: Interaction, values: Values) -> Reply:
    over = await calls(interaction).move(facts.of(interaction), {"move": "end"})
    return Reply(content=f"{named(over)} is over. `/init rewind` takes that back.")


async def _change(interaction: Interaction, values: Values) -> Reply:
    changes = given(values, "name", "hidden", "extra_actions")
    if not changes:
        raise Refused("Say what shall be otherwise: the name, whether it is hidden, or the extra actions.")
    done = await calls(interaction).change(facts.of(interaction), values["participant"], changes)
    seen = "only storytellers see them" if done.participant and done.participant.hidden else "all see them"
    return Reply(content=f"**{plain(done.name, 60)}**: changed; {seen}.")


# See


async def _show(interaction: Interaction, values: Values) -> Reply:
    """As one may know it oneself: with one's own roll, and for storytellers with who is hidden."""
    now, in_words = await calls(interaction).for_reading(facts.of(interaction))
    if in_words:
        return Reply(content=conflict_cards.text(now))
    local = facts.bot(interaction).config.sandbox
    return Reply(embeds=[conflict_cards.embed(now, local=local)])


async def _repost(interaction: Interaction, values: Values) -> Reply:
    found = Conflict.read(await calls(interaction).as_table(facts.of(interaction)))
    local = facts.bot(interaction).config.sandbox
    return Reply(content=f"{named(found)} stands below.", then=conflict_components.shown(found, local=local))


# Effects


async def _add_effect(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "text", "until", "turns", "participant")
    await calls(interaction).effect(facts.of(interaction), body)
    return Reply(content=f"Noted: {plain(values['text'], 150)}.")


async def _lift(interaction: Interaction, values: Values) -> Reply:
    await calls(interaction).lift(facts.of(interaction), values["effect"])
    return Reply(content="Lifted.")


async def _passed(interaction: Interaction, values: Values) -> Reply:
    ended = await calls(interaction).passed(facts.of(interaction), values["what"])
    if not ended:
        return Reply(content=f"The {values['what']} is over. Nothing ended with it.")
    lines = [f"The {values['what']} is over, and with it:", *(f"• {plain(one, 150)}" for one in ended)]
    return Reply(content=joined(lines, MESSAGE, 60))


def _add(
    name: str,
    description: str,
    options: list[Option],
    work: Callable[[Interaction, Values], Any],
    to: app_commands.Group = group,
) -> None:
    async def acted(interaction: Interaction, values: dict[str, Any]) -> None:
        await run(interaction, work(interaction, values))

    to.add_command(command(name, description, options, acted))


_add(
    "new",
    "Begin a conflict in this channel",
    [
        Option("kind", Literal[tuple(KINDS)], "By whose rules; those of the server’s edition if left out"),
        Option("title", Titled, "What it is about"),
    ],
    _new,
)
_add("roll", "Roll for initiative", [NAME, *NUMBERS, HIDDEN], _roll)
_add(
    "reroll",
    "Correct the numbers of a roll before the reveal; the die stays",
    [
        Option("name", Short, "Whose roll", True, _of_conflict(_own)),
        *NUMBERS,
        yes("again", "Storytellers: throw the die again as well"),
    ],
    _reroll,
)
_add(
    "join",
    "Take part in a round with the same initiative, or where nothing is rolled",
    [NAME, NUMBERS[2], HIDDEN, yes("everybody", "Storytellers: everybody who took part before")],
    _join,
)
_add(
    "declare",
    "Say what you do",
    [
        Option("action", Range[str, 1, 150], "What it is", True),
        Option(
            "category",
            Range[str, 1, 30],
            "5th: what kind of action, which decides the order",
            complete=_of_conflict(lambda conflict: conflict.categories),
        ),
        WHO,
    ],
    _declare,
)
_add("done", "You have acted: the next one", [WHO], _moving("done", "Done."))
_add("skip", "Pass over a turn", [WHO], _moving("skip", "Skipped."))
_add("leave", "Take part no longer", [WHO], _leave)
_add(
    "change",
    "Another name, hide or show them, other extra actions",
    [SOMEBODY, Option("name", Short, "What they are called"), HIDDEN, NUMBERS[2]],
    _change,
)
_add("show", "The conflict as you may know it, for you alone", [], _show)
_add("repost", "Its message anew at the bottom of the channel", [], _repost)
_add(
    "rewind", "Take the last step back, and the one before it if typed again", [], _moving("rewind", "Back.")
)
_add("end", "End the conflict", [], _end)
_add(
    "add",
    "Something that lasts for a while",
    [
        Option("text", Range[str, 1, 150], "What it is", True),
        Option("until", Literal["turns", "scene", "night", "session"], "What ends it", True),
        number("turns", 1, 50, "How many turns it lasts"),
        Option("participant", Short, "On whom; on all if left out", complete=_of_conflict(_people)),
    ],
    _add_effect,
    effect,
)
_add(
    "lift",
    "End an effect now",
    [Option("effect", Short, "Which effect", True, _of_conflict(_effects))],
    _lift,
    effect,
)
_add(
    "passed",
    "Storytellers: a scene, night or session is over, and all that lasted until then",
    [Option("what", Literal["scene", "night", "session"], "What is over", True)],
    _passed,
    effect,
)
