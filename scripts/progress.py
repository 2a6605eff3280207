"""A bar for what takes a while: redrawn on a terminal, a line every quarter elsewhere."""

import sys

from scripts.common import say

WIDTH = 30


class Bar:
    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = max(total, 1)
        self._done = 0
        self._shown = -1
        self._terminal = sys.stdout.isatty()

    def add(self, count: int) -> None:
        """So many bytes more; the total is an estimate, so the bar stays below full until `close`."""
        self._done += count
        self._show(min(99, self._done * 100 // self._total))

    def close(self) -> None:
        self._show(100)

    def _show(self, percent: int) -> None:
        percent = percent if self._terminal else percent // 25 * 25
        if percent <= self._shown:
            return
        self._shown = percent
        text = f"{self._what:<22} {percent:>3} %"
        if self._terminal:
            full = percent * WIDTH // 100
            end = "\n" if percent == 100 else ""
            print(f"\r{text}  [{'#' * full}{' ' * (WIDTH - full)}]", end=end, flush=True)
        else:
            say(text)
