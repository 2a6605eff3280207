"""What a change is answered with."""

from typing import Any

from chronicle import rights
from chronicle.principal import Principal
from contract.base import JsonObject
from contract.characters import CharacterChanged, SheetChanged
from contract.notices import read
from haven.serializers.card import card
from haven.serializers.character import full, named
from haven.services.common import Change
from timeline import frames


def character_changed(change: Change, principal: Principal) -> CharacterChanged:
    character = change.character
    shared = _shared(change, principal, character.document())
    return CharacterChanged(character=named(character), **shared)


def sheet_changed(change: Change, principal: Principal) -> SheetChanged:
    document = change.character.document()
    shared = _shared(change, principal, document)
    return SheetChanged(character=full(change.character, principal, document), **shared)


def _shared(change: Change, principal: Principal, document: JsonObject) -> dict[str, Any]:
    """The fields of `Changed`."""
    level = rights.character_level(principal, change.character)
    return {
        "id": change.character.id,
        "event": frames.event_for(change.event, level) if change.event else None,
        "card": card(change.character, level, document),
        "chosen": change.chosen,
        "notices": [read(notice.as_json()) for notice in change.notices],
    }
