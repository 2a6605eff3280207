"""Macros: rolls of a character under a name."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Flag, Named, Note, Reference
from contract.characters import CharacterInput, Typed
from contract.errors import sentence
from contract.roll_fields import MAX_NAME, Options, Pool, System, Value
from contract.rolls import PoolInput
from contract.translation import N_

MacroName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_NAME,
        json_schema_extra=sentence(N_("A macro needs a name of 1 to 50 characters.")),
    ),
]
MacroRef = Annotated[Reference, Field(description="Id; or the name, with its character")]


class MacroFields(CharacterInput):
    """What is left out stays as it is."""

    name: MacroName | None = None
    pool: Pool | None = None
    system: System | None = None
    options: Options | None = None
    note: Note | None = None
    shared: Annotated[Flag | None, Field(description="Others at the table can use it too")] = None


class SaveMacro(MacroFields):
    name: MacroName
    pool: Pool


class NamedMacro(CharacterInput):
    macro: MacroRef


class ChangeMacro(MacroFields):
    macro: MacroRef


class RunMacro(PoolInput):
    """What is named differs this once."""

    macro: MacroRef


class ListMacros(CharacterInput):
    q: Typed = ""
    shared: Annotated[Flag, Field(description="Those that others share")] = False


class Macro(Answer):
    id: UUID
    name: str
    character: Named
    system: str
    pool: int | str
    options: dict[str, Value]
    note: str
    shared: bool
    label: str


class OneMacro(Answer):
    macro: Macro


class Macros(Answer):
    results: list[Macro]
