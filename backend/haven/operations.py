"""What can be done with characters. After a change Discord shows the card, and a sheet everything."""

from collections.abc import Callable
from functools import wraps
from typing import Generic, NamedTuple

from chronicle import rights
from chronicle.call import Call
from contract import characters as shapes
from contract import endpoints
from contract.characters import CharacterChanged, CharacterInput, SheetChanged
from contract.endpoints import Endpoint, Shape
from haven import portraits, selectors, services
from haven.answers import character_changed, sheet_changed
from haven.models import Character
from haven.serializers.card import card
from haven.serializers.character import full, named
from haven.services import Change
from haven.services.change import operations_of
from haven.services.reference import defaults_of, find, meant_by, played_in
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation

PAGE = 25
MAX_NAMES = PAGE * (shapes.MAX_PAGE + 1)


# Reads


def _list(call: Call, given: shapes.ListCharacters) -> shapes.Characters:
    """Own characters, then those of chronicles where one is storyteller."""
    return shapes.Characters(results=selectors.dashboard(call.principal, given))


def _chosen(call: Call, given: CharacterInput) -> tuple[Character, str]:
    """The character that is meant, if this person may see it, and how it was chosen."""
    found = find(call.principal, meant_by(call, given))
    return selectors.get(call.principal, found.id), found.chosen


def _sheet(call: Call, given: CharacterInput) -> shapes.FullCharacter:
    """Everything of a character that its reader may see."""
    character, _ = _chosen(call, given)
    return full(character, call.principal)


def _show_card(call: Call, given: CharacterInput) -> shapes.ShownCharacter:
    """The card of a character."""
    character, chosen = _chosen(call, given)
    level = rights.character_level(call.principal, character)
    return shapes.ShownCharacter(character=named(character), card=card(character, level), chosen=chosen)


def _history(call: Call, given: shapes.ListHistory) -> shapes.History:
    """The events of a character, newest first."""
    character, _ = _chosen(call, given)
    events = selectors.history(call.principal, character.id, given.before, given.limit)
    return shapes.History(character=named(character), events=events)


def _names(call: Call, given: shapes.ListNames) -> shapes.CharacterNames:
    """Own characters by name, for completion; for a storyteller a player’s. 25 a page."""
    found = selectors.names(
        call.principal,
        call.server,
        owner_id=call.player_id,
        query=given.q,
        splats=given.splat.split(",") if given.splat else (),
        deleted=given.deleted,
        limit=MAX_NAMES,
        here=played_in(call.server.pk, call.bound_channel) if call.server else None,
    )
    start = given.page * PAGE
    return shapes.CharacterNames(results=found[start : start + PAGE], total=len(found))


def _traits(call: Call, given: shapes.ListTraits) -> shapes.TraitNames:
    """Traits of a character with what they are now, for completion."""
    character, _ = _chosen(call, given)
    if not rights.can(call.principal, "character.edit", character, trackers_only=True):
        return shapes.TraitNames(results=[])
    level = rights.character_level(call.principal, character)
    return shapes.TraitNames(results=selectors.trait_choices(character, level, given.q))


def _entries(call: Call, given: shapes.ListEntries) -> shapes.EntryNames:
    """The entries of a list on the sheet, such as Disciplines, for completion."""
    character, _ = _chosen(call, given)
    level = rights.character_level(call.principal, character)
    return shapes.EntryNames(results=selectors.entry_choices(character, level, given.trait, given.q))


# Changes


def _create(call: Call, given: shapes.CreateCharacter) -> Change:
    """Create a character; in no chronicle where none is named or played."""
    place = call.chronicle_if_any(given.chronicle)
    wanted = operations_of(given.changes)
    return services.create(call.principal, given.splat, given.name, wanted, place, call.cause)


def _change(call: Call, given: shapes.ChangeCharacter) -> Change:
    """Change traits: all of them, or none."""
    wanted = operations_of(given.changes)
    return services.change(call.principal, meant_by(call, given), wanted, call.cause, given.base_version)


def _delete(call: Call, given: CharacterInput) -> Change:
    """Take a character out of every list; a restore brings it back."""
    return services.delete(call.principal, meant_by(call, given), call.cause)


def _restore(call: Call, given: CharacterInput) -> Change:
    """Bring a deleted character back."""
    return services.restore(call.principal, meant_by(call, given, deleted=True), call.cause)


def _undo(call: Call, given: shapes.UndoChange) -> Change:
    """Undo a change."""
    return services.undo(call.principal, meant_by(call, given), call.cause, given.event)


def _move(call: Call, given: shapes.MoveCharacter) -> Change:
    """Move a character to another chronicle, with its sheet and its history."""
    place = call.chronicle_named(given.chronicle)
    return services.move(call.principal, meant_by(call, given), place, call.cause)


def _show_trait(call: Call, given: shapes.ShowTrait) -> Change:
    """Set who may see a trait of this character."""
    return services.show(call.principal, meant_by(call, given), given.trait, given.level, call.cause)


def _load_picture(call: Call, given: shapes.SetPortrait) -> shapes.SetPortrait:
    """Store the picture, resized and encoded again, before the transaction: no lock waits for a network."""
    services.may_portray(call.principal, meant_by(call, given))
    picture = portraits.fetch(given.url) if given.url else given.picture
    return given.stored_at(portraits.keep(picture, call.principal.id))


def _set_portrait(call: Call, given: shapes.SetPortrait) -> Change:
    """Set the portrait: PNG, JPEG, WebP or GIF of at most 8 MB, which is resized and encoded again."""
    return services.set_portrait(call.principal, meant_by(call, given), given.path, call.cause)


def _remove_portrait(call: Call, given: CharacterInput) -> Change:
    """Take the portrait off; an undo brings it back."""
    return services.set_portrait(call.principal, meant_by(call, given), "", call.cause)


def _default(call: Call, given: shapes.SetDefault) -> shapes.DefaultCharacter:
    """Set the default character, clear it, or only say which it is."""
    if given.clear:
        services.clear_default(call.member, call.bound_channel)
        return _as_default(None)
    if given.character is not None:
        return _as_default(services.set_default(call.principal, call.member, meant_by(call, given)))
    known = defaults_of(call.principal, call.server, call.bound_channel)
    return _as_default(known[0] if known else None)


def _as_default(character: Character | None) -> shapes.DefaultCharacter:
    default = named(character) if character else None
    return shapes.DefaultCharacter(default=default, scope="server" if default else "none")


# The two answers of a change


def _change_of(call: Call, kept: Kept) -> Change:
    """What was done before, for a retry, with the character as it is by now."""
    character = selectors.get(call.principal, str(kept.body["id"]), deleted=True)
    return Change(character, kept.event() if kept.event_id else None)


def _replay_card(call: Call, kept: Kept) -> CharacterChanged:
    again = character_changed(_change_of(call, kept), call.principal)
    return CharacterChanged.model_validate({**dict(again), **kept.body})


def _replay_sheet(call: Call, kept: Kept) -> SheetChanged:
    again = sheet_changed(_change_of(call, kept), call.principal)
    return SheetChanged.model_validate({**dict(again), **kept.body})


class Pair(NamedTuple, Generic[InputT]):
    """One change by its two answers: the card for Discord, the whole character for a sheet."""

    card: Operation[Call, InputT, CharacterChanged]
    sheet: Operation[Call, InputT, SheetChanged]


Prepare = Callable[[Call, InputT], InputT]


def _with_sheet(
    name: str,
    given: type[InputT],
    run: Callable[[Call, InputT], Change],
    right: str,
    status: int = 200,
    prepare: Prepare[InputT] | None = None,
) -> Operation[Call, InputT, SheetChanged]:
    @wraps(run)
    def changed(call: Call, given: InputT) -> SheetChanged:
        return sheet_changed(run(call, given), call.principal)

    shape, name = Shape(given, SheetChanged), f"characters.{name}"
    return Operation(name, shape, changed, right, status=status, replay=_replay_sheet, prepare=prepare)


def _pair(
    name: str,
    endpoint: Endpoint[InputT, CharacterChanged],
    run: Callable[[Call, InputT], Change],
    right: str,
    status: int = 200,
    prepare: Prepare[InputT] | None = None,
) -> Pair[InputT]:
    @wraps(run)
    def changed(call: Call, given: InputT) -> CharacterChanged:
        return character_changed(run(call, given), call.principal)

    sheet = _with_sheet(name, endpoint.input, run, right, status, prepare)
    name, replay = sheet.name, _replay_card
    card = Operation(name, endpoint, changed, right, status=status, replay=replay, prepare=prepare)
    return Pair(card, sheet)


LIST = Operation("characters.list", Shape(shapes.ListCharacters, shapes.Characters), _list, reads=True)
SHEET = Operation(
    "characters.get", Shape(CharacterInput, shapes.FullCharacter), _sheet, "character.view", reads=True
)
CARD = Operation("characters.get", endpoints.GET_CHARACTER, _show_card, "character.view", reads=True)
HISTORY = Operation("characters.history", endpoints.LIST_HISTORY, _history, "character.history", reads=True)
NAMES = Operation("characters.names", endpoints.LIST_NAMES, _names, reads=True)
TRAITS = Operation("characters.traits", endpoints.LIST_TRAITS, _traits, "character.view", reads=True)
ENTRIES = Operation("characters.entries", endpoints.LIST_ENTRIES, _entries, "character.view", reads=True)
DEFAULT = Operation("characters.default", endpoints.SET_DEFAULT, _default, "character.view")
CREATE = _pair("create", endpoints.CREATE_CHARACTER, _create, "character.create", status=201)
CHANGE = _pair("change", endpoints.CHANGE_CHARACTER, _change, "character.edit")
DELETE = _pair("delete", endpoints.DELETE_CHARACTER, _delete, "character.delete")
RESTORE = _pair("restore", endpoints.RESTORE_CHARACTER, _restore, "character.restore")
UNDO = _pair("undo", endpoints.UNDO_CHANGE, _undo, "character.edit")
MOVE = _pair("move", endpoints.MOVE_CHARACTER, _move, "character.move")
SHOW = _with_sheet("show", shapes.ShowTrait, _show_trait, "character.visibility")
SET_PORTRAIT = _pair(
    "set_portrait", endpoints.SET_PORTRAIT, _set_portrait, "character.edit", prepare=_load_picture
)
REMOVE_PORTRAIT = _with_sheet("remove_portrait", CharacterInput, _remove_portrait, "character.edit")
REST: Addresses = {
    "characters/": {"GET": LIST, "POST": CREATE.sheet},
    "characters/<uuid:character>/": {"GET": SHEET, "PATCH": CHANGE.sheet, "DELETE": DELETE.sheet},
    "characters/<uuid:character>/restore/": {"POST": RESTORE.sheet},
    "characters/<uuid:character>/undo/": {"POST": UNDO.sheet},
    "characters/<uuid:character>/move/": {"POST": MOVE.sheet},
    "characters/<uuid:character>/history/": {"GET": HISTORY},
    "characters/<uuid:character>/visibility/": {"PUT": SHOW},
}
