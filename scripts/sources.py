"""The files of a checkout that git tracks, and what the figures need of their syntax. Standard library only."""

import ast
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

WEB = {".html", ".css", ".js", ".mjs"}
NOT_PRODUCT = re.compile(r"(^|/)(tests|migrations|vendor)/|^scripts/|(^|/)conftest\.py$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One tracked file."""

    path: str
    text: str

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def is_product(self) -> bool:
        return not NOT_PRODUCT.search(self.path)

    @property
    def module(self) -> str:
        """Its dotted name: `backend/` and `bot/` are import roots."""
        name = re.sub(r"^(backend|bot)/", "", self.path).removesuffix(".py").replace("/", ".")
        return name.removesuffix(".__init__")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


@dataclass(frozen=True)
class Checkout:
    sources: list[Source]

    @cached_property
    def python(self) -> list[Source]:
        return [source for source in self.sources if source.path.endswith(".py")]

    @cached_property
    def product(self) -> list[Source]:
        """The product's Python."""
        return [source for source in self.python if source.is_product]

    @property
    def web_lines(self) -> int:
        web = (source for source in self.sources if Path(source.path).suffix in WEB and source.is_product)
        return count_lines(web)

    @property
    def backend(self) -> list[Source]:
        return [source for source in self.product if source.path.startswith("backend/")]


def read(root: Path) -> Checkout:
    command = ["git", "-C", str(root), "ls-files", "-z"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    wanted = {".py", ".json", *WEB}
    paths = [root / name for name in names if Path(name).suffix in wanted]
    return Checkout(
        [
            Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
            for path in paths
            if path.is_file()
        ]
    )


def span(node: ast.stmt) -> range:
    """The numbers of its lines, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return range(min([node.lineno, *(each.lineno for each in decorators)]), (node.end_lineno or 0) + 1)


def last_name(node: ast.expr) -> str:
    """`Name` of `Name`, `package.Name`, `Name[…]` and `package.Name(…)`."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def first_name(node: ast.expr) -> str:
    """`package` of `package.module.Name`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def count_lines(sources: Iterable[Source]) -> int:
    return sum(source.lines for source in sources)
