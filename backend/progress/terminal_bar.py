"""A bar for what takes a while: redrawn on a terminal, a line every quarter elsewhere."""

from typing import Protocol

WIDTH = 30


class Terminal(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class TerminalBar:
    def __init__(self, out: Terminal, what: str, total: int) -> None:
        self._out, self._what, self._total = out, what, max(total, 1)
        self._done, self._shown = 0, -1

    def add(self, count: int) -> None:
        """So many more; the total may be an estimate, so the bar stays below full until `close`."""
        self._done += count
        self._show(min(99, self._done * 100 // self._total))

    def close(self) -> None:
        self._show(100)

    def _show(self, percent: int) -> None:
        is_terminal = self._out.isatty()
        percent = percent if is_terminal else percent // 25 * 25
        if percent <= self._shown:
            return
        self._shown = percent
        text = f"{self._what:<22} {percent:>3} %"
        if is_terminal:
            full = percent * WIDTH // 100
            self._out.write(f"\r{text}  [{'#' * full}{' ' * (WIDTH - full)}]" + "\n" * (percent == 100))
        else:
            self._out.write(f"{text}\n")
        self._out.flush()
