"""Apply operations to a whole sheet: returns the new values and what changed. Pure."""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from contract.translation import _
from rules.errors import Invalid
from rules.notices import Notice
from rules.text import clean
from rules.traits.base import Draft, Json, Trait

Traits = Mapping[str, Trait]
Changes = dict[str, list[Json]]
# So many refusals are told in the sentence of an error; its `fields` name them all.
SUMMARY = 5
# What a person types at once.
MAX_TYPED = 6000


@dataclass(frozen=True)
class Operation:
    """`op` is set, adjust, add, remove, or text: as a person typed it."""

    path: str
    op: str
    value: Json = None

    @property
    def slug(self) -> str:
        return self.path.split(".", 1)[0]

    @property
    def rest(self) -> tuple[str, ...]:
        return tuple(self.path.split(".")[1:])


@dataclass(frozen=True)
class Outcome:
    """`values` holds the new value of each touched trait (None: gone), `changes` each path's `[before, after]`."""

    values: dict[str, Json]
    changes: Changes
    labels: dict[str, str]
    notices: list[Notice] = field(default_factory=list)


def work_out(
    traits: Traits, document: Mapping[str, Json], operations: Iterable[Operation], new_id: Callable[[], str]
) -> Outcome:
    """Apply the operations in the order of declaration. Raises one Invalid that names every wrong path."""
    draft = Draft(document, new_id)
    wrong: dict[str, list[str]] = {}
    for operation in _in_order(traits, operations):
        try:
            _apply(traits, draft, operation)
        except Invalid as error:
            for path, sentences in error.data["fields"].items():
                wrong.setdefault(path, []).extend(sentences)
    if wrong:
        raise Invalid(_summary([sentence for many in wrong.values() for sentence in many]), fields=wrong)
    return _finish(traits, draft)


def _summary(sentences: list[str]) -> str:
    """Join the sentences, the first ones if there are many: it has to fit into a reply."""
    more = len(sentences) - SUMMARY
    return " ".join(sentences[:SUMMARY]) + (f" (And {more} more.)" if more > 0 else "")


def put_back(traits: Traits, document: Mapping[str, Json], changes: Changes) -> Outcome:
    """The inverse of `changes`: every path gets its old value again; the traits then settle into a legal state.

    Raises Invalid where there is none: an entry comes back whose name or place another has taken.
    """
    draft = Draft(document, str)
    for path, (before, _after) in changes.items():
        slug, *rest = path.split(".")
        if rest:
            place(draft.own(slug), rest, before)
        else:
            draft.put(slug, copy.deepcopy(before))
    return _finish(traits, draft, follow=False)


def place(node: dict[str, Json], rest: list[str], value: Json) -> None:
    """Set a nested key, or delete it when the value is None; how every reader folds an event."""
    for name in rest[:-1]:
        node = node.setdefault(name, {})
    if value is None:
        node.pop(rest[-1], None)
    else:
        # A copy: the next event may change what this one brought.
        node[rest[-1]] = copy.deepcopy(value)


def fold(document: dict[str, Json], fields: Mapping[str, Json]) -> dict[str, Json]:
    """The document after an event; `fields` maps paths to new values."""
    for path, value in fields.items():
        place(document, path.split("."), value)
    return document


def difference(before: Json, after: Json, path: str, changes: Changes) -> None:
    """Add every changed leaf to `changes`. An added or removed entry is one leaf."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            difference(before.get(name), after.get(name), f"{path}.{name}", changes)
    elif before != after:
        changes[path] = [before, after]


def _in_order(traits: Traits, operations: Iterable[Operation]) -> list[Operation]:
    operations = list(operations)
    if len(operations) < 2:
        return operations
    rank = {slug: (number, trait) for number, (slug, trait) in enumerate(traits.items())}

    def place_of(operation: Operation) -> tuple[int, int]:
        number, trait = rank.get(operation.slug, (len(rank), None))
        return number, trait.rank(operation.rest) if trait else 0

    return sorted(operations, key=place_of)


def _apply(traits: Traits, draft: Draft, operation: Operation) -> None:
    trait = traits.get(operation.slug)
    if trait is None:
        raise Invalid.field(
            operation.path, _("This sheet has no “{typed}”.", typed=clean(operation.path, 60))
        )
    rest, op, value = operation.rest, operation.op, operation.value
    if op == "text":
        if not isinstance(value, str) or len(value) > MAX_TYPED:
            raise trait.refuse(_("Please type the new value as text."), rest)
        rest, op, value = trait.parse(value, rest, draft.read(trait.slug))
    trait.apply(draft, rest, op, value)
    draft.given.add(trait.full_path(rest))


def _finish(traits: Traits, draft: Draft, follow: bool = True) -> Outcome:
    if follow:
        for trait in traits.values():
            trait.follow(draft, draft.before)
    for slug in list(draft.changed()):
        traits[slug].settle(draft)
    values = draft.changed()
    changes: Changes = {}
    for slug, value in values.items():
        difference(draft.before.get(slug), value, slug, changes)
    return Outcome(values, changes, _labels(traits, draft.before, values, changes), draft.notices)


def _labels(
    traits: Traits, before: Mapping[str, Json], after: Mapping[str, Json], changes: Iterable[str]
) -> dict[str, str]:
    labels: dict[str, str] = {}
    for path in changes:
        slug, *rest = path.split(".")
        labels[path] = traits[slug].label_of(tuple(rest), before.get(slug), after.get(slug))
    return labels
