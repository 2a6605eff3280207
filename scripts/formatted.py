"""Whether the code is formatted as Black formats it, in a second: Black alone takes one processor for a minute.

ruff formats as Black does but for rare places, so Black is asked only about files that ruff would change, and about
those that differ from the last commit. The long run asks it about all of them.
"""

import json
import subprocess
import sys
from collections.abc import Sequence

from scripts.common import CODE, ROOT, say
from scripts.tools import unformatted_code


def doubtful(code: Sequence[str]) -> list[str]:
    """The files that ruff would format otherwise, or cannot read."""
    command = [sys.executable, "-m", "ruff", "format", "--check", "--output-format", "json", *code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        say(done.stderr)
        return list(code)
    return [found["filename"] for found in json.loads(done.stdout)]


def main() -> int:
    asked = sorted({*doubtful(CODE), *(str(ROOT / name) for name in unformatted_code())})
    if not asked:
        return 0
    black = [sys.executable, "-m", "black", "--check", "-q", "--diff", *asked]
    return subprocess.run(black, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
