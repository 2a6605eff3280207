"""What a live site serves: every script that another one imports goes by the name of its content."""

import re
from pathlib import Path
from typing import Any

from django.core.management import call_command

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+\.js)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def test_imports_between_scripts_name_their_content(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "rod.static.ModuleStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    served = [path for path in (tmp_path / "main").rglob("*.js") if HASHED.search(path.name)]
    found = {path: IMPORT.findall(path.read_text()) for path in served}
    assert sum(map(len, found.values())) > 10
    for path, names in found.items():
        assert all(HASHED.search(name) and (path.parent / name).resolve().is_file() for name in names), path
