"""`/macro …`: rolls that are made often, kept with a character: run, saved, changed, shared."""

from collections.abc import Callable
from typing import Any

from discord import app_commands

from rodbot.core import caller as facts
from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice.general import MORE_NAMES, NAMES, OPTIONS, SYSTEM, system_of
from rodbot.dice.options import (
    HIDE,
    NOTES,
    POOL,
    VISIBILITY,
    Ask,
    Interaction,
    Short,
    Values,
    answer,
    character,
    completing,
    given,
    is_public,
    number,
    pool_of,
    yes,
)
from rodbot.dice.play import Macro

group = app_commands.Group(name="macro", description="Rolls that you make often")
WHOSE = character()


def _ask(shared: bool) -> Callable[[Interaction], Ask]:
    def of(interaction: Interaction) -> Ask:
        async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
            found = await facts.bot(interaction).backend.play.macros(who, character, q, shared)
            return [(one.id, one.label) for one in found]

        return ask

    return of


ONE = Option("name", Short, "Which macro", True, complete=completing(_ask(False), "macros"))
SHARED_ONE = Option(
    "name", Short, "Which macro of somebody else's", True, complete=completing(_ask(True), "shared")
)


def _body(values: Values) -> Json:
    """The parts of a macro that were given."""
    body = given(values, "character", "shared", notes="note")
    options = given(values, *NAMES, *MORE_NAMES, "rouse")
    if values.get("pool"):
        body |= {"pool": pool_of(values["pool"]), **system_of(values)}
    return body | ({"options": options} if options else {})


def _about(made: Macro, done: str) -> Reply:
    shared = " Others at the table can use it." if made.shared else ""
    whose = f" of {plain(made.character, 60)}" if made.character else ""
    return Reply(content=clip(f"{done}: {plain(made.label, 300)}{whose}.{shared}", MESSAGE))


# run


async def _run(interaction: Interaction, values: dict[str, Any]) -> None:
    body = given(values, "character", "visibility", "hide_difficulty", name="macro", notes="note")
    options = given(values, "difficulty", "hunger", "modifier")
    if options:
        body["options"] = options
    play = facts.bot(interaction).backend.play
    await answer(interaction, play.run_macro(facts.of(interaction), body), is_public(values))


group.add_command(
    command(
        "run",
        "Roll a macro; what you name differs this once",
        [
            ONE,
            number("difficulty", 0, 50, "Another difficulty"),
            number("hunger", 0, 5, "Other Hunger dice"),
            number("modifier", -50, 50, "Dice more or less"),
            WHOSE,
            VISIBILITY,
            HIDE,
            NOTES,
        ],
        _run,
    )
)


# save, edit, copy, delete

ROUSE = number("rouse", 0, 5, "Vampire: Rouse checks that come with the roll")
SHARED = yes("shared", "Others at the table can use it too")


async def _save(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _saved(interaction, {**_body(values), "name": values["name"]}))


async def _saved(interaction: Interaction, body: Json) -> Reply:
    made = await facts.bot(interaction).backend.play.save_macro(facts.of(interaction), body)
    return _about(made, "Saved")


group.add_command(
    command(
        "save",
        "Keep a roll under a name",
        [
            Option("name", Short, "What it is called", True),
            POOL,
            *OPTIONS,
            ROUSE,
            SYSTEM,
            WHOSE,
            SHARED,
            NOTES,
        ],
        _save,
    )
)


async def _edit(interaction: Interaction, values: dict[str, Any]) -> None:
    body = {**_body(values), "macro": values["name"]} | given(values, new_name="name")
    await run(interaction, _edited(interaction, body))


async def _edited(interaction: Interaction, body: Json) -> Reply:
    made = await facts.bot(interaction).backend.play.edit_macro(facts.of(interaction), body)
    return _about(made, "Changed")


OTHER_POOL = Option(POOL.name, POOL.kind, "Another pool", complete=POOL.complete)
group.add_command(
    command(
        "edit",
        "Change a macro; its options are replaced by those you name",
        [
            ONE,
            Option("new_name", Short, "Another name"),
            OTHER_POOL,
            *OPTIONS,
            ROUSE,
            SYSTEM,
            WHOSE,
            SHARED,
            NOTES,
        ],
        _edit,
    )
)


async def _copy(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _copied(interaction, given(values, "character", name="macro")))


async def _copied(interaction: Interaction, body: Json) -> Reply:
    made = await facts.bot(interaction).backend.play.copy_macro(facts.of(interaction), body)
    return _about(made, "Yours now")


group.add_command(command("copy", "Take over a macro that somebody shares", [SHARED_ONE, WHOSE], _copy))


async def _delete(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _deleted(interaction, given(values, "character", name="macro")))


async def _deleted(interaction: Interaction, body: Json) -> Reply:
    made = await facts.bot(interaction).backend.play.delete_macro(facts.of(interaction), body)
    return _about(made, "Deleted")


group.add_command(command("delete", "Delete a macro", [ONE, WHOSE], _delete))


# list


async def _list(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _listed(interaction, values.get("character"), bool(values.get("shared"))))


async def _listed(interaction: Interaction, of: str | None, shared: bool) -> Reply:
    found = await facts.bot(interaction).backend.play.macros(facts.of(interaction), of, shared=shared)
    if not found:
        return Reply(content="There are no macros here yet. `/macro save` keeps a roll under a name.")
    rows = [f"• {plain(one.label, 200)} ({plain(one.character, 60)})" for one in found]
    return Reply(content=clip(joined(rows, MESSAGE, 25), MESSAGE))


group.add_command(
    command("list", "Your macros", [WHOSE, yes("shared", "Those that others share instead")], _list)
)
