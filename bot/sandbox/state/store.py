"""Saves the state: one JSON file, written some time after a change, and a folder beside it for attachments.

Without a path everything stays in memory.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import orjson

from sandbox.errors import Json

DELAY = 0.4  # seconds that changes are collected before they are written
KEPT_BYTES = 256 * 1024 * 1024  # of attachments; the oldest go first


def read(path: Path) -> Json | None:
    return cast(Json, orjson.loads(path.read_bytes())) if path.exists() else None


def write(path: Path, document: Json) -> None:
    """Write the file atomically, readable by its owner alone: it holds the bot's token."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(document, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Store:
    """Saves what `document()` returns, a moment after `touch()`."""

    def __init__(self, path: Path | None, document: Callable[[], Json]) -> None:
        self.path = path
        self.document = document
        self._timer: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        if self.path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self.flush)

    def flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.path is not None:
            write(self.path, self.document())


class Files:
    """The bytes of attachments by id."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, bytes] = {}

    def put(self, attachment_id: str, data: bytes) -> None:
        if self.folder is None:
            self._memory[attachment_id] = data
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / attachment_id).write_bytes(data)
        self._trim()

    def get(self, attachment_id: str) -> bytes | None:
        if self.folder is None:
            return self._memory.get(attachment_id)
        path = self.folder / attachment_id
        return path.read_bytes() if attachment_id.isdigit() and path.exists() else None

    def _sizes(self) -> dict[str, int]:
        if self.folder is None:
            return {key: len(data) for key, data in self._memory.items()}
        return {path.name: path.stat().st_size for path in self.folder.iterdir()}

    def _trim(self) -> None:
        sizes = self._sizes()
        total = sum(sizes.values())
        for key in sorted(sizes, key=int):
            if total <= KEPT_BYTES:
                return
            total -= sizes[key]
            if self.folder is None:
                del self._memory[key]
            else:
                (self.folder / key).unlink()
