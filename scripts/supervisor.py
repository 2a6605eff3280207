"""The running parts of `dev.sh`: started, shown, kept in a log each, and always stopped together."""

import queue
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.common import ScriptError, say, spawn, stop, wait_until

LAST_LINES = 25
READY_SECONDS = 90


class Part:
    """One process. Its output goes to `<logs>/<name>.log`, and to the terminal when `show` is set."""

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
            stop_politely(self.process)
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()

    def exit_report(self) -> str:
        lines = "\n".join(f"  {line}" for line in self.last) or "  (it said nothing)"
        return f"{self.name} stopped by itself (code {self.process.poll()}). Its last lines:\n{lines}"


def stop_politely(process: subprocess.Popen[str]) -> None:
    """`common.stop` closes the pipe at the end; here the reader does, after the last line."""
    pipe, process.stdout = process.stdout, None
    stop(process)
    process.stdout = pipe


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
        """A quiet part speaks in its log alone."""
        part = Part(name, command, env, self.logs / f"{name}.log", self.show and not quiet)
        self.parts.append(part)
        part.watch(self._ended)
        return part

    def end(self, name: str) -> None:
        """On purpose: that it has ended is no news."""
        part = next(part for part in self.parts if part.name == name)
        part.stop()
        self.parts.remove(part)
        ended = [self._ended.get() for _ in range(self._ended.qsize())]
        for other in ended:
            if other is not part:
                self._ended.put(other)

    def raise_if_dead(self, seconds: float = 0) -> None:
        """Waits so long for a part to end; says which and why."""
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
        """For a failure that no part admits to."""
        told = [f"{part.name}:\n" + "\n".join(f"  {line}" for line in part.last) for part in self.parts]
        return "\n".join(told)

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        """Last started, first stopped: the Discord process before the backend that it talks to."""
        for part in reversed(self.parts):
            part.stop()
