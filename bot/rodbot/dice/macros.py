"""`/macro …`: rolls that are made often, kept with a character: run, saved, changed, shared."""

from typing import TypeVar

from discord import app_commands

from contract import endpoints
from contract.macros import ChangeMacro, ListMacros, MacroFields, OneMacro, RunMacro, SaveMacro
from contract.schema import DiceSchema
from contract.translation import _
from rodbot.core.calls import call, send
from rodbot.core.completion import Load, completion
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.mentions import mention
from rodbot.core.options import Option, Short, Values, command, input_of, yes
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.dice.buttons import reply
from rodbot.dice.general import AnyRoll
from rodbot.dice.options import HIDE, NOTES, POOL, VISIBILITY, character, is_public, roll_input

MacroInput = TypeVar("MacroInput", bound=MacroFields)
WHOSE = character()
SHARED = yes("shared", "Others at the table can use it too")
OTHER_POOL = Option(POOL.name, POOL.kind, "New pool", complete=POOL.complete)


def _names(shared: bool) -> Load:
    async def load(interaction: Interaction, character: str | None, query: str) -> list[tuple[str, str]]:
        asked = ListMacros(character=character, q=query, shared=shared)
        macros = (await call(interaction, endpoints.LIST_MACROS, asked)).results
        return [(str(macro.id), macro.label) for macro in macros]

    return load


def _macro(description: str, shared: bool, kind: str) -> Option:
    complete = completion(_names(shared), kind, option="character")
    return Option("name", Short, description, True, complete, field="macro")


MACRO = _macro("Macro", False, "macros")
SHARED_MACRO = _macro("A macro that somebody shares", True, "shared macros")


def macro_group(dice: DiceSchema) -> app_commands.Group:
    """Their options are those of a roll of any system."""
    any_roll = AnyRoll(dice)
    group = app_commands.Group(name="macro", description="Rolls that you make often")
    for made in (_run(any_roll), _save(any_roll), _edit(any_roll), _copy(), _delete(), _list()):
        group.add_command(made)
    return group


def _macro_input(model: type[MacroInput], any_roll: AnyRoll, values: Values) -> MacroInput:
    """An input from the parts of a macro that were given."""
    fields: dict[str, object] = {"pool": None, "system": None, "options": any_roll.options_of(values) or None}
    if values.get("pool"):
        fields |= any_roll.pool_of(values)
    return input_of(model, values, **fields)


def _answer(answer: OneMacro, head: str) -> Reply:
    macro = answer.macro
    line = f"{head} {escape(macro.label, 300)} ({escape(macro.character.name, 60)})"
    shared = _("Others at the table can use it.") if macro.shared else ""
    return Reply(content=clip("\n".join(filter(None, [line, shared])), MESSAGE))


def _run(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        options = any_roll.options_of(values) or None
        given = roll_input(RunMacro, values, options=options)
        return reply(interaction, await call(interaction, endpoints.RUN_MACRO, given))

    options = [MACRO, *any_roll.options, WHOSE, VISIBILITY, HIDE, NOTES]
    return command("run", "Roll a macro; options you set apply only this time", options, work, is_public)


def _save(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        given = _macro_input(SaveMacro, any_roll, values)
        return _answer(await call(interaction, endpoints.SAVE_MACRO, given), _("Macro saved:"))

    name = Option("name", Short, "Name of the macro", True)
    options = [name, POOL, *any_roll.options, any_roll.system, WHOSE, SHARED, NOTES]
    return command("save", "Save a roll as a macro", options, work)


def _edit(any_roll: AnyRoll) -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        given = _macro_input(ChangeMacro, any_roll, values)
        return _answer(await call(interaction, endpoints.CHANGE_MACRO, given), _("Macro changed:"))

    new_name = Option("new_name", Short, "New name", field="name")
    options = [MACRO, new_name, OTHER_POOL, *any_roll.options, any_roll.system, WHOSE, SHARED, NOTES]
    return command("edit", "Change a macro; options you set replace its current ones", options, work)


def _copy() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        return _answer(await send(interaction, endpoints.COPY_MACRO, values), _("Macro copied:"))

    return command("copy", "Copy a macro that somebody shares", [SHARED_MACRO, WHOSE], work)


def _delete() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        return _answer(await send(interaction, endpoints.DELETE_MACRO, values), _("Macro deleted:"))

    return command("delete", "Delete a macro", [MACRO, WHOSE], work)


def _list() -> Command:
    async def work(interaction: Interaction, values: Values) -> Reply:
        macros = (await send(interaction, endpoints.LIST_MACROS, values)).results
        if not macros:
            return Reply(
                content=_(
                    "There are no macros here yet. Save one with {command}.", command=mention("macro save")
                )
            )
        rows = [f"• {escape(macro.label, 200)} ({escape(macro.character.name, 60)})" for macro in macros]
        return Reply(content=clip(join_lines(rows, MESSAGE, 25), MESSAGE))

    return command(
        "list", "List your macros", [WHOSE, yes("shared", "Macros that others share instead")], work
    )
