"""Which trait people mean by a name: `Athletics`, `ath`, `superficial health`, or the Discipline `Dominate`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chronicle import rights
from chronicle.principal import Principal
from contract.lookup import spellings
from haven.house_rules import traits_of
from haven.models import Character
from rules.naming import which
from rules.traits import Entries, Operation, Trait
from rules.visibility import Level

Named = tuple[str, tuple[str, ...]]


def as_typed(principal: Principal, character: Character, operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations with declared paths, where a person typed a name with the new value.

    Raises Invalid for the path, with a suggestion; Conflict (`ambiguous`); NotFound for who may not see it.
    """
    return [
        (
            replace(operation, path=_path(principal, character, operation.path))
            if operation.op == "text"
            else operation
        )
        for operation in operations
    ]


def _path(principal: Principal, character: Character, typed: str) -> str:
    """Return the path that is meant, among what this person may see. A declared path is left as it is."""
    if typed.split(".", 1)[0] in character.traits:
        return typed
    return which(typed, dict(_paths(character, _level(principal, character))), "trait", field=typed)


def slug_of(principal: Principal, character: Character, typed: str) -> str:
    """Return the whole trait that is meant. Raises as `as_typed`, for the field `trait`."""
    if typed in character.traits:
        return typed
    level = _level(principal, character)
    named = {
        slug: (*spellings(slug, trait.label), trait.name)
        for slug, trait in _visible(character, level).items()
    }
    return which(typed, named, "trait", field="trait")


def _level(principal: Principal, character: Character) -> Level:
    rights.can(principal, "character.view", character).require()
    return rights.character_level(principal, character)


def _visible(character: Character, level: Level) -> dict[str, Trait]:
    return {slug: trait for slug, trait in traits_of(character).items() if character.level_of(slug) <= level}


def _paths(character: Character, level: Level) -> Iterator[Named]:
    """Traits first, then their parts, then the ratings of listed entries."""
    document = character.document()
    for slug, trait in _visible(character, level).items():
        yield slug, (*spellings(slug, trait.label), trait.name)
        for field in trait.fields():
            if field.sub and field.sub != trait.primary:
                yield f"{slug}.{field.sub}", spellings(
                    f"{slug}.{field.sub}", f"{trait.label} {field.sub}", field.label
                )
        if isinstance(trait, Entries) and trait.rating and slug in document:
            for pk, entry in document[slug].items():
                yield f"{slug}.{pk}.{trait.rating}", spellings(str(entry[trait.title]))
