"""What a change by the API for shows means for a sheet, whatever its splat. Pure; the services carry it out.

What can be named is changed; the rest is refused by its name, as the client wrote it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from contract.base import Json
from contract.lookup import fold
from contract.stage_changes import ConditionChange, HitPointsChange, PointsChange, StageChange
from contract.translation import _
from haven.gauges import conditions as shown_conditions
from haven.models import Character
from rules.errors import Invalid, Problems
from rules.text import clean
from rules.traits import Conditions, Flag, Operation, Trait
from rules.traits.tracks import Composite

Document = Mapping[str, Any]
# What `hp_change` means on a sheet without hit points.
POINTS = "health"
HP_PARTS = {"max": "total", "current": "current", "temporary": "temporary"}


@dataclass(frozen=True)
class Wanted:
    """Operations on a sheet; `names` is what the client calls each path."""

    operations: list[Operation]
    names: dict[str, str]


class _Collector:
    """Collects operations, and what is wrong with the rest."""

    def __init__(self, model: type[Character], traits: Mapping[str, Trait], document: Document) -> None:
        self.model, self.traits, self.document = model, traits, document
        self.problems = Problems()
        self.operations: list[Operation] = []
        self.names: dict[str, str] = {}

    def add(self, name: str, path: str, op: str, value: Json) -> None:
        self.operations.append(Operation(path, op, value))
        self.names.setdefault(path, name)

    def refuse(self, name: str, sentence: str) -> None:
        self.problems.add(name, sentence)

    def wanted(self) -> Wanted:
        self.problems.settle()
        return Wanted(self.operations, self.names)

    def part(self, part: str, name: str) -> Trait | None:
        """The trait that this splat has for a part of the API; without one, the part is refused."""
        trait = self.traits.get(self.model.stage_parts.get(part, ""))
        if trait is None:
            label = _(self.model.splat_label)
            self.refuse(name, _("The sheet “{type}” has no “{part}”.", type=label, part=part))
        return trait


def changes(
    model: type[Character],
    traits: Mapping[str, Trait],
    document: Document,
    given: StageChange,
    shown: Document,
    *,
    new: bool = False,
) -> Wanted:
    """Return what is to change. `shown` is what of the document the client reads: no other condition ends.

    `new`: of a sheet that is made now. Raises Invalid that names all that cannot be.
    """
    collected = _Collector(model, traits, document)
    if given.name is not None and not new:
        collected.add("name", "name", "set", given.name)
    for part, value in (("player_name", given.player_name), ("class", given.class_), ("race", given.race)):
        if (
            value is not None
            and (value or part in model.stage_parts)
            and (trait := collected.part(part, part))
        ):
            collected.add(part, trait.slug, "set", value)
    stats = given.stats
    if stats.hp is not None:
        _hit_points(collected, stats.hp, new)
    if stats.ac is not None and (trait := collected.part("ac", "stats.ac")):
        collected.add("stats.ac", trait.slug, "set", stats.ac)
    for name, score in stats.abilities.items():
        _ability(collected, name, score)
    if stats.conditions is not None:
        _conditions(collected, stats.conditions, shown)
    for path, gauge in stats.values().items():
        _gauge(collected, path, gauge)
    return collected.wanted()


def points(
    model: type[Character], traits: Mapping[str, Trait], document: Document, given: PointsChange
) -> Wanted:
    """Return the change of `hp_change`."""
    if (given.delta is None) == (given.value is None):
        raise Invalid.field("delta", _("Give either delta or value."))
    name, path = "delta" if given.value is None else "value", given.path or model.stage_parts.get(
        "hp", POINTS
    )
    slug, _dot, part = path.partition(".")
    trait, value = traits.get(slug), document.get(slug)
    if trait is None or value is None:
        raise Invalid.field("path", _("This sheet has no “{typed}”.", typed=clean(path, 60)))
    if part and given.damage:
        raise Invalid.field("damage", _("Name the whole trait with a kind of damage, not a part of it."))
    if part:
        op, number = ("adjust", given.delta) if given.value is None else ("set", given.value)
        return Wanted([Operation(path, op, number)], {path: name, slug: "path"})
    amount = (given.value or 0) - (trait.points_left(value) or 0) if given.delta is None else given.delta
    with calling({slug: "damage" if given.damage else "path"}):
        steps = trait.blow(value, amount, given.damage)
    found = [Operation(trait.path(rest), op, step) for rest, op, step in steps if step]
    return Wanted(found, {operation.path: name for operation in found})


def condition(
    model: type[Character], traits: Mapping[str, Trait], document: Document, given: ConditionChange
) -> Wanted:
    """Return the change of `condition`: nothing where it stands so already."""
    collected = _Collector(model, traits, document)
    _condition(collected, given.condition, given.on, "condition")
    return collected.wanted()


@contextmanager
def calling(names: Mapping[str, str]) -> Iterator[None]:
    """Errors name what the client wrote, not the path of the trait."""
    try:
        yield
    except Invalid as error:
        fields: dict[str, list[str]] = {}
        for path, sentences in error.data["fields"].items():
            fields.setdefault(_called(path, names), []).extend(sentences)
        error.data["fields"] = fields
        raise


def _called(path: str, names: Mapping[str, str]) -> str:
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        if name := names.get(".".join(parts[:length])):
            return name
    return next((name for known, name in names.items() if known.startswith(f"{path}.")), path)


def _hit_points(collected: _Collector, given: int | HitPointsChange, new: bool) -> None:
    trait = collected.part("hp", "stats.hp")
    if trait is None:
        return
    if isinstance(given, int):
        part = "total" if new else "current"
        collected.add("stats.hp", trait.path((part,)), "set", given)
        return
    values = {name: value for name in HP_PARTS if (value := getattr(given, name)) is not None}
    if new and "max" not in values and "current" in values:
        values = {"max": values["current"], **values}
    for name, value in values.items():
        collected.add(f"stats.hp.{name}", trait.path((HP_PARTS[name],)), "set", value)


def _ability(collected: _Collector, typed: str, score: int) -> None:
    """By its slug, its label, or the beginning of one: str, Strength."""
    listed = [trait for trait in collected.traits.values() if trait.group == "attributes"]
    wanted = fold(typed)
    exact = [trait for trait in listed if wanted in (trait.slug, fold(trait.label), fold(trait.name))]
    begun = [trait for trait in listed if len(wanted) >= 3 and trait.slug.startswith(wanted)]
    found = exact or begun
    name = f"stats.abilities.{clean(typed, 40)}"
    if len(found) == 1:
        collected.add(name, found[0].slug, "set", score)
    else:
        names = ", ".join(trait.slug for trait in listed)
        collected.refuse(name, _("An ability is one of: {names}.", names=names))


def _conditions(collected: _Collector, names: list[str], shown: Document) -> None:
    """All that a character suffers from: what is shown and not among the names ends, where people decide it."""
    wanted = {fold(name): name for name in names}
    given = (
        trait for trait in collected.traits.values() if trait.tracker and isinstance(trait, Flag | Conditions)
    )
    for trait in given:
        for name in trait.conditions(shown[trait.slug]) if trait.slug in shown else ():
            if not {fold(name), fold(_(name))} & wanted.keys():
                _condition(collected, name, False, "stats.conditions")
    for name in wanted.values():
        _condition(collected, name, True, "stats.conditions")


def _condition(collected: _Collector, name: str, on: bool, called: str) -> None:
    """A flag of that name, else an entry of the list of conditions. What follows from other values is left to them."""
    trackers = [trait for trait in collected.traits.values() if trait.tracker]
    flags = (trait for trait in trackers if isinstance(trait, Flag) and _same(name, trait.label))
    if flag := next(flags, None):
        collected.add(called, flag.slug, "set", on)
    elif listed := next((trait for trait in trackers if isinstance(trait, Conditions)), None):
        _listed_condition(collected, listed, name, on, called)
    elif not _holds(collected, name):
        label, typed = _(collected.model.splat_label), clean(name, 50)
        collected.refuse(
            called, _("The sheet “{type}” has no condition “{typed}” to set.", type=label, typed=typed)
        )
    elif not on:
        collected.refuse(
            called, _("“{typed}” follows from other values on the sheet.", typed=clean(name, 50))
        )


def _listed_condition(collected: _Collector, trait: Conditions, name: str, on: bool, called: str) -> None:
    entries: dict[str, Any] = collected.document.get(trait.slug) or {}
    key = next((key for key, entry in entries.items() if _same(name, entry[trait.title])), None)
    if on and key is None:
        collected.add(called, trait.slug, "add", {trait.title: name})
    elif not on and key is not None:
        collected.add(called, trait.path((key,)), "remove", None)


def _holds(collected: _Collector, name: str) -> bool:
    return any(_same(name, known) for known in shown_conditions(collected.traits, collected.document) or ())


def _same(typed: str, name: str) -> bool:
    return fold(typed) in (fold(name), fold(_(name)))


def _gauge(collected: _Collector, path: str, value: Json) -> None:
    """A whole trait as it was read, or one part of it."""
    slug, _dot, rest = path.partition(".")
    trait, name = collected.traits.get(slug), f"stats.gauges.{clean(path, 60)}"
    if trait is None:
        collected.refuse(name, _("This sheet has no “{typed}”.", typed=clean(path, 60)))
    elif collected.document.get(slug) == value and not rest:
        return
    elif isinstance(value, dict) and isinstance(trait, Composite) and not rest:
        for part, number in value.items():
            collected.add(f"{name}.{clean(part, 40)}", trait.path((part,)), "set", number)
    elif isinstance(value, dict | list):
        collected.refuse(name, _("{label} can’t be set as a whole here.", label=trait.name))
    else:
        collected.add(name, path, "set", value)
