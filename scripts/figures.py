"""Print the figures by which the shape of the code is judged, for one or more checkouts side by side.

    python -m scripts.figures                         this checkout
    python -m scripts.figures --root A --root B       a column for each folder

Rules. Only files that git tracks are counted, and every line of them, blank ones and comments too.

Product
    Python outside `tests/`, `migrations/`, the top `scripts/` and `conftest.py`; and HTML, CSS and JavaScript, without
    the libraries of others in `vendor/`.
Restating lines: hand-written lines that repeat the shape of something in an API. A line counts once.
    serializers     classes that derive, however indirectly, from a DRF serializer or (outside `contract`) from
                    pydantic's BaseModel, and `extend_schema` decorators
    answers         backend functions with a mapping of two or more literal keys, or which fill a contract model
                    with two or more keywords (the contract's functions, such as that for translation, are no models)
    parsers         other backend functions that take a value out of a mapping by a literal key
    client readers  the same two kinds of function in the Discord process, and its classes with a `read` of JSON
    fakes           the tests' stand-ins for the backend: `fake_*.py` and `contract.py` of bot/tests/rodbot
    gateway schema  docs/gateway.schema.json as long as it is written by hand and kept in git
  Of the pages (`main`) only functions that read what a person sent count, by the names in SENT: a template's
  context is no API shape. `rules` (the game itself) and `sandbox` (Discord's API) are not our API and are left
  out. So is `contract`, the one place where shapes are declared: its lines are a figure of their own.
Any
    each use of the name in product Python, imports not counted, for 1,000 lines of product Python.
Fields taken out by hand
    `document.get(` and `body.get(` in the backend's product code; then, because names change, every
    `….get("literal")` there, whatever it is called on (forms, queries and settings are among those).
Import circles
    strongly connected modules of backend, bot and scripts without tests. Imports inside functions and under
    `TYPE_CHECKING` count. `from package import module` leads to the module, not to the package's `__init__`.
Functions
    product Python, from the first decorator to the last line.
Broad excepts
    `except:`, `except Exception`, `except BaseException` in product Python.

Not computed here: the files that a roll option, a command and an event type touch are worked examples in
.github/CONTRIBUTING.md; bytes stored for a change and the processor time of one are measured by
`scripts/bench.sh growth` and `scripts/bench.sh change`; the time of the test command is its own last line.
"""

import argparse
import ast
import re
import statistics
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

from scripts.common import ROOT, say
from scripts.sources import Checkout, Function, Source, count_lines, first_name, last_name, read, span

FAKES = re.compile(r"^bot/tests/rodbot/(?:\w+/)*(fake_\w+|contract)\.py$")
OTHER_SHAPES = ("backend/rules/", "backend/contract/", "backend/testing/", "bot/sandbox/")
NO_MAPPING_OF_OURS = {
    "Literal",
    "environ",
    "settings",
    "headers",
    "META",
    "session",
    "COOKIES",
    "DATABASES",
    "caches",
}
SENT = {"GET", "POST", "body", "data", "document", "form", "given", "query", "sent"}
TESTS = re.compile(r"(^|/)(tests|migrations)/|(^|/)conftest\.py$")
FOR_ONE = re.compile(r"\bfor one in\b")
LITERAL_GET = re.compile(r"\.get\(\s*\"")
BY_HAND = re.compile(r"\b(?:document|body)\.get\(")
MANY_LINES, FEW_LINES, LONG_FUNCTION = 350, 60, 60
Figures = dict[str, str]


# Shapes


def restating(checkout: Checkout) -> dict[str, int]:
    """Lines by kind; the rules are in the module's docstring."""
    counted = dict.fromkeys(("serializers", "answers", "parsers", "client readers"), 0)
    serializers = serializer_classes(checkout.backend)
    for source in checkout.product:
        if not source.path.startswith(OTHER_SHAPES):
            for kind in _kinds_by_line(source, serializers).values():
                counted[kind] += 1
    counted["fakes"] = sum(source.lines for source in checkout.python if FAKES.match(source.path))
    schema = (source.lines for source in checkout.sources if source.path == "docs/gateway.schema.json")
    return counted | {"gateway schema": sum(schema)}


def serializer_classes(sources: Sequence[Source]) -> set[ast.ClassDef]:
    """A base is looked for in its own module first: `Server(Serializer)` and `Server(Model)` are two classes."""
    classes = [(source, node) for source in sources for node in _classes(source.tree)]
    local = {(source.path, node.name): node for source, node in classes}
    found: set[ast.ClassDef] = set()
    size = -1
    while len(found) > size:
        size, names = len(found), {node.name for node in found}
        for source, node in classes:
            for base in map(last_name, node.bases):
                own = local.get((source.path, base))
                if base.endswith(("Serializer", "BaseModel")) or (own in found if own else base in names):
                    found.add(node)
    return found


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _kinds_by_line(source: Source, serializers: set[ast.ClassDef]) -> dict[int, str]:
    found: dict[int, str] = {}
    client = source.path.startswith("bot/")
    for node in _classes(source.tree):
        if node in serializers:
            found |= dict.fromkeys(span(node), "serializers")
        elif client and any(isinstance(part, Function) and part.name == "read" for part in node.body):
            found |= dict.fromkeys(span(node), "client readers")
    models = contract_names(source.tree)
    for function in source.functions:
        for decorator in function.decorator_list:
            if last_name(decorator) == "extend_schema":
                lines = range(decorator.lineno, (decorator.end_lineno or 0) + 1)
                found = dict.fromkeys(lines, "serializers") | found
        kind = _kind(source.path, function, models)
        if kind:
            found = dict.fromkeys(span(function), kind) | found
    return found


def _kind(path: str, function: Function, models: set[str]) -> str:
    if path.startswith("backend/main/"):
        return "parsers" if mappings_read(function) & SENT else ""
    builds = builds_answer(function, models)
    if not builds and not mappings_read(function):
        return ""
    return "client readers" if path.startswith("bot/") else "answers" if builds else "parsers"


def builds_answer(function: Function, models: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict) and sum(_is_text(key) for key in node.keys if key) >= 2:
            return True
        if isinstance(node, ast.Call) and len(node.keywords) >= 2 and _is_model(node.func, models):
            return True
    return False


def _is_model(called: ast.expr, models: set[str]) -> bool:
    """`Roll(…)`, `shapes.Roll(…)`, `Roll.from_object(…)`; a function of the contract, such as `_("…")`, is none."""
    return first_name(called) in models and any(part[:1].isupper() for part in ast.unparse(called).split("."))


def mappings_read(function: Function) -> set[str]:
    """What it calls the mappings of which it reads `x.get("name")`, `x.pop("name")` or `x["name"]`."""
    mappings = map(_mapping_read, ast.walk(function))
    return {last_name(mapping) for mapping in mappings if mapping is not None} - NO_MAPPING_OF_OURS


def _mapping_read(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_text(node.slice):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return node.func.value if node.func.attr in {"get", "pop"} and _is_text(node.args[0]) else None
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def contract_names(tree: ast.Module) -> set[str]:
    """What this module calls the contract's classes and modules."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "contract":
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            ours = (alias for alias in node.names if alias.name.split(".")[0] == "contract")
            names |= {alias.asname or "contract" for alias in ours}
    return names


# Circles


def circles(sources: Sequence[Source]) -> list[set[str]]:
    """Modules that import each other, the largest circle first."""
    modules = {source.module: source for source in sources}
    graph = {name: imports(source, modules.keys()) - {name} for name, source in modules.items()}
    reached = {name: _reachable(graph, name) for name in graph}
    groups = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in graph
        if name in reached[name]
    }
    return sorted(map(set, groups), key=len, reverse=True)


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def imports(source: Source, known: Container[str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = _imported_package(source, node)
            parts = {f"{package}.{alias.name}" for alias in node.names}
            found |= {part if part in known else package for part in parts}
    return {name for name in found if name in known}


def _imported_package(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = source.module.split(".")
    up = node.level - source.path.endswith("/__init__.py")
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


# The table


def figures(checkout: Checkout) -> Figures:
    shapes, product = restating(checkout), checkout.product
    python, web = sum(source.lines for source in product), checkout.web_lines
    names = [name for source in product for name in any_uses(source)]
    contract = [source for source in product if source.path.startswith("backend/contract/")]
    return (
        {
            "restating lines": f"{sum(shapes.values())}",
            **{f"  {kind}": f"{lines}" for kind, lines in shapes.items()},
            "contract, where shapes are declared (not in the above)": f"{count_lines(contract)}",
            "product lines": f"{python + web}",
            "  Python": f"{python}",
            "  HTML, CSS, JavaScript": f"{web}",
            "Any per 1,000 lines of product Python": f"{1000 * len(names) / python:.1f}",
            "  uses of Any": f"{len(names)}",
        }
        | by_hand(checkout.backend)
        | circle_figures(checkout)
        | loop_figures(checkout)
        | size_figures(product)
    )


def any_uses(source: Source) -> list[ast.expr]:
    return [
        node
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.Attribute) and node.attr == "Any" and first_name(node) in {"typing", "t"})
    ]


def by_hand(backend: Sequence[Source]) -> Figures:
    narrow = sum(len(BY_HAND.findall(source.text)) for source in backend)
    wide = sum(len(LITERAL_GET.findall(source.text)) for source in backend)
    return {
        "document.get( and body.get( in the backend": f"{narrow}",
        '  .get("literal") on anything there': f"{wide}",
    }


def circle_figures(checkout: Checkout) -> Figures:
    found = circles([source for source in checkout.python if not TESTS.search(source.path)])
    sizes = ", ".join(str(len(circle)) for circle in found)
    return {"import circles": f"{len(found)}", "  their files": sizes or "none"}


def loop_figures(checkout: Checkout) -> Figures:
    product = sum(len(FOR_ONE.findall(source.text)) for source in checkout.product)
    return {
        "`for one in`, product": f"{product}",
        "  tests and scripts too": f"{sum(len(FOR_ONE.findall(source.text)) for source in checkout.python)}",
    }


def size_figures(product: Sequence[Source]) -> Figures:
    lengths = sorted(len(span(function)) for source in product for function in source.functions)
    files = sorted((source.lines, source.path) for source in product)
    cuts = statistics.quantiles(lengths, n=100)
    broad = [handler for source in product for handler in ast.walk(source.tree) if is_broad(handler)]
    return {
        "functions": f"{len(lengths)}",
        "  lines, median · 90 % · 95 % · 99 %": " · ".join(
            f"{cuts[each - 1]:.0f}" for each in (50, 90, 95, 99)
        ),
        f"  over {LONG_FUNCTION} lines": f"{sum(length > LONG_FUNCTION for length in lengths)}",
        "  longest function": f"{lengths[-1]}",
        "files": f"{len(files)}",
        f"  over {MANY_LINES} lines": f"{sum(lines > MANY_LINES for lines, _ in files)}",
        f"  under {FEW_LINES} lines": f"{sum(lines < FEW_LINES for lines, _ in files)}",
        "  longest file": "{} ({})".format(*files[-1]),
        "broad excepts": f"{len(broad)}",
    }


def is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    named = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(each is None or last_name(each) in {"Exception", "BaseException"} for each in named)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--root", action="append", type=Path, metavar="DIR", help="a checkout; may be repeated"
    )
    roots = parser.parse_args(arguments).root or [ROOT]
    columns = [figures(read(root)) for root in roots]
    width = max(len(name) for name in columns[0])
    for name in columns[0]:
        say(f"{name:<{width}}  " + "  ".join(f"{column[name]:>16}" for column in columns))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
