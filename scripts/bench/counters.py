"""Counters of the database and of processes: statements from MariaDB, memory and processor time from Linux."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

STATEMENTS = ("select", "insert", "update", "delete", "replace")
# What frames a transaction; the driver sets autocommit where SQL would say BEGIN.
FRAMES = ("begin", "commit", "rollback", "set_option", "savepoint", "release_savepoint")


class Cursor(Protocol):
    """A cursor of MySQLdb, which has no types of its own."""

    def execute(self, query: str, args: tuple[object, ...] = ..., /) -> object: ...

    def fetchone(self) -> tuple[Any, ...]: ...

    def fetchall(self) -> tuple[tuple[Any, ...], ...]: ...


def snapshot(cursor: Cursor) -> dict[str, int]:
    """Read the server's counters since its start, by the names above."""
    cursor.execute("SHOW GLOBAL STATUS LIKE 'Com\\_%'")
    counters = {name.removeprefix("Com_"): int(value) for name, value in cursor.fetchall()}
    return {name: counters[name] for name in (*STATEMENTS, *FRAMES)}


def difference(before: dict[str, int], after: dict[str, int], times: int) -> dict[str, float]:
    """Return the counts of each of `times` repetitions; what did not happen is left out."""
    each = {name: (after[name] - before[name]) / times for name in before}
    return {name: value for name, value in each.items() if value}


def count(each: dict[str, float]) -> float:
    """Count the statements alone, without what frames the transaction."""
    return sum(value for name, value in each.items() if name in STATEMENTS)


def in_words(each: dict[str, float]) -> str:
    """Format counts: `5 select, 3 update + 1 commit`."""
    parts = (
        ", ".join(f"{value:.3g} {name}" for name, value in each.items() if name in group)
        for group in (STATEMENTS, FRAMES)
    )
    return " + ".join(part for part in parts if part)


def memory(pid: int) -> int:
    """Return the bytes of a process and its children: pages that are shared count in part (PSS)."""
    return sum(_pss(process) for process in (pid, *children(pid)))


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"the system shows no memory of process {pid}")


def children(pid: int) -> list[int]:
    """List the children of a process and all that they started."""
    processes = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread ended in this moment
            for child in map(int, (task / "children").read_text().split()):
                processes += [child, *children(child)]
    return processes


def cpu(pid: int) -> float:
    """Return the processor time of a process and its children in seconds, threads that have ended included."""
    # The clock of another process, numbered as by clock_getcpuclockid(3).
    return sum(time.clock_gettime((~process << 3) | 2) for process in (pid, *children(pid)))
