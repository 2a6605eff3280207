"""A character as JSON: the full object of REST and sheets, the brief one of lists and snapshots."""

from typing import Any

from chronicle import rights
from chronicle.principal import Principal
from haven.models import Character
from rules.visibility import Level


def full(character: Character, principal: Principal) -> dict[str, Any]:
    """Return everything that the principal may see; the shape is in docs/BOT_API.md, "The character object"."""
    level = rights.character_level(principal, character)
    return _frame(character) | {
        "rights": {
            action: bool(
                rights.can(principal, f"character.{action}", character, trackers_only=action == "edit")
            )
            for action in ("edit", "delete", "lock", "history")
        }
        | {
            "level": level.label,
            "trackers_only": character.locked and not rights.is_storyteller_of(principal, character),
        },
        "visibility": {
            slug: trait_level.label
            for slug in character.visibility
            if (trait_level := character.level_of(slug)) <= level
        },
        "fields": visible(character, level),
    }


def brief(character: Character, level: Level) -> dict[str, Any]:
    """Return what dashboards and snapshots show: identity, trackers, and what is declared `brief`."""
    fields = visible(character, level, brief_only=True)
    fields.get("experience", {}).pop("spends", None)
    return _frame(character) | {"fields": fields}


def visible(character: Character, level: Level, *, brief_only: bool = False) -> dict[str, Any]:
    """Return the part of the document visible at this level. Only top-level objects are copied."""
    shown: dict[str, Any] = {}
    hidden = character.hidden_from(level)
    for slug, value in character.document(character.brief_traits if brief_only else None).items():
        if slug not in hidden:
            shown[slug] = dict(value) if isinstance(value, dict) else value
    return shown


def _frame(character: Character) -> dict[str, Any]:
    kind, stream_id = character.stream
    chronicle = character.chronicle
    return {
        "id": str(character.id),
        "name": character.name,
        "owner": character.owner.as_json(),
        "chronicle": {"id": str(chronicle.id), "name": chronicle.name} if chronicle else None,
        "stream": f"{kind}:{stream_id}",
        "splat": character.splat,
        "splat_label": character.splat_label,
        "edition": character.edition,
        "version": character.version,
        "deleted": character.deleted_at is not None,
        "created_at": character.created_at.isoformat(),
        "updated_at": character.updated_at.isoformat(),
    }
