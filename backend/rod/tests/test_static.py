"""What a live site serves: every script that another one imports goes by the name of its content."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from rod import static

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+\.js)["']""")
# Types are imported in comments, in circles: those names stay.
COMMENT = re.compile(r"^\s*(?:/\*\*|\*|//).*$", re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.fixture(autouse=True)
def live(settings: Any, tmp_path: Path) -> None:
    """Static files as a live site has them, but for the compression, which is work for a dozen seconds."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "rod.static.ModuleStorage"}}
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css", "js", "json", "svg", "txt", "map")


def test_imports_between_scripts_name_their_content(tmp_path: Path) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    served = [path for path in (tmp_path / "main").rglob("*.js") if HASHED.search(path.name)]
    found = {path: IMPORT.findall(COMMENT.sub("", path.read_text())) for path in served}
    assert sum(map(len, found.values())) > 10
    for path, names in found.items():
        assert all(HASHED.search(name) and (path.parent / name).resolve().is_file() for name in names), path


PRODUCTION = {"ENV": "production", "ALLOWED_HOSTS": "play.example", "SITE_URL": "", "USE_REDIS": "1"}


@pytest.mark.parametrize("command", ["import rod.wsgi", "import rod.asgi"])
def test_safe_09_without_collected_files_one_sentence_says_so_at_start(command: str, tmp_path: Path) -> None:
    """A server of pages does not start; the sockets, which need no files, do."""
    nowhere = f"import rod.settings as s; s.STATIC_ROOT = {str(tmp_path)!r}"
    migrated = "import rod.start; rod.start.make_sure_of_database = lambda: None"
    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{nowhere}; {migrated}; {command}"],
        cwd=Path(static.__file__).parents[1],
        env=os.environ | PRODUCTION | {name: secrets.token_urlsafe(50) for name in ("API_KEY", "SECRET_KEY")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == (3 if "wsgi" in command else 0), started.stderr
    assert started.stderr.count("Run: python backend/manage.py collectstatic") == 1
    assert "Traceback" not in started.stderr


def test_safe_09_the_checks_of_the_site_say_so_too(monkeypatch: Any) -> None:
    monkeypatch.setattr(static, "staticfiles_storage", static.ModuleStorage())
    assert [problem.id for problem in static.static_files_are_collected()] == ["rod.W001"]
    call_command("collectstatic", interactive=False, verbosity=0)
    monkeypatch.setattr(static, "staticfiles_storage", static.ModuleStorage())
    assert not static.static_files_are_collected()
