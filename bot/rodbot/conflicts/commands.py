"""`/init …`: initiative, for the conflict of the channel. The backend decides what is allowed.

Each command answers the person alone. What everybody sees stands in the one message of the conflict."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Literal

from discord import app_commands
from discord.app_commands import Choice, Range

from contract.notices import sentence
from rodbot.characters.names import character_names
from rodbot.conflicts import cards, message
from rodbot.conflicts.calls import ConflictCalls
from rodbot.conflicts.models import CURRENT, Conflict
from rodbot.core.bot import Interaction, bot_of
from rodbot.core.completion import Completion, choices, completion, matching, within_deadline
from rodbot.core.errors import Refused
from rodbot.core.models import Json
from rodbot.core.options import Option, Short, Values, command, given, number, yes
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.suggestions import MAX_SHOWN
from rodbot.core.text import MESSAGE, escape, join_lines
from rodbot.desk.calls import DeskCalls
from rodbot.dice.options import load_pools, pool_of

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
    """Autocomplete of something of the conflict in this channel: pairs of a value and its label."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await within_deadline(_picked(interaction, current, pick))

    return complete


async def _picked(
    interaction: Interaction, current: str, pick: Callable[[Conflict], Pairs]
) -> list[Choice[str]]:
    return choices(matching(pick(await ConflictCalls.of(interaction).look()), current))


def _participants(conflict: Conflict) -> Pairs:
    """The caller's own first."""
    ordered = sorted(conflict.participants, key=lambda participant: not participant.yours)
    return [(participant.id, participant.name) for participant in ordered]


def _correctable(conflict: Conflict) -> Pairs:
    """Those whose numbers the caller may correct."""
    return [
        (participant.id, participant.name)
        for participant in conflict.participants
        if participant.yours or conflict.runs
    ]


def _effects(conflict: Conflict) -> Pairs:
    return [
        (effect.id, f"{effect.name}: {effect.text}" if effect.name else effect.text)
        for effect in conflict.effects
    ]


_own_characters = character_names()


async def _characters(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The caller's own characters; for storytellers those of the table after them."""
    own, table = await asyncio.gather(
        _own_characters(interaction, current), within_deadline(_at_the_table(interaction, current))
    )
    known = {choice.value for choice in own}
    return [*own, *(choice for choice in table if choice.value not in known)][:MAX_SHOWN]


async def _at_the_table(interaction: Interaction, current: str) -> list[Choice[str]]:
    desk = await DeskCalls.of(interaction).desk(current)
    return choices((line.id, f"{line.name} — {line.owner}") for line in desk.characters)


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
        complete=completion(load_pools, "pool", option="name"),
    ),
)
HIDDEN = yes("hidden", "Storytellers: the others do not see that they take part")
PARTICIPANT = Option(
    "participant", Short, "Who of the conflict; yourself if left out", complete=_of_conflict(_participants)
)
SOMEBODY = Option("participant", Short, "Who of the conflict", True, _of_conflict(_participants))


def _numbers(values: Values) -> Json:
    body = given(values, "modifier", "extra_actions", "hidden", dexterity_wits="rating")
    return {**body, "pool": pool_of(values["pool"])} if values.get("pool") else body


# Start, join


async def _new(interaction: Interaction, values: Values) -> Reply:
    kind = {"kind": KINDS[values["kind"]]} if values.get("kind") else {}
    return await message.start(interaction, given(values, "title") | kind)


async def _roll(interaction: Interaction, values: Values) -> Reply:
    body = {**_numbers(values), **given(values, "name")}
    return message.rolled(await ConflictCalls.of(interaction).roll(body))


async def _reroll(interaction: Interaction, values: Values) -> Reply:
    body = {**_numbers(values), **given(values, "again", name="participant")}
    return message.rolled(await ConflictCalls.of(interaction).roll(body))


async def _join(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "name", "extra_actions", "hidden", "everybody")
    return message.joined(await ConflictCalls.of(interaction).join(body))


async def _leave(interaction: Interaction, values: Values) -> Reply:
    await ConflictCalls.of(interaction).leave(given(values, "participant"))
    return Reply(content="Out of it.")


# Act


async def _declare(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "action", "category", "participant")
    return message.declared(await ConflictCalls.of(interaction).declare(body))


def _moving(move: str, head: str) -> Callable[[Interaction, Values], Work]:
    async def moved(interaction: Interaction, values: Values) -> Reply:
        body = {"move": move, **given(values, "participant")}
        return Reply(content=_state(await ConflictCalls.of(interaction).move(body), head))

    return moved


def _state(conflict: Conflict, head: str) -> str:
    turn = next((turn for turn in conflict.turns if turn.state == CURRENT), None)
    now = f"Now: **{escape(turn.name, 60)}**." if turn else f"{escape(conflict.phase_label, 60)}."
    return " ".join([head, now, *(escape(sentence(notice), 200) for notice in conflict.notices)])


async def _end(interaction: Interaction, values: Values) -> Reply:
    conflict = await ConflictCalls.of(interaction).move({"move": "end"})
    return Reply(content=f"{message.named(conflict)} is over. `/init rewind` takes that back.")


async def _change(interaction: Interaction, values: Values) -> Reply:
    changes = given(values, "name", "hidden", "extra_actions")
    if not changes:
        raise Refused("Say what shall be otherwise: the name, whether it is hidden, or the extra actions.")
    answer = await ConflictCalls.of(interaction).change(values["participant"], changes)
    seen = (
        "only storytellers see them" if answer.participant and answer.participant.hidden else "all see them"
    )
    return Reply(content=f"**{escape(answer.name, 60)}**: changed; {seen}.")


# See


async def _show(interaction: Interaction, values: Values) -> Reply:
    """With the caller's own roll, and for storytellers with hidden participants."""
    conflict, text_mode = await ConflictCalls.of(interaction).look_in_words()
    if text_mode:
        return Reply(content=cards.text(conflict))
    return Reply(embeds=[cards.embed(conflict, local=bot_of(interaction).config.sandbox)])


async def _repost(interaction: Interaction, values: Values) -> Reply:
    conflict = Conflict.read(await ConflictCalls.of(interaction).for_table())
    posted = message.render(conflict, local=bot_of(interaction).config.sandbox)
    return Reply(content=f"{message.named(conflict)} stands below.", then=posted)


# Effects


async def _add_effect(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "text", "until", "turns", "participant")
    await ConflictCalls.of(interaction).add_effect(body)
    return Reply(content=f"Noted: {escape(values['text'], 150)}.")


async def _lift(interaction: Interaction, values: Values) -> Reply:
    await ConflictCalls.of(interaction).lift_effect(values["effect"])
    return Reply(content="Lifted.")


async def _passed(interaction: Interaction, values: Values) -> Reply:
    ended = await ConflictCalls.of(interaction).time_passed(values["what"])
    if not ended:
        return Reply(content=f"The {values['what']} is over. Nothing ended with it.")
    lines = [f"The {values['what']} is over, and with it:", *(f"• {escape(text, 150)}" for text in ended)]
    return Reply(content=join_lines(lines, MESSAGE, 60))


def _add(
    name: str,
    description: str,
    options: list[Option],
    work: Callable[[Interaction, Values], Work],
    to: app_commands.Group = group,
) -> None:
    to.add_command(command(name, description, options, work))


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
        Option("name", Short, "Whose roll", True, _of_conflict(_correctable)),
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
        PARTICIPANT,
    ],
    _declare,
)
_add("done", "You have acted: the next one", [PARTICIPANT], _moving("done", "Done."))
_add("skip", "Pass over a turn", [PARTICIPANT], _moving("skip", "Skipped."))
_add("leave", "Take part no longer", [PARTICIPANT], _leave)
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
        Option("participant", Short, "On whom; on all if left out", complete=_of_conflict(_participants)),
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
