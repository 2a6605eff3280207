"""Node, for the checks and tests of the pages' scripts alone: they run without it.

Its packages are those of `scripts/web/package-lock.json`, in `scripts/web/node_modules`, which git ignores.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from scripts.common import ROOT, say

FOLDER = ROOT / "scripts" / "web"
INSTALLED = FOLDER / "node_modules"
STAMP = INSTALLED / "installed.sha256"
SCRIPTS = "backend/main/static/main/js"
TESTS = "backend/main/tests/js"
# Node says of each module that nobody declares what it is.
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"
# What ESLint needs, and modules that no package.json declares.
OLDEST = (20, 19)


def there() -> bool:
    """Whether this system has npm and a Node that is new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", output)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def install() -> bool:
    """Install the packages where the lock file changed; whether they are there."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return True
    say("Installing the packages that check the pages' scripts …")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr)
        return False
    STAMP.write_text(wanted)
    return True


def commands(python: Path) -> dict[str, list[str]]:
    """Return the jobs by name, which start in the top folder."""
    eslint = str(INSTALLED / ".bin" / "eslint")
    tests = [str(path) for path in sorted((ROOT / TESTS).glob("*.test.js"))]
    return {
        "eslint": [eslint, "-c", str(FOLDER / "eslint.config.js"), "--max-warnings", "0", SCRIPTS, TESTS],
        "types of scripts": [str(python), "-m", "scripts.web_types"],
        "tests of scripts": ["node", QUIET, "--test", "--test-reporter=spec", *tests],
    }
