"""Write the OpenAPI document of one of the two APIs to a file, or to the terminal.

python -m scripts.openapi api             the public one, which a running backend serves at /api/schema/openapi/
python -m scripts.openapi bot FILE.json   the Discord process's, served at /bot/openapi with the key
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.common import BACKEND, say
from scripts.environment_for_tests import environment_for_tests


def describe(app: str) -> dict[str, Any]:
    """From the code alone: nobody's settings, no database."""
    with tempfile.TemporaryDirectory(prefix="rod-openapi-") as folder:
        os.environ |= environment_for_tests(Path(folder)) | {"DJANGO_SETTINGS_MODULE": "rod.settings"}
        sys.path[:0] = [str(BACKEND)]
        import django

        django.setup()
        from rod.openapi import document

        return document(app)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("app", choices=["api", "bot"])
    parser.add_argument("file", nargs="?", type=Path)
    options = parser.parse_args(arguments)
    text = json.dumps(describe(options.app), indent=2, ensure_ascii=False)
    if options.file:
        options.file.write_text(f"{text}\n", encoding="utf-8")
    else:
        say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
