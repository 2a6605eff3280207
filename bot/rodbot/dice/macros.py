"""`/macro …`: rolls that are made often, kept with a character: run, saved, changed, shared."""

from discord import app_commands

from rodbot.core.bot import Interaction
from rodbot.core.completion import Load, completion
from rodbot.core.models import Json
from rodbot.core.options import Option, Short, Values, command, given, number, yes
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.dice.buttons import reply
from rodbot.dice.calls import DiceCalls
from rodbot.dice.general import MORE_NAMES, NAMES, OPTIONS, SYSTEM, system_of
from rodbot.dice.options import HIDE, NOTES, POOL, VISIBILITY, character, is_public, pool_of
from rodbot.dice.play import Macro

group = app_commands.Group(name="macro", description="Rolls that you make often")
WHOSE = character()


def _names(shared: bool) -> Load:
    async def load(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
        macros = await DiceCalls.of(interaction).macros(character, query, shared)
        return [(macro.id, macro.label) for macro in macros]

    return load


MACRO = Option("name", Short, "Which macro", True, completion(_names(False), "macros", option="character"))
SHARED_MACRO = Option(
    "name",
    Short,
    "Which macro of somebody else's",
    True,
    completion(_names(True), "shared macros", option="character"),
)


def _body(values: Values) -> Json:
    """The parts of a macro that were given."""
    body = given(values, "character", "shared", notes="note")
    options = given(values, *NAMES, *MORE_NAMES, "rouse")
    if values.get("pool"):
        body |= {"pool": pool_of(values["pool"]), **system_of(values)}
    return body | ({"options": options} if options else {})


def _answer(macro: Macro, head: str) -> Reply:
    shared = " Others at the table can use it." if macro.shared else ""
    whose = f" of {escape(macro.character, 60)}" if macro.character else ""
    return Reply(content=clip(f"{head}: {escape(macro.label, 300)}{whose}.{shared}", MESSAGE))


# run


async def _run(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "character", "visibility", "hide_difficulty", name="macro", notes="note")
    options = given(values, "difficulty", "hunger", "modifier")
    if options:
        body["options"] = options
    return reply(interaction, await DiceCalls.of(interaction).run_macro(body))


group.add_command(
    command(
        "run",
        "Roll a macro; what you name differs this once",
        [
            MACRO,
            number("difficulty", 0, 50, "Another difficulty"),
            number("hunger", 0, 5, "Other Hunger dice"),
            number("modifier", -50, 50, "Dice more or less"),
            WHOSE,
            VISIBILITY,
            HIDE,
            NOTES,
        ],
        _run,
        is_public,
    )
)


# save, edit, copy, delete

ROUSE = number("rouse", 0, 5, "Vampire: Rouse checks that come with the roll")
SHARED = yes("shared", "Others at the table can use it too")


async def _save(interaction: Interaction, values: Values) -> Reply:
    body = {**_body(values), "name": values["name"]}
    return _answer(await DiceCalls.of(interaction).save_macro(body), "Saved")


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


async def _edit(interaction: Interaction, values: Values) -> Reply:
    body = {**_body(values), "macro": values["name"]} | given(values, new_name="name")
    return _answer(await DiceCalls.of(interaction).edit_macro(body), "Changed")


OTHER_POOL = Option(POOL.name, POOL.kind, "Another pool", complete=POOL.complete)
group.add_command(
    command(
        "edit",
        "Change a macro; its options are replaced by those you name",
        [
            MACRO,
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


async def _copy(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "character", name="macro")
    return _answer(await DiceCalls.of(interaction).copy_macro(body), "Yours now")


group.add_command(command("copy", "Take over a macro that somebody shares", [SHARED_MACRO, WHOSE], _copy))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    body = given(values, "character", name="macro")
    return _answer(await DiceCalls.of(interaction).delete_macro(body), "Deleted")


group.add_command(command("delete", "Delete a macro", [MACRO, WHOSE], _delete))


# list


async def _list(interaction: Interaction, values: Values) -> Reply:
    calls, shared = DiceCalls.of(interaction), bool(values.get("shared"))
    macros = await calls.macros(values.get("character"), shared=shared)
    if not macros:
        return Reply(content="There are no macros here yet. `/macro save` keeps a roll under a name.")
    rows = [f"• {escape(macro.label, 200)} ({escape(macro.character, 60)})" for macro in macros]
    return Reply(content=clip(join_lines(rows, MESSAGE, 25), MESSAGE))


group.add_command(
    command("list", "Your macros", [WHOSE, yes("shared", "Those that others share instead")], _list)
)
