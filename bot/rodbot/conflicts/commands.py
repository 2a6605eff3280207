"""`/init …`: initiative, for the conflict of the channel. The backend decides what is allowed.

Each command answers the person alone. What everybody sees stands in the one message of the conflict."""

from collections.abc import Callable
from typing import Literal

from discord import app_commands

from contract import conflicts, endpoints
from contract.conflicts import Conflict, GetConflict
from contract.notices import sentence
from contract.translation import N_, _
from rodbot.conflicts import cards, message
from rodbot.conflicts.cards import CURRENT
from rodbot.conflicts.options import (
    CATEGORY,
    CORRECTED,
    EFFECT,
    EXTRA_ACTIONS,
    HIDDEN,
    NAME,
    NUMBERS,
    PARTICIPANT,
    SOMEBODY,
    TARGET,
)
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.mentions import mention
from rodbot.core.options import Option, Values, add_command, field_option, input_of
from rodbot.core.places import require_postable
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, escape, join_lines
from rodbot.dice.options import pool_of

group = app_commands.Group(
    name="init", description="Initiative and conflicts: who acts when", guild_only=True
)
effect = app_commands.Group(name="effect", description="Effects that last for a while", parent=group)
KINDS = {
    "20th anniversary": "20th",
    "Chronicles of Darkness": "cod",
    "Fantasy": "fantasy",
    "5th, simultaneous": "5th",
    "5th, one roll": "5th_once",
}
PERIODS = {
    "scene": N_("The scene is over."),
    "night": N_("The night is over."),
    "session": N_("The session is over."),
}


# Start, join


async def _new(interaction: Interaction, values: Values) -> Reply:
    kind = KINDS[values["kind"]] if values.get("kind") else None
    return await message.start(interaction, input_of(conflicts.StartConflict, values, kind=kind))


async def _roll(interaction: Interaction, values: Values) -> Reply:
    pool = pool_of(values.get("pool"))
    return message.rolled(await send(interaction, endpoints.ROLL_INITIATIVE, values, pool=pool))


async def _join(interaction: Interaction, values: Values) -> Reply:
    return message.joined(await send(interaction, endpoints.JOIN_CONFLICT, values))


async def _leave(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.LEAVE_CONFLICT, values)
    return Reply(content=_("Removed from the conflict."))


# Act


async def _declare(interaction: Interaction, values: Values) -> Reply:
    return message.declared(await send(interaction, endpoints.DECLARE, values))


async def _move(interaction: Interaction, values: Values, move: str) -> Conflict:
    return (await send(interaction, endpoints.MOVE_CONFLICT, values, move=move)).conflict


def _moving(move: str, head: str) -> Callable[[Interaction, Values], Work]:
    async def moved(interaction: Interaction, values: Values) -> Reply:
        return Reply(content=_state(await _move(interaction, values, move), _(head)))

    return moved


def _state(conflict: Conflict, head: str) -> str:
    turn = next((turn for turn in conflict.turns if turn.state == CURRENT), None)
    phase = f"{escape(_(conflict.phase_label), 60)}."
    now = _("Now: **{name}**.", name=escape(turn.name, 60)) if turn else phase
    return " ".join([head, now, *(escape(sentence(notice), 200) for notice in conflict.notices)])


async def _end(interaction: Interaction, values: Values) -> Reply:
    conflict = await _move(interaction, values, "end")
    return Reply(
        content=_(
            "{conflict} has ended. {command} undoes that.",
            conflict=message.named(conflict),
            command=mention("init rewind"),
        )
    )


async def _change(interaction: Interaction, values: Values) -> Reply:
    changes = input_of(conflicts.ParticipantChanges, values)
    if not changes.model_fields_set:
        raise Refused(_("Choose what to change: the name, who sees them, or the extra actions."))
    changed = await send(interaction, endpoints.CHANGE_PARTICIPANT, values, changes=changes)
    participant = message.participant_of(changed)
    name = message.name_of(participant)
    if participant and participant.hidden:
        return Reply(content=_("{name} changed. Only storytellers can see them.", name=name))
    return Reply(content=_("{name} changed. Everybody can see them.", name=name))


# See


async def _show(interaction: Interaction, values: Values) -> Reply:
    """With the caller's own roll, and for storytellers with hidden participants."""
    conflict = (await call(interaction, endpoints.GET_CONFLICT, GetConflict())).conflict
    if caller_of(interaction).text_mode:
        return Reply(content=cards.text(conflict))
    return Reply(embeds=[cards.embed(conflict, local=bot_of(interaction).config.sandbox)])


async def _repost(interaction: Interaction, values: Values) -> Reply:
    require_postable(interaction)
    conflict = (await call(interaction, endpoints.GET_CONFLICT, GetConflict(table=True))).conflict
    posted = message.render(conflict, local=bot_of(interaction).config.sandbox)
    return Reply(content=_("{conflict} is below.", conflict=message.named(conflict)), then=posted)


# Effects


async def _add_effect(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.ADD_EFFECT, values)
    return Reply(content=_("Effect added: {text}.", text=escape(values["text"], 150)))


async def _lift(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.LIFT_EFFECT, values)
    return Reply(content=_("Effect ended."))


async def _passed(interaction: Interaction, values: Values) -> Reply:
    ended = (await send(interaction, endpoints.PASS_TIME, values)).ended
    over = _(PERIODS[values["passed"]])
    if not ended:
        return Reply(content=_("{over} No effects ended.", over=over))
    head = _("{over} These effects ended:", over=over)
    return Reply(
        content=join_lines([head, *(f"• {escape(effect.text, 150)}" for effect in ended)], MESSAGE, 60)
    )


add_command(
    group,
    "new",
    "Start a conflict in this channel",
    [
        Option("kind", Literal[tuple(KINDS)], "Rules (default: those of the chronicle’s edition)"),
        field_option(conflicts.StartConflict, "title", "What it’s about"),
    ],
    _new,
)
add_command(group, "roll", "Roll for initiative", [NAME, *NUMBERS, HIDDEN], _roll)
add_command(
    group,
    "reroll",
    "Correct a roll’s numbers before the reveal; the die stays",
    [
        CORRECTED,
        *NUMBERS,
        field_option(conflicts.RollInitiative, "again", "Storytellers: roll the die again too"),
    ],
    _roll,
)
add_command(
    group,
    "join",
    "Join a round with the same initiative, or where nothing is rolled",
    [
        NAME,
        EXTRA_ACTIONS,
        HIDDEN,
        field_option(conflicts.JoinConflict, "everybody", "Storytellers: add everybody from before"),
    ],
    _join,
)
add_command(
    group,
    "declare",
    "Declare your action",
    [
        field_option(conflicts.Declare, "action", "Your action"),
        CATEGORY,
        PARTICIPANT,
    ],
    _declare,
)
add_command(group, "done", "End your turn", [PARTICIPANT], _moving("done", N_("Done.")))
add_command(group, "skip", "Skip a turn", [PARTICIPANT], _moving("skip", N_("Turn skipped.")))
add_command(group, "leave", "Leave the conflict", [PARTICIPANT], _leave)
add_command(
    group,
    "change",
    "Change a participant: name, visibility or extra actions",
    [
        SOMEBODY,
        field_option(conflicts.ParticipantChanges, "name", "New name"),
        HIDDEN,
        EXTRA_ACTIONS,
    ],
    _change,
)
add_command(group, "show", "Show the conflict, only to you", [], _show)
add_command(group, "repost", "Post the conflict’s message again at the bottom of the channel", [], _repost)
add_command(
    group,
    "rewind",
    "Undo the last step; use it again to undo the one before",
    [],
    _moving("rewind", N_("Step undone.")),
)
add_command(group, "end", "End the conflict", [], _end)
add_command(
    effect,
    "add",
    "Add an effect that lasts for a while",
    [
        field_option(conflicts.AddEffect, "text", "The effect"),
        Option("until", Literal["turns", "scene", "night", "session"], "What ends it", True),
        field_option(conflicts.AddEffect, "turns", "How many turns it lasts"),
        TARGET,
    ],
    _add_effect,
)
add_command(
    effect,
    "lift",
    "End an effect now",
    [EFFECT],
    _lift,
)
add_command(
    effect,
    "passed",
    "Storytellers: end a scene, night or session and its effects",
    [Option("what", Literal["scene", "night", "session"], "What is over", True, field="passed")],
    _passed,
)
