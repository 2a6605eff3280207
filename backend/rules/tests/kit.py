"""A sheet of any traits for tests. Every change on it also proves what must hold for every change."""

import copy
import itertools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from contract.rolls import RolledPool
from rules.dice.pool import Pool
from rules.errors import Invalid
from rules.traits import Operation, Outcome, Trait, fold, put_back, work_out


def of(path: str, op: str = "set", value: Any = None) -> Operation:
    return Operation(path, op, value)


class Sheet:
    def __init__(self, **traits: Trait) -> None:
        self.traits = {slug: trait.bind(slug) for slug, trait in traits.items()}
        self.document = {slug: trait.start() for slug, trait in traits.items() if trait.start() is not None}
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        return f"{next(self._numbers):016x}"

    def do(self, *operations: Operation) -> Outcome:
        before = copy.deepcopy(self.document)
        outcome = work_out(self.traits, self.document, operations, self.new_id)
        assert self.document == before, "the old document was touched"
        self.document = with_values(before, outcome.values)
        assert_lawful(self.traits, before, self.document, outcome)
        return outcome

    def set(self, path: str, value: Any) -> Outcome:
        return self.do(of(path, "set", value))

    def adjust(self, path: str, value: Any) -> Outcome:
        return self.do(of(path, "adjust", value))

    def add(self, path: str, value: Any) -> Outcome:
        return self.do(of(path, "add", value))

    def remove(self, path: str) -> Outcome:
        return self.do(of(path, "remove"))

    def type(self, path: str, text: Any) -> Outcome:
        return self.do(of(path, "text", text))

    def undo(self, outcome: Outcome) -> Outcome:
        back = put_back(self.traits, self.document, outcome.changes)
        self.document = with_values(self.document, back.values)
        return back

    def refuses(self, *operations: Operation) -> Invalid:
        before = copy.deepcopy(self.document)
        with pytest.raises(Invalid) as caught:
            work_out(self.traits, self.document, operations, self.new_id)
        assert self.document == before, "what was refused has changed something"
        assert caught.value.data["fields"], "a refusal names the path"
        return caught.value

    def ids(self, path: str) -> list[str]:
        node: Any = self.document
        for name in path.split("."):
            node = node[name]
        return sorted(node)


def with_values(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the new values of whole traits."""
    merged = {**copy.deepcopy(dict(document)), **copy.deepcopy(dict(values))}
    return {slug: value for slug, value in merged.items() if value is not None}


def assert_lawful(
    traits: Mapping[str, Trait], before: dict[str, Any], after: dict[str, Any], outcome: Outcome
) -> None:
    """What holds for every change: it folds, it folds from JSON, it goes back, and there is no null."""
    fields = {path: pair[1] for path, pair in outcome.changes.items()}
    assert fold(copy.deepcopy(before), fields) == after
    assert fold(json.loads(json.dumps(before)), json.loads(json.dumps(fields))) == after
    back = put_back(traits, after, json.loads(json.dumps(outcome.changes)))
    assert with_values(after, back.values) == before
    assert_no_null(after)
    assert outcome.labels.keys() == outcome.changes.keys()
    assert all(outcome.labels.values())
    assert all(old != new for old, new in outcome.changes.values())


def assert_no_null(node: Any) -> None:
    assert node is not None
    if isinstance(node, dict):
        for value in node.values():
            assert_no_null(value)


def fields_of(error: Invalid) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = error.data["fields"]
    return fields


def as_sum(pool: Pool) -> str:
    """The pool in words."""
    return RolledPool.model_validate(pool.as_json()).as_sum()
