"""TROUBLESHOOTING has every sentence by which a script or a process refuses to start, and what it names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.common import ROOT

GUIDE = ROOT / "docs" / "TROUBLESHOOTING.md"
STARTS = (
    *(
        "backend/contract/dotenv.py",
        "backend/contract/variables.py",
        "backend/rod/start.py",
        "backend/rod/static.py",
    ),
    *(
        "bot/rodbot/__main__.py",
        "scripts/common.py",
        "scripts/dev.py",
        "scripts/environment.py",
        "scripts/run.py",
    ),
)
REFUSALS = {"ConfigError", "ScriptError", "end_process"}
# Passed on from somewhere else, or a failure of what has started.
OTHERS = re.compile(r"^[…: \n]*$|did not answer within|^…\n|pins no mysqlclient")
GAP = "…"


def template(node: ast.AST) -> str:
    """A sentence with a gap where a value goes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w*\}", GAP, node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) if isinstance(part, ast.Constant) else GAP for part in node.values)
    if isinstance(node, ast.BinOp):
        return template(node.left) + template(node.right)
    return ""


def sentences(path: str) -> Iterator[str]:
    """What this file refuses with: errors raised, problems yielded, and sentences in constants."""
    tree = ast.parse((ROOT / path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
            yield from (template(argument) for argument in node.args)
        elif isinstance(node, ast.Yield) and node.value is not None:
            yield template(node.value)
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            text = template(statement.value)
            if text.rstrip(")").endswith(".") and " " in text:
                yield text


def all_sentences() -> list[str]:
    found = {text for path in STARTS for text in sentences(path) if len(text.split()) > 2}
    return sorted(text for text in found if not OTHERS.search(text))


def shown() -> list[str]:
    """What the first column shows in code, cut at its gaps."""
    rows = re.findall(r"^\| (.+?) \|", GUIDE.read_text(), re.MULTILINE)
    quoted = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    pieces = [piece.strip() for text in quoted for piece in text.split(GAP)]
    return [piece for piece in pieces if len(piece.split()) > 2 or len(piece) > 12]


@pytest.mark.req("S002-64")
@pytest.mark.parametrize("sentence", all_sentences(), ids=lambda sentence: sentence[:50])
def test_each_refusal_to_start_is_explained_by_its_sentence(sentence: str) -> None:
    assert any(piece in sentence for piece in shown()), sentence


@pytest.mark.req("S002-64", "S002-66")
@pytest.mark.parametrize(
    "words",
    [
        "ModuleNotFoundError: No module named",
        "You have unapplied migrations",
        "no such table",
        "Can't connect to MySQL server",
        "Error loading MySQLdb module",
        "mysql_config not found",
        "is taken by another program",
        "database or disk is full",
    ],
)
def test_what_others_say_is_explained_too(words: str) -> None:
    assert words in GUIDE.read_text()


GUIDES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", *(ROOT / ".github").glob("*.md")])
# What was is told in the past tense elsewhere: commands that are gone stand in it.
NOW = [path for path in GUIDES if path.name != "CHANGELOG.md"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_links_of_a_guide_lead_somewhere(guide: Path) -> None:
    text = guide.read_text()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        place, _, part = link.partition("#")
        if "://" in place or place.startswith("mailto:"):
            continue
        there = (guide.parent / place) if place else guide
        assert there.exists(), link
        if part and there.suffix == ".md":
            assert part in anchors(there.read_text()), link


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("guide", NOW, ids=lambda path: path.name)
def test_scripts_of_a_guide_take_the_options_that_it_names(guide: Path) -> None:
    for script, options in re.findall(r"\bscripts/(\w+)\.sh((?: --[\w-]+)*)", guide.read_text()):
        assert (ROOT / "scripts" / f"{script}.sh").exists(), script
        known = "".join(path.read_text() for path in sources(script))
        unknown = [option for option in options.split() if option not in known and option != "--help"]
        assert unknown == [], (script, unknown)
    for app_command in re.findall(r"manage\.py ([a-z_]+)", guide.read_text()):
        assert app_command in management_commands(), app_command


def sources(script: str) -> list[Path]:
    """Where its options are declared; the long run of the tests has a file of its own."""
    folder, file = ROOT / "scripts" / script, ROOT / "scripts" / f"{script}.py"
    own = [file] if file.exists() else [folder / "__main__.py"]
    return [*own, ROOT / "scripts" / "long_run.py"] if script == "test" else own


def management_commands() -> set[str]:
    from django.core.management import get_commands

    return set(get_commands())
