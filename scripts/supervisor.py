"""Starts processes, shows and logs their output, and always stops them together.

`dev.sh` ends when one of them dies; `run.sh` starts that one again.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.common import ScriptError, say, spawn, stop, wait_until

LAST_LINES = 25
READY_SECONDS = 90
LAST_WORDS_SECONDS = 1.0  # for what a process has printed to be read
# How long to wait before a process that died is started again: doubled each time, until it has run for a while.
FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 1.0, 60.0, 120.0


class Part:
    """A process. Its output goes to the log if it has one, and to the terminal when `show` is set."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        log: Path | None,
        show: bool,
    ) -> None:
        self.name = name
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self.began = time.monotonic()
        self.process = spawn(command, env=env)
        self._made_of = (name, command, env, log, show)
        self._reader = threading.Thread(target=self._read, args=(log, show), daemon=True)
        self._waiter = threading.Thread(target=self._wait, daemon=True)

    def again(self) -> "Part":
        return Part(*self._made_of)

    def watch(self, ended: "queue.SimpleQueue[Part]") -> None:
        self._ended = ended
        self._reader.start()
        self._waiter.start()

    def _wait(self) -> None:
        """A child that outlives the process may hold its output open: that must hide no death."""
        self.process.wait()
        self._reader.join(LAST_WORDS_SECONDS)
        self._ended.put(self)

    def _read(self, log: Path | None, show: bool) -> None:
        file = log.open("w", encoding="utf-8") if log else None
        for line in self.process.stdout or ():
            if file:
                file.write(line)
                file.flush()
            self.last.append(line.rstrip())
            if show:
                say(f"{self.name:>8} | {line.rstrip()}")
        if file:
            file.close()

    def stop(self, seconds: float | None = None) -> None:
        if self.process.poll() is None:
            stop(self.process, seconds=seconds, close=False)  # the reader still takes its last lines
        self._waiter.join(5)
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()

    def exit_report(self) -> str:
        lines = "\n".join(f"  {line}" for line in self.last) or "  (no output)"
        return f"{self.name} stopped by itself (code {self.process.poll()}). Its last lines:\n{lines}"


class Supervisor:
    def __init__(self, logs: Path | None, show: bool, stop_seconds: float | None = None) -> None:
        self.logs = logs
        self.show = show
        self.parts: list[Part] = []
        self._ended: queue.SimpleQueue[Part] = queue.SimpleQueue()
        self._stop_seconds = stop_seconds
        # By name: how long it was waited the last time, and what is to be started again when.
        self._pauses: dict[str, float] = {}
        self._due: dict[str, tuple[float, Part]] = {}
        if logs:
            logs.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], quiet: bool = False
    ) -> Part:
        """Start a part; the output of a quiet one goes to its log alone."""
        log = self.logs / f"{name}.log" if self.logs else None
        return self._watched(Part(name, command, env, log, self.show and not quiet))

    def _watched(self, part: Part) -> Part:
        self.parts.append(part)
        part.watch(self._ended)
        return part

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    @property
    def names(self) -> list[str]:
        """Of every part, those that wait for their next start included."""
        return [*(part.name for part in self.parts), *self._due]

    def end(self, name: str) -> Part | None:
        """Stop a part on purpose, so that nobody reports it; None when it does not run at the moment."""
        part = self.part(name)
        if part:
            part.stop(self._stop_seconds)
            self._forget(part)
        return part

    def stop_together(self, names: Sequence[str]) -> None:
        """Stop these at once: each may take its time to finish what it has begun."""
        parts = [part for part in self.parts if part.name in names]
        with ThreadPoolExecutor(max(len(parts), 1)) as pool:
            list(pool.map(lambda part: part.stop(self._stop_seconds), parts))

    def restart(self, name: str) -> None:
        """Stop a part and start it again; one that waits for its next start gets it now."""
        part = self.end(name)
        if part is None and name in self._due:
            part = self._due.pop(name)[1]
        if part:
            self._watched(part.again())

    def _forget(self, part: Part) -> None:
        self.parts.remove(part)
        ended = [self._ended.get() for _ in range(self._ended.qsize())]
        for other in ended:
            if other is not part:
                self._ended.put(other)

    def raise_if_dead(self, seconds: float = 0) -> None:
        """Wait so long for a part to end, and raise with its report."""
        if part := self._next_to_end(seconds):
            raise ScriptError(part.exit_report())

    def restart_dead(self, seconds: float) -> None:
        """Wait so long for a part to end; start it again after a pause, a longer one each time it does not last."""
        if (part := self._next_to_end(seconds)) and part in self.parts:
            self.parts.remove(part)
            pause = self._pause_of(part)
            say(f"{part.name} ended by itself (code {part.process.poll()}) and starts again in {pause:g} s.")
            stop(part.process, close=False)  # a child that outlived it would hold its port
            part.stop()
            self._due[part.name] = (time.monotonic() + pause, part)
        now = time.monotonic()
        for name in [name for name, (when, _) in self._due.items() if when <= now]:
            self._watched(self._due.pop(name)[1].again())

    def _pause_of(self, part: Part) -> float:
        steady = time.monotonic() - part.began > STEADY_SECONDS
        before = 0 if steady else self._pauses.get(part.name, 0)
        self._pauses[part.name] = min(before * 2 or FIRST_PAUSE, LONGEST_PAUSE)
        return self._pauses[part.name]

    def _next_to_end(self, seconds: float) -> Part | None:
        try:
            return self._ended.get(timeout=seconds) if seconds else self._ended.get_nowait()
        except queue.Empty:
            return None

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
            part.stop(self._stop_seconds)
