"""Beside a first `dev.sh`: install the development tools, then format the code that was changed.

Nobody who only wants to look waits for it. Its exit code is black's: `--no-serve` and `--check` return it.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts import environment
from scripts.common import CODE, ROOT, ScriptError, run, run_main, say


def unformatted_code() -> list[str]:
    """Python files that differ from the last commit, which is formatted: all of it takes a minute. Without git all."""
    python = [f":(glob){part}/**/*.py" for part in CODE[:-1]] + [CODE[-1]]
    found: list[str] = []
    for question in (
        ["diff", "--name-only", "--relative", "--diff-filter=d", "HEAD"],
        ["ls-files", "-o", "--exclude-standard"],
    ):
        command = ["git", *question, "--", *python]
        try:
            found += run(command, "").split("\n")
        except (ScriptError, OSError):
            return list(CODE)
    return [name for name in found if name]


def format_code() -> int:
    code = unformatted_code()
    if not code:
        return 0
    black: list[str | Path] = [environment.python(), "-m", "black", "-q", *code]
    failed = subprocess.run(black, cwd=ROOT, check=False).returncode
    if failed:
        say("Black could not format every file; see above.")
    return failed


def main(arguments: Sequence[str]) -> int:
    environment.prepare()
    return format_code()


if __name__ == "__main__":
    run_main(main)
