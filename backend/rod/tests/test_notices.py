"""Every notice that the product makes has a sentence, and each sentence names exactly the notice's data."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import rules
from contract.notices import PLACE, SENTENCES
from haven.registry import SPLATS
from rules.traits import Counter, DamageTrack20th
from rules.traits.tracks import DamageTrack5th

BACKEND = Path(rules.__file__).parents[1]
MAKERS = ("note", "notice", "_NoSum")
# What `**self.called` puts into every sentence about a trait.
NAMED = "label"
# The fields that hold a code in the declaration of a trait, and the data that the trait puts to it.
DECLARED = [
    (Counter, "full", {"high"}),
    (Counter, "over", set()),
    (DamageTrack5th, "full", {"label"}),
    (DamageTrack20th, "beyond", {"label"}),
]

Made = Iterator[tuple[str, set[str]]]


def test_every_code_has_a_sentence_with_exactly_its_data() -> None:
    made = defaultdict(list)
    for code, names in (*made_by_calls(), *made_by_traits()):
        if names not in made[code]:
            made[code].append(names)
    assert made == {code: [{place[1] for place in PLACE.finditer(text)}] for code, text in SENTENCES.items()}


def made_by_calls() -> Made:
    """The calls of `notice` and `Draft.note` that name a code."""
    for path in BACKEND.rglob("*.py"):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and called(node) in MAKERS and node.args:
                    for code in codes(node.args[0]):
                        yield code, {keyword.arg or NAMED for keyword in node.keywords}


def codes(node: ast.expr) -> Iterator[str]:
    """The code, or either code of `"one" if so else "other"`."""
    if isinstance(node, ast.IfExp):
        yield from (*codes(node.body), *codes(node.orelse))
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def made_by_traits() -> Made:
    traits = [trait for model in SPLATS.values() for trait in model.traits.values()]
    for kind, field, names in DECLARED:
        declared = [kind, *(trait for trait in traits if isinstance(trait, kind))]
        for holder in declared:
            found = getattr(holder, field)
            yield from ((code, names) for code in ([found] if isinstance(found, str) else found) if code)
