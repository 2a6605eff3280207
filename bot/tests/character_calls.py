"""Calls about characters in few words, for tests that talk to a backend."""

from collections.abc import Sequence
from uuid import UUID

from contract import endpoints
from contract.characters import (
    ChangeCharacter,
    CharacterChanged,
    CharacterInput,
    CharacterNames,
    CreateCharacter,
    DefaultCharacter,
    History,
    ListHistory,
    ListNames,
    ListTraits,
    MoveCharacter,
    SetDefault,
    SetPortrait,
    ShownCharacter,
    TraitChange,
    TraitName,
    UndoChange,
)
from rodbot.core.backend import Backend
from rodbot.core.caller import Caller


class CharacterCalls:
    """`character` is an id or a name; None is the caller's default character."""

    def __init__(self, backend: Backend, caller: Caller) -> None:
        self._backend = backend
        self._caller = caller

    async def create(self, splat: str, name: str, changes: Sequence[TraitChange]) -> CharacterChanged:
        given = CreateCharacter(splat=splat, name=name, changes=list(changes))
        return await self._backend.call(endpoints.CREATE_CHARACTER, self._caller, given)

    async def names(
        self, q: str = "", *, splat: str = "", player: str = "", deleted: bool = False, page: int = 0
    ) -> CharacterNames:
        given = ListNames(q=q, splat=splat or None, player=player or None, deleted=deleted, page=page)
        return await self._backend.call(endpoints.LIST_NAMES, self._caller, given)

    async def look(self, character: str | None, player: str | None = None) -> ShownCharacter:
        given = CharacterInput(character=character, player=player)
        return await self._backend.call(endpoints.GET_CHARACTER, self._caller, given)

    async def change(
        self, character: str | None, changes: Sequence[TraitChange], player: str | None = None
    ) -> CharacterChanged:
        given = ChangeCharacter(character=character, changes=list(changes), player=player)
        return await self._backend.call(endpoints.CHANGE_CHARACTER, self._caller, given)

    async def avatar(self, character: str, url: str) -> CharacterChanged:
        given = SetPortrait(character=character, url=url)
        return await self._backend.call(endpoints.SET_PORTRAIT, self._caller, given, "-avatar")

    async def delete(self, character: str) -> CharacterChanged:
        given = CharacterInput(character=character)
        return await self._backend.call(endpoints.DELETE_CHARACTER, self._caller, given)

    async def restore(self, character: str) -> CharacterChanged:
        given = CharacterInput(character=character)
        return await self._backend.call(endpoints.RESTORE_CHARACTER, self._caller, given)

    async def move(self, character: str, chronicle: str) -> CharacterChanged:
        given = MoveCharacter(character=character, chronicle=chronicle)
        return await self._backend.call(endpoints.MOVE_CHARACTER, self._caller, given)

    async def undo(self, character: str, event: UUID | None = None) -> CharacterChanged:
        given = UndoChange(character=character, event=event)
        return await self._backend.call(endpoints.UNDO_CHANGE, self._caller, given)

    async def history(self, character: str, before: int | None, limit: int) -> History:
        given = ListHistory(character=character, before=before, limit=limit)
        return await self._backend.call(endpoints.LIST_HISTORY, self._caller, given)

    async def default(self, character: str | None, clear: bool = False) -> DefaultCharacter:
        given = SetDefault(character=character, clear=clear)
        return await self._backend.call(endpoints.SET_DEFAULT, self._caller, given)

    async def traits(self, character: str | None, q: str) -> list[TraitName]:
        given = ListTraits(character=character, q=q)
        return (await self._backend.call(endpoints.LIST_TRAITS, self._caller, given)).results
