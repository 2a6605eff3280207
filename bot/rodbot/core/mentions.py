"""Commands as people read them in replies: one that can be clicked where Discord has it, else its name.

Discord shows a mention by its English name alone, and one by another name does nothing when it is clicked: whose
language has a name of its own for the command reads that name instead.
"""

from collections.abc import Mapping
from contextvars import ContextVar

from contract.command_names import called

# By name, of the place that the current interaction came from.
CommandIds = Mapping[str, int]
_ids: ContextVar[CommandIds | None] = ContextVar("command ids", default=None)


def use_ids(ids: CommandIds) -> None:
    """Mention these commands until the task ends."""
    _ids.set(ids)


def mention(command: str) -> str:
    """`</server edition:1234>` or `` `/server edition` ``, of a command such as `server edition`."""
    return clickable(command) or f"`{called(command)}`"


def clickable(command: str) -> str:
    """Return the mention alone; empty where there is none."""
    path = command.removeprefix("/")
    pk = (_ids.get() or {}).get(path.partition(" ")[0])
    return f"</{path}:{pk}>" if pk and called(path) == f"/{path}" else ""
