"""`/macro …`: rolls that are made often, kept with a character: run, saved, changed, shared."""

from discord import app_commands

from contract.schema import DiceSchema
from rodbot.core.completion import Load, completion
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.models import Json
from rodbot.core.options import Option, Short, Values, command, given, yes
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.dice.buttons import reply
from rodbot.dice.calls import DiceCalls
from rodbot.dice.general import AnyRoll
from rodbot.dice.options import HIDE, NOTES, POOL, VISIBILITY, character, is_public, pool_of
from rodbot.dice.play import Macro

WHOSE = character()
SHARED = yes("shared", "Others at the table can use it too")
OTHER_POOL = Option(POOL.name, POOL.kind, "Another pool", complete=POOL.complete)


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


def macro_group(dice: DiceSchema) -> app_commands.Group:
    """Their options are those of a roll of any system."""
    any_roll = AnyRoll(dice)
    group = app_commands.Group(name="macro", description="Rolls that you make often")
    for made in (_run(any_roll), _save(any_roll), _edit(any_roll), _copy(), _delete(), _list()):
        group.add_command(made)
    return group


def _body(any_roll: AnyRoll, values: Values) -> Json:
    """The parts of a macro that were given."""
    body = given(values, "character", "shared", notes="note")
    options = any_roll.told(values)
    if values.get("pool"):
        body |= {"pool": pool_of(values["pool"]), **any_roll.system_of(values)}
    return body | ({"options": options} if options else {})


def _answer(macro: Macro, head: str) -> Reply:
    shared = " Others at the table can use it." if macro.shared else ""
    whose = f" of {escape(macro.character, 60)}" if macro.character else ""
    return Reply(content=clip(f"{head}: {escape(macro.label, 300)}{whose}.{shared}", MESSAGE))


def _run(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        body = given(values, "character", "visibility", "hide_difficulty", name="macro", notes="note")
        options = any_roll.told(values)
        if options:
            body["options"] = options
        return reply(interaction, await DiceCalls.of(interaction).run_macro(body))

    options = [MACRO, *any_roll.options, WHOSE, VISIBILITY, HIDE, NOTES]
    return command("run", "Roll a macro; what you name differs this once", options, work, is_public)


def _save(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        body = {**_body(any_roll, values), "name": values["name"]}
        return _answer(await DiceCalls.of(interaction).save_macro(body), "Saved")

    name = Option("name", Short, "What it is called", True)
    options = [name, POOL, *any_roll.options, any_roll.system, WHOSE, SHARED, NOTES]
    return command("save", "Keep a roll under a name", options, work)


def _edit(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        body = {**_body(any_roll, values), "macro": values["name"]} | given(values, new_name="name")
        return _answer(await DiceCalls.of(interaction).edit_macro(body), "Changed")

    new_name = Option("new_name", Short, "Another name")
    options = [MACRO, new_name, OTHER_POOL, *any_roll.options, any_roll.system, WHOSE, SHARED, NOTES]
    return command("edit", "Change a macro; its options are replaced by those you name", options, work)


def _copy() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        body = given(values, "character", name="macro")
        return _answer(await DiceCalls.of(interaction).copy_macro(body), "Yours now")

    return command("copy", "Take over a macro that somebody shares", [SHARED_MACRO, WHOSE], work)


def _delete() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        body = given(values, "character", name="macro")
        return _answer(await DiceCalls.of(interaction).delete_macro(body), "Deleted")

    return command("delete", "Delete a macro", [MACRO, WHOSE], work)


def _list() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        calls, shared = DiceCalls.of(interaction), bool(values.get("shared"))
        macros = await calls.macros(values.get("character"), shared=shared)
        if not macros:
            return Reply(content="There are no macros here yet. `/macro save` keeps a roll under a name.")
        rows = [f"• {escape(macro.label, 200)} ({escape(macro.character, 60)})" for macro in macros]
        return Reply(content=clip(join_lines(rows, MESSAGE, 25), MESSAGE))

    return command("list", "Your macros", [WHOSE, yes("shared", "Those that others share instead")], work)
