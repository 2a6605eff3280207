"""What the processes really did: statements as MariaDB counts them, memory as Linux counts it."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

STATEMENTS = ("select", "insert", "update", "delete", "replace")
# What frames a transaction; the driver sets autocommit where SQL would say BEGIN.
FRAMES = ("begin", "commit", "rollback", "set_option", "savepoint", "release_savepoint")


def snapshot(cursor: Any) -> dict[str, int]:
    """The server's counters since its start, by the names above."""
    cursor.execute("SHOW GLOBAL STATUS LIKE 'Com\\_%'")
    found = {name.removeprefix("Com_"): int(value) for name, value in cursor.fetchall()}
    return {name: found[name] for name in (*STATEMENTS, *FRAMES)}


def difference(before: dict[str, int], after: dict[str, int], times: int) -> dict[str, float]:
    """For each of `times` repetitions; what did not happen is left out."""
    each = {name: (after[name] - before[name]) / times for name in before}
    return {name: value for name, value in each.items() if value}


def count(each: dict[str, float]) -> float:
    """Statements alone, without what frames the transaction."""
    return sum(value for name, value in each.items() if name in STATEMENTS)


def in_words(each: dict[str, float]) -> str:
    """`5 select, 3 update + 1 commit`"""
    parts = (
        ", ".join(f"{value:.3g} {name}" for name, value in each.items() if name in group)
        for group in (STATEMENTS, FRAMES)
    )
    return " + ".join(part for part in parts if part)


def memory(pid: int) -> int:
    """Bytes of a process and its children: pages that are shared count in part (PSS)."""
    return sum(_pss(one) for one in (pid, *children(pid)))


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"the system does not tell the memory of process {pid}")


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread ended in this moment
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children(child)]
    return found


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and its children so far, threads that have ended included."""
    # The clock of another process, as clock_getcpuclockid(3) makes its number.
    return sum(time.clock_gettime((~one << 3) | 2) for one in (pid, *children(pid)))
