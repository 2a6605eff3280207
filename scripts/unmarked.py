"""Sentences in Python that are not marked for translation.

    python -m scripts.unmarked [backend/rolls …]

What counts is text that reads like a sentence: it begins with a capital and ends with a full stop, or the like. Left
out are docstrings, log lines, what `N_`, `_` and their like mark, and what only operators and developers read.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.messages.catalog import Catalog

from scripts import catalogues, translations
from scripts.common import ROOT, run_main, say

MARKS = frozenset({"_", "N_", "n_", "p_"})
FOLDERS = ("backend", "bot/rodbot")
# What operators, developers and the administration read, and what our two processes tell each other; and what explains
# a download, whose files have English keys.
OF_OPERATORS = re.compile(
    r"/(tests|migrations|testing|management|scripts|engines)/|/(admin|apps|settings|asgi|wsgi|start|variables"
    r"|variable_kinds|dotenv|openapi|manage|authentication|mirror|acting|debug_channel|static|logs|config|__main__"
    r"|conftest|contract/shards|rod/metrics|test_db|reset_progress_data|seed_chat_data"
    r"|privacy/declaration|privacy/progress|privacy/chat|privacy/download)\.py$"
)
SENTENCE = re.compile(r"^[“\"'(]?[A-Z][^\n]*\s[^\n]*[.!?…][”\"')]?$", re.DOTALL)
# Calls whose text nobody reads as a sentence, and arguments that OpenAPI shows.
SILENT_CALLS = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "compile", "TypeError", "RuntimeError"}
    | {
        "ImproperlyConfigured",
        "NotImplementedError",
        "AssertionError",
        "KeyError",
        "ConfigError",
        "extend_schema",
    }
)
SILENT_ARGUMENTS = frozenset({"help_text", "verbose_name", "summary", "reason", "usage"})


@dataclass(frozen=True)
class Found:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def main(arguments: Sequence[str]) -> int:
    found = [sentence for sentence in everywhere() if sentence.path.startswith(tuple(arguments) or "")]
    for sentence in found:
        say(str(sentence))
    say(f"{len(found)} sentences are not marked.")
    return 0


def everywhere() -> Iterator[Found]:
    """What is in a catalogue is marked, or stands in a table that is extracted as a whole."""
    known = {text for catalogue in _catalogues() for message in catalogue for text in _texts(message.id)}
    return (found for found in _everywhere() if found.text not in known)


def _catalogues() -> Iterator[Catalog]:
    return (translations.read("de", package) for package in catalogues.PACKAGES)


def _texts(text: str | Sequence[str]) -> Sequence[str]:
    return [text] if isinstance(text, str) else text


def _everywhere() -> Iterator[Found]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not OF_OPERATORS.search(f"/{path}"):
                yield from in_code(file.read_text(encoding="utf-8"), path)


def in_code(code: str, path: str = "") -> Iterator[Found]:
    visitor = _Visitor()
    visitor.visit(ast.parse(code))
    return (Found(path, line, text) for line, text in visitor.found)


class _Visitor(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """In a function that translates, `_` may not be what is thrown away: the call would find no function."""
        names = [found for found in _own_names(node) if found.id == "_"]
        if any(isinstance(found.ctx, ast.Store) for found in names) and _translates(node):
            self.found.append((node.lineno, "_ is thrown away and called"))
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in MARKS:
            self.found += [
                (node.lineno, "an f-string is marked") for text in node.args[:2] if _is_built(text)
            ]
            for argument in node.keywords:
                self.visit(argument)
        elif name == "Field":
            for argument in node.keywords:
                if argument.arg != "description":
                    self.visit(argument)
        elif name not in SILENT_CALLS:
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in SILENT_ARGUMENTS:
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """The own sentence of a field (`"sentence": "…"`) is found in the contract's inputs."""
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and key.value == "sentence"):
                self.visit(value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Extraction does not see into an f-string."""
        if any(_marks(found) for found in ast.walk(node)):
            self.found.append((node.lineno, "marked inside an f-string"))
        self._look(node, "".join(map(_part, node.values)))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._look(node, node.value)

    def _look(self, node: ast.expr, text: str) -> None:
        read = re.sub(r"^\{[^{}]*\}", "X", text)
        if SENTENCE.match(read):
            self.found.append((node.lineno, text))


def _own_names(function: ast.AST) -> Iterator[ast.Name]:
    """The names in a function but for those of comprehensions, which are their own."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.Name):
            yield child
        if not isinstance(child, ast.comprehension):
            yield from _own_names(child)


def _translates(function: ast.AST) -> bool:
    return any(isinstance(found, ast.Call) and _name(found.func) == "_" for found in ast.walk(function))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return f"{{{ast.unparse(part.value)}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def _marks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in MARKS and isinstance(node.args[0], ast.Constant)


def _is_built(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp)


if __name__ == "__main__":
    run_main(main)
