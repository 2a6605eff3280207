"""What has begun is finished before the process ends, in bounded time."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from typing import Any

log = logging.getLogger(__name__)

# For interactions, posts and edits that have begun, and then for what came until the connection was closed; below the
# time that `scripts/run.sh` waits for a process (`scripts/servers.GRACE_SECONDS`).
FINISH, LAST = 20.0, 5.0
# discord.py's names of the tasks of a command, of a press or a form, and of an event.
BEGUN = ("CommandTree-invoker", "discord-ui-", "discord.py: ")


def begun() -> set[asyncio.Task[Any]]:
    """What discord.py has begun: commands, presses, forms, events."""
    mine = asyncio.current_task()
    return {task for task in asyncio.all_tasks() if task is not mine and task.get_name().startswith(BEGUN)}


async def finish(work: Iterable[Awaitable[object]], seconds: float) -> int:
    """Wait so long for all of this to end; return how much did not."""
    tasks = [asyncio.ensure_future(each) for each in work]
    if not tasks:
        return 0
    _, late = await asyncio.wait(tasks, timeout=seconds)
    return len(late)
