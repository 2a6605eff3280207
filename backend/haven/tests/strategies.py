"""What people, and clients gone wrong, may ask of a sheet: drawn from the schema, so that a new trait is asked too."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from haven.schema import schema
from rules.traits import Operation

NAMES = [
    "Night Owl",
    "night  owl",
    "🦉",
    "🐺",
    "José",
    "Jose",
    "Straße",
    "STRASSE",
    "O'Brien",
    "\u202eOwl",
    "x" * 50,
]
NO_NAMES = ["", " ", "\x00", "\u200b", "x" * 51, None, 7, ["Owl"], {"name": "Owl"}]
TYPED = [
    "3",
    "+2",
    "-1",
    "- Owl",
    "Owl",
    "Owl 2",
    "remove owl",
    "+2 superficial",
    "1 stains",
    "yes",
    "",
    "🦉 5",
]

texts = st.one_of(
    st.sampled_from(["Owl", "owl", "🦉", "José\x00", "a\nb", "x" * 6001, "%s'\"\\--", "\u202e", "<b>"]),
    st.text(max_size=20),
)
numbers = st.one_of(st.integers(-60, 60), st.integers(), st.sampled_from([2**31, 2**63, -(2**64), 10**30]))
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def fitting(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that this field takes."""
    if field["type"] == "integer":
        return st.integers(field["min"], field["max"])
    if field["type"] == "boolean":
        return st.booleans()
    if field["type"] == "choice":
        free = ["Owl", "🦉", ""] if field["free_text"] else []
        return st.sampled_from([*field["choices"], *free])
    if str(field["start"]).startswith("#"):
        return st.sampled_from(["#000000", "#ffffff"])
    return st.sampled_from(["Owl", "Bat", "🦉", "José", "<b>", "a\x00b"])


def _of_field(path: str, field: dict[str, Any]) -> list[st.SearchStrategy[Operation]]:
    found = [st.builds(Operation, st.just(path), st.just("set"), fitting(field))]
    if field.get("adjust"):
        found.append(st.builds(Operation, st.just(path), st.just("adjust"), st.integers(-12, 12)))
    return found


def _entry(described: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    title = {described["title"]: st.sampled_from(["Owl", "Bat", "owl", "🦉", "🐺"])}
    rest = {field["name"]: fitting(field) for field in described["fields"] if field["name"] not in title}
    return st.fixed_dictionaries(title, optional=rest)


def _of_list(path: str, described: dict[str, Any]) -> list[st.SearchStrategy[Operation]]:
    """`*` stands for an entry that is there."""
    found = [
        st.builds(Operation, st.just(path), st.just("add"), _entry(described)),
        st.builds(Operation, st.just(f"{path}.*"), st.just("remove")),
        st.builds(Operation, st.just(f"{path}.*"), st.just("set"), _entry(described)),
        st.builds(Operation, st.just(path), st.just("text"), st.sampled_from(TYPED)),
    ]
    for field in described["fields"]:
        found += _of_field(f"{path}.*.{field['name']}", field)
    for name, nested in described["entries"].items():
        found += _of_list(f"{path}.*.{name}", nested)
    return found


def _of_trait(trait: dict[str, Any]) -> st.SearchStrategy[Operation]:
    found = [strategy for field in trait["fields"] for strategy in _of_field(field["path"], field)]
    if trait["entry"]:
        inside = {"skill": ".specialties", "experience": ".spends"}
        found += _of_list(trait["slug"] + inside.get(trait["kind"], ""), trait["entry"])
    return st.one_of(found) if found else st.nothing()


def traits_of(splat: str) -> list[dict[str, Any]]:
    return next(described["traits"] for described in schema()["splats"] if described["slug"] == splat)


@cache
def sensible(splat: str) -> tuple[st.SearchStrategy[Operation], ...]:
    """Of every trait, and then once more of those whose rules meet in play."""
    traits = traits_of(splat)
    return tuple(
        [_of_trait(trait) for trait in traits]
        + [_of_trait(trait) for trait in traits if trait["tracker"] or trait["kind"] == "experience"] * 15
    )


@cache
def nonsense(splat: str) -> st.SearchStrategy[Operation]:
    known = [field["path"] for trait in traits_of(splat) for field in trait["fields"]]
    strange = [
        "",
        ".",
        "x",
        "health.",
        "merits.*.x",
        "merits.*.name.x",
        "visibility",
        "a.b.c.d.e",
        "health.total.x",
    ]
    paths = st.sampled_from([*known, *(trait["slug"] for trait in traits_of(splat)), *strange])
    ops = st.sampled_from(["set", "adjust", "add", "remove", "text", "x", ""])
    typed = st.builds(Operation, paths, st.just("text"), st.sampled_from(TYPED) | texts)
    return typed | st.builds(Operation, paths, ops, json_values)


@st.composite
def operations(draw: st.DrawFn, splat: str = "vampire5th", most: int = 3) -> list[Operation]:
    """Mostly what somebody would want; in one of four, at least one that nobody should."""
    wanted = [draw(draw(st.sampled_from(sensible(splat)))) for _ in range(draw(st.integers(1, most)))]
    return [*wanted, draw(nonsense(splat))] if draw(st.integers(0, 3)) == 3 else wanted


def aimed(document: dict[str, Any], operation: Operation) -> Operation:
    """With an entry that is there in place of each `*`, or one that is not."""
    node: Any = document
    names = operation.path.split(".")
    for number, name in enumerate(names):
        if name == "*":
            names[number] = min(node, default="0" * 16) if isinstance(node, dict) else "none"
        node = node.get(names[number], {}) if isinstance(node, dict) else {}
    return Operation(".".join(names), operation.op, operation.value)


def as_json(operation: Operation) -> dict[str, Any]:
    return {"path": operation.path, "op": operation.op, "value": operation.value}
