"""Every request of the bot with its body and the answer, newest last, for tests and for looking."""

import time
from collections import deque
from typing import Any

from sandbox.errors import Json
from sandbox.ids import now_iso

KEPT = 5000


class Recorder:
    """`entries` hold no Authorization header; interaction tokens stand in paths and die within minutes."""

    def __init__(self) -> None:
        self.entries: deque[Json] = deque(maxlen=KEPT)

    def add(self, *, method: str, path: str, query: dict[str, str], started: float, status: int) -> Json:
        entry: Json = {
            "at": now_iso(),
            "method": method,
            "path": path,
            "query": query,
            "status": status,
            "ms": round((time.perf_counter() - started) * 1000, 2),
            "body": None,
            "files": [],
            "answer": None,
        }
        self.entries.append(entry)
        return entry

    def find(self, method: str, ending: str) -> list[Json]:
        """The requests of a method whose path ends so."""
        return [e for e in self.entries if e["method"] == method and e["path"].endswith(ending)]

    def clear(self) -> None:
        self.entries.clear()

    def listed(self) -> list[dict[str, Any]]:
        return list(self.entries)
