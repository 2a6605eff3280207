"""Starts the processes of `dev.sh`, shows and logs their output, and always stops them together."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.common import ScriptError, say, spawn, stop, wait_until

LAST_LINES = 25
READY_SECONDS = 90


class Part:
    """A process. Its output goes to `<logs>/<name>.log`, and to the terminal when `show` is set."""

    def __init__(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], log: Path, show: bool
    ) -> None:
        self.name = name
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self.process = spawn(command, env=env)
        self._reader = threading.Thread(target=self._read, args=(log, show), daemon=True)

    def watch(self, ended: "queue.SimpleQueue[Part]") -> None:
        self._ended = ended
        self._reader.start()

    def _read(self, log: Path, show: bool) -> None:
        with log.open("w", encoding="utf-8") as file:
            for line in self.process.stdout or ():
                file.write(line)
                file.flush()
                self.last.append(line.rstrip())
                if show:
                    say(f"{self.name:>8} | {line.rstrip()}")
        self.process.wait()
        self._ended.put(self)

    def stop(self) -> None:
        if self.process.poll() is None:
            stop(self.process, close=False)  # the reader still takes its last lines
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()

    def exit_report(self) -> str:
        lines = "\n".join(f"  {line}" for line in self.last) or "  (no output)"
        return f"{self.name} stopped by itself (code {self.process.poll()}). Its last lines:\n{lines}"


class Supervisor:
    def __init__(self, logs: Path, show: bool) -> None:
        self.logs = logs
        self.show = show
        self.parts: list[Part] = []
        self._ended: queue.SimpleQueue[Part] = queue.SimpleQueue()
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], quiet: bool = False
    ) -> Part:
        """Start a part; the output of a quiet one goes to its log alone."""
        part = Part(name, command, env, self.logs / f"{name}.log", self.show and not quiet)
        self.parts.append(part)
        part.watch(self._ended)
        return part

    def end(self, name: str) -> None:
        """Stop a part on purpose, so that `raise_if_dead` does not report it."""
        part = next(part for part in self.parts if part.name == name)
        part.stop()
        self.parts.remove(part)
        ended = [self._ended.get() for _ in range(self._ended.qsize())]
        for other in ended:
            if other is not part:
                self._ended.put(other)

    def raise_if_dead(self, seconds: float = 0) -> None:
        """Wait so long for a part to end, and raise with its report."""
        try:
            part = self._ended.get(timeout=seconds) if seconds else self._ended.get_nowait()
        except queue.Empty:
            return
        raise ScriptError(part.exit_report())

    def wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        def ready_or_dead() -> bool:
            self.raise_if_dead()
            return ready()

        if not wait_until(ready_or_dead, READY_SECONDS, pause=0.2):
            raise ScriptError(f"{name} did not answer within {READY_SECONDS} s.\n{self.last_output()}")

    def last_output(self) -> str:
        """Return the last lines of every part, for a failure that is none of theirs alone."""
        return "\n".join(
            f"{part.name}:\n" + "\n".join(f"  {line}" for line in part.last) for part in self.parts
        )

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the last started first: the Discord process before the backend that it talks to."""
        for part in reversed(self.parts):
            part.stop()
