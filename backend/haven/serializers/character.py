"""A character as one reader sees it: the full object of REST and sheets, the brief one of lists and snapshots."""

from typing import Any

from chronicle import rights
from chronicle.principal import Principal
from contract.base import JsonObject, Named
from contract.characters import BriefCharacter, CharacterRights, FullCharacter
from haven.models import Character
from rules.visibility import Level


def full(character: Character, principal: Principal, document: JsonObject | None = None) -> FullCharacter:
    """Everything that the principal may see. `document` is the character's, where it is known already."""
    level = rights.character_level(principal, character)
    return FullCharacter(
        **_common(character, visible(character, level, document)),
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
    return BriefCharacter(**_common(character, fields))


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
    return Named(id=character.id, name=character.name)


def _common(character: Character, fields: JsonObject) -> dict[str, Any]:
    """What the full and the brief object have in common."""
    kind, stream_id = character.stream
    chronicle = character.chronicle
    return {
        "id": character.id,
        "name": character.name,
        "owner": character.owner.as_person(),
        "chronicle": Named(id=chronicle.id, name=chronicle.name) if chronicle else None,
        "stream": f"{kind}:{stream_id}",
        "splat": character.splat,
        "splat_label": character.splat_label,
        "edition": character.edition,
        "version": character.version,
        "deleted": character.deleted_at is not None,
        "created_at": character.created_at,
        "updated_at": character.updated_at,
        "fields": fields,
    }
