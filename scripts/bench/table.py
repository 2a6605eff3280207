"""The rows of a run as a table for the terminal and for docs/BENCHMARKS.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- results -->", "<!-- end of results -->"
HEAD = ("what", "ours", "floor", "ratio", "aim", "")
MARKS = {True: "ok", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Row:
    """A figure. `met` is None for one without an aim."""

    what: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.what, self.ours, self.floor, ratio, self.aim, MARKS[self.met])


def in_terminal(rows: Sequence[Row]) -> str:
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in ruled
    )
    return "\n".join(line.rstrip() for line in padded)


def in_markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def put_results(document: str, results: str) -> str:
    """Replace what stands between the two marks of a document; the marks are added when it has none."""
    if BEGIN not in document or END not in document:
        return f"{document.rstrip()}\n\n{BEGIN}\n{results.strip()}\n{END}\n".lstrip()
    before, _, rest = document.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{results.strip()}\n{END}{after}"


def write(path: Path, results: str) -> None:
    document = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    path.write_text(put_results(document, results), encoding="utf-8")
