"""A character as one reader sees it: the full object of REST and sheets, the brief one of lists and snapshots."""

from typing import Any, TypeVar

from chronicle import rights
from chronicle.principal import Principal
from contract.base import JsonObject, Named
from contract.characters import BriefCharacter, CharacterRights, FullCharacter
from haven.models import Character
from rules.visibility import Level

ShownT = TypeVar("ShownT", bound=BriefCharacter)


def full(character: Character, principal: Principal, document: JsonObject | None = None) -> FullCharacter:
    """Everything that the principal may see. `document` is the character's, where it is known already."""
    level = rights.character_level(principal, character)
    return _shown(
        FullCharacter,
        character,
        visible(character, level, document),
        rights=_rights(character, principal, level),
        visibility={
            slug: trait_level.label
            for slug in character.visibility
            if (trait_level := character.level_of(slug)) <= level
        },
    )


def _rights(character: Character, principal: Principal, level: Level) -> CharacterRights:
    def may(action: str) -> bool:
        return bool(rights.can(principal, f"character.{action}", character, trackers_only=action == "edit"))

    return CharacterRights(
        edit=may("edit"),
        delete=may("delete"),
        lock=may("lock"),
        history=may("history"),
        level=level.label,
        trackers_only=character.locked and not rights.is_storyteller_of(principal, character),
    )


def brief(character: Character, level: Level) -> BriefCharacter:
    """What dashboards and snapshots show: identity, trackers, and what is declared `brief`."""
    fields = visible(character, level, character.document(character.brief_traits))
    if "experience" in fields:
        fields["experience"].pop("spends", None)
    return _shown(BriefCharacter, character, fields)


def visible(character: Character, level: Level, document: JsonObject | None = None) -> dict[str, Any]:
    """Return the part of the document visible at this level. Only top-level objects are copied."""
    document = document or character.document()
    hidden = character.hidden_from(level)
    return {
        slug: dict(value) if isinstance(value, dict) else value
        for slug, value in document.items()
        if slug not in hidden
    }


def named(character: Character) -> Named:
    return Named.from_object(character)


def _shown(shape: type[ShownT], character: Character, fields: JsonObject, **more: object) -> ShownT:
    kind, stream_id = character.stream
    return shape.from_object(
        character,
        owner=character.owner.as_person(),
        stream=f"{kind}:{stream_id}",
        deleted=character.deleted_at is not None,
        fields=fields,
        **more,
    )
