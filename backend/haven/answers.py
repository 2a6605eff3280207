"""What a change is answered with."""

from chronicle import rights
from chronicle.principal import Principal
from contract.characters import Changed, CharacterChanged, SheetChanged
from contract.notices import read
from haven.serializers.card import card
from haven.serializers.character import full, named
from haven.services.common import Change
from timeline import frames


def character_changed(change: Change, principal: Principal) -> CharacterChanged:
    return CharacterChanged(character=named(change.character), **dict(_changed(change, principal)))


def sheet_changed(change: Change, principal: Principal) -> SheetChanged:
    return SheetChanged(character=full(change.character, principal), **dict(_changed(change, principal)))


def _changed(change: Change, principal: Principal) -> Changed:
    level = rights.character_level(principal, change.character)
    return Changed(
        id=change.character.id,
        event=frames.event_for(change.event, level) if change.event else None,
        card=card(change.character, level),
        chosen=change.chosen,
        notices=[read(notice.as_json()) for notice in change.notices],
    )
