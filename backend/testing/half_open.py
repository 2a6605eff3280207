"""Servers that fall silent: nothing comes from them any more, and no connection to them ends."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.common import wait_until

HOST = "127.0.0.1"


class Line:
    """Forwards connections to a port, as a network does; `cut` drops all that passes, and tells neither side."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._carries = threading.Event()
        self._carries.set()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._listener, *self._sockets):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        """Of open connections, and of those to come."""
        self._carries.clear()

    def heal(self) -> None:
        """For connections to come. Those that were cut stay as they are: open, and silent."""
        if not self._carries.is_set():
            self._carries = threading.Event()
            self._carries.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((HOST, self._target))
                self._sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(source, sink, self._carries), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, carries: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if carries.is_set():
                sink.sendall(data)
    if carries.is_set():
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A program and all below it, stopped: PostgreSQL has a process for each connection."""
    family = _family_of(pid)
    _send(signal.SIGSTOP, family)
    assert wait_until(lambda: all(map(_stands, family)), 10), "the program did not stop"
    try:
        yield
    finally:
        _send(signal.SIGCONT, family)


def _family_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in _family_of(int(child)))]


def _stands(pid: int) -> bool:
    """Whether each thread of it has stopped: on a busy machine one may answer once more."""
    states = (
        stat.read_text().rpartition(")")[2].split()[0] for stat in Path(f"/proc/{pid}/task").glob("*/stat")
    )
    return all(state in "TtZX" for state in states)


def _send(number: int, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
