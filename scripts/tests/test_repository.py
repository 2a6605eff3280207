"""What must stand where, and that the requirements files hold what the code imports."""

import ast
import importlib.util
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

TOP = Path(__file__).resolve().parent.parent.parent
BACKEND = TOP / "backend"
OWN = {path.stem for path in [*BACKEND.iterdir(), *(TOP / "bot").iterdir(), TOP / "scripts"]} | {
    "conftest",
    "tests",
}
# What players and operators ran into: how many cases there are of each kind.
CASES = {"PLAY": 43, "RUN": 20, "DISC": 10, "SAFE": 9}
# What the run asks for by name instead of by import, and what comes with one of the others.
BROUGHT_ALONG = {
    "botocore",
    "asgiref",
    "yarl",
    "yaml",
    "multidict",
    "httptools",
    "uvloop",
    "zstandard",
    "django_stubs_ext",
    "typing_extensions",
    "annotated_types",
    "jwt",
    "packaging",
    "pydantic_core",
}


def tracked() -> list[Path]:
    files = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    return [TOP / line for line in files.splitlines()]


def names_in(requirements: str) -> set[str]:
    lines = (TOP / requirements).read_text().splitlines()
    pins = [line for line in lines if line and line[0] not in "#-"]
    assert all("==" in pin for pin in pins), "every package has an exact version"
    return {re.split(r"[\[=]", pin)[0].lower().replace("_", "-") for pin in pins}


@cache
def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def imported(paths: list[Path]) -> set[str]:
    names = set().union(*map(imported_by, paths))
    return names - OWN - set(sys.stdlib_module_names) - BROUGHT_ALONG


def distributions(modules: set[str]) -> set[str]:
    known = packages_distributions()
    return {known[name][0].lower().replace("_", "-") for name in modules if name in known}


@pytest.mark.req("CARD-01")
def test_the_top_level_is_the_agreed_one() -> None:
    shown = {path.relative_to(TOP).parts[0] for path in tracked()}
    wanted = {"backend", "bot", "scripts", "docs", "requirements-dev.txt", "requirements.txt", "README.md"}
    assert wanted <= shown
    others = {name for name in shown - wanted if not name.startswith(".")}
    assert others == {"LICENSE", "conftest.py", "locale", "pyproject.toml"}


@pytest.mark.req("S004-91")
def test_the_way_to_update_packages_is_written_down() -> None:
    text = (TOP / ".github" / "CONTRIBUTING.md").read_text().partition("## To update packages")[2]
    steps = ["deps/", "update_packages.sh", "test.sh", "sync_requirements.sh", "git commit"]
    assert sorted(steps, key=text.find) == steps
    assert all(step in text for step in steps)


@pytest.mark.req("CARD-02")
def test_what_runs_is_in_both_requirements_and_what_tests_in_the_second() -> None:
    python = [path for path in tracked() if path.suffix == ".py"]
    tests = [
        path
        for path in python
        if {"tests", "testing", "scripts", "sandbox"} & set(path.parts) or path.name == "conftest.py"
    ]
    runs = distributions(imported([path for path in python if path not in tests]))
    assert runs <= names_in("requirements.txt")
    assert runs - {"mysqlclient"} <= names_in("requirements-dev.txt")
    assert distributions(imported(tests)) <= names_in("requirements-dev.txt") | {"mysqlclient"}


@pytest.mark.req("CARD-03")
def test_the_agreed_packages_are_really_used() -> None:
    used = imported([path for path in tracked() if path.suffix == ".py"])
    assert {"discord", "django", "rest_framework", "channels", "redis", "pytest"} <= used
    wanted = {"discord.py", "django", "djangorestframework", "channels", "redis", "mysqlclient"}
    assert wanted <= names_in("requirements.txt")
    from contract.variables import ENGINES

    assert ENGINES["mysql"] == "mysql"  # the engine that imports mysqlclient


@pytest.mark.req("CARD-15")
def test_the_readme_leads_from_a_clone_to_a_running_page() -> None:
    readme = (TOP / "README.md").read_text()
    for step in (
        "scripts/dev.sh",
        "scripts/test.sh",
        "localhost:8080",
        "localhost:8090",
        "/vampire new",
        "DISCORD_BOT_TOKEN",
    ):
        assert step in readme
    for picture in re.findall(r"\]\((docs/[^)]+)\)", readme):
        assert (TOP / picture.partition("#")[0]).is_file(), picture


@pytest.mark.req("CARD-16")
def test_pytest_from_the_top_runs_backend_and_bot_together() -> None:
    """By its own configuration it takes both folders; a test of each runs in one process from there."""
    import tomllib

    paths = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["testpaths"]
    assert paths == ["backend", "bot/tests", "scripts"]
    picked = ["backend/rules/tests/test_ids.py", "bot/tests/rodbot/test_text.py"]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *picked]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert all(f"{path}::" in done.stdout for path in picked)


@pytest.mark.req("S002-65", "S002-66")
def test_every_link_in_the_docs_leads_to_a_file_and_a_heading_that_there_are() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in [TOP / "README.md", *(TOP / "docs").glob("*.md"), *BACKEND.glob("*/README.md")]
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text())
        if not target.startswith(("http://", "https://", "mailto:")) and not leads_somewhere(page, target)
    ]
    assert broken == []


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists() or not heading:
        return file.exists()
    titles = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
    return heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", ["README.md", *sorted(path.name for path in (TOP / "docs").glob("*.md"))])
def test_what_the_docs_tell_to_run_is_there(name: str) -> None:
    text = (TOP / name if name == "README.md" else TOP / "docs" / name).read_text()
    scripts = re.findall(
        r"(?<![\w/.])(?:scripts|docs|backend|bot)/[\w/.-]+\.(?:sh|py|md|bat|json|yaml|conf)\b", text
    )
    modules = [
        f"scripts/{name.replace('.', '/')}" for name in re.findall(r"python -m scripts\.([\w.]+)", text)
    ]
    found = [path for path in scripts if not ((TOP / path).exists() or (BACKEND / path).exists())]
    found += [path for path in modules if not ((TOP / f"{path}.py").exists() or (TOP / path).is_dir())]
    assert found == []


@pytest.mark.req("S002-65", "S002-66")
@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "TROUBLESHOOTING.md"])
def test_the_design_and_the_usual_troubles_are_written_down(name: str) -> None:
    text = (TOP / "docs" / name).read_text()
    wanted = {
        "ARCHITECTURE.md": [f"`{path.parent.name}`" for path in BACKEND.glob("*/models.py")],
        "TROUBLESHOOTING.md": ["ModuleNotFoundError", "unapplied migrations", "DB_HOST", "Redis", "port"],
    }
    assert [words for words in wanted[name] if words not in text] == []


@pytest.mark.req("S003-64")
def test_the_troubles_of_chat_are_written_down() -> None:
    section = (
        (TOP / "docs" / "CHAT.md").read_text().partition("## When it does not work")[2].partition("\n## ")[0]
    )
    for trouble in ("no such table", "403", "the socket closes", "does not arrive"):
        assert trouble in section


@pytest.mark.req("S004-92")
def test_the_readme_says_what_redis_is_for_and_how_to_start_it() -> None:
    section = (TOP / "README.md").read_text().partition("## Redis")[2].partition("\n## ")[0]
    assert "Live updates" in section
    for way in ("systemctl start redis-server", "brew services start redis", "WSL"):
        assert way in section


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(name, marks=pytest.mark.req(line))
        for line, names in {
            "S004-01": ["rod.settings", "rod.urls", "rod.asgi", "rod.wsgi"],
            "S004-02": ["haven.models", "haven.serializers", "haven.utility"],
            "S004-03": ["api.views", "api.urls"],
            "S004-04": ["bot.views", "bot.views.character_views", "bot.urls"],
            "S004-05": ["gateway.consumers", "gateway.routing", "gateway.constants"],
            "S004-06": ["discordauth.models", "discordauth.views", "discordauth.backends"],
            "S004-07": ["chronicle.models"],
            "S004-08": ["patreon.models"],
        }.items()
        for name in names
    ],
)
def test_modules_stand_where_they_were_agreed(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    where = Path(spec.origin or next(iter(spec.submodule_search_locations or [])))
    assert where.is_relative_to(BACKEND)


@pytest.mark.req("S004-05")
def test_group_names_come_from_the_constants() -> None:
    from gateway import constants

    assert constants.stream_group("x") != constants.CONTROL_GROUP != constants.FEED_GROUP


@pytest.mark.req("S004-11")
def test_uploads_are_taken_and_never_versioned() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "backend/media/portraits/x.webp", "backend/.env", ".env"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert len(ignored) == 3
    assert settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage")
    assert not [path for path in tracked() if "media" in path.relative_to(TOP).parts]


@pytest.mark.req("S000-18")
def test_djangos_check_is_clean() -> None:
    call_command("check", fail_level="WARNING")


def test_ci_runs_the_command_of_the_readme_on_every_python() -> None:
    workflow = (TOP / ".github" / "workflows" / "tests.yml").read_text()
    assert re.findall(r"- run: (.+)", workflow) == ["scripts/test.sh", "scripts/test.sh --long"]
    assert 'python: ["3.11", "3.12", "3.13"]' in workflow
    assert "\nscripts/test.sh\n" in (TOP / "README.md").read_text()


def test_pre_commit_runs_the_formatters_of_the_environment() -> None:
    hooks = re.findall(r"entry: (\S+) -m (\w+)", (TOP / ".pre-commit-config.yaml").read_text())
    assert hooks == [(".venv/bin/python", name) for name in ("black", "ruff", "djlint")]


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_what_contributors_read_names_files_that_there_are(name: str) -> None:
    text = (TOP / ".github" / name).read_text()
    named = re.findall(r"`((?:backend|bot|scripts|docs)/[\w./-]+)`", text) + re.findall(
        r"\]\(\.\./([^)#]+)", text
    )
    assert [path for path in named if not (TOP / path).exists()] == []


def test_every_case_stands_in_the_name_or_docstring_of_a_test() -> None:
    """`test_play_04_…` in a name, `PLAY-04` in a docstring, of the test or of its module."""
    cases = {f"{kind}-{number:02}" for kind, count in CASES.items() for number in range(1, count + 1)}
    files = [path for path in tracked() if path.name.startswith("test_") and path.suffix == ".py"]
    found: set[str] = set()
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        words = [node.name for node in tests] + [ast.get_docstring(node) or "" for node in (tree, *tests)]
        named = re.findall(
            r"\b(?:test_)?(play|run|disc|safe)[-_](\d\d)(?!\d)", " ".join(words), re.IGNORECASE
        )
        found |= {f"{kind.upper()}-{number}" for kind, number in named}
    assert cases - found == set()
