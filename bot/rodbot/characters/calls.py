"""The calls of the bot API that are about characters."""

from rodbot.characters.models import Answer, History, Names, Schema, TraitName
from rodbot.core.backend import Backend
from rodbot.core.calls import Calls
from rodbot.core.models import Json


async def fetch_schema(backend: Backend) -> Schema:
    """The character types and their traits, from which the commands are made."""
    return Schema.read(await backend.get("/bot/schema"))


class CharacterCalls(Calls):
    """`character` is an id or a name; None is the caller's default character."""

    async def create(self, splat: str, name: str, changes: list[Json]) -> Answer:
        return await self._answer(
            "POST", "/bot/characters", {"splat": splat, "name": name, "changes": changes}
        )

    async def names(
        self, q: str = "", *, splat: str = "", player: str = "", deleted: bool = False, page: int = 0
    ) -> Names:
        flags = {"deleted": "1" if deleted else "", "page": str(page) if page else ""}
        data = await self.read("/bot/characters", q=q, splat=splat, player=player, **flags)
        return Names.read(data, page)

    async def look(self, character: str | None, player: str | None = None) -> Answer:
        return await self._answer("POST", "/bot/characters/get", {"character": character, "player": player})

    async def change(
        self,
        character: str | None,
        changes: list[Json],
        *,
        splat: str | None = None,
        player: str | None = None,
    ) -> Answer:
        body = {"character": character, "splat": splat, "player": player, "changes": changes}
        return await self._answer("PATCH", "/bot/characters", body)

    async def avatar(self, character: str, url: str) -> Answer:
        """Comes second after a change with the same interaction, hence the suffix."""
        body = {"character": character, "url": url}
        return await self._answer("PUT", "/bot/characters/avatar", body, suffix="-avatar")

    async def delete(self, character: str) -> Answer:
        return await self._answer("DELETE", "/bot/characters", {"character": character})

    async def restore(self, character: str) -> Answer:
        return await self._answer("POST", "/bot/characters/restore", {"character": character})

    async def move(self, character: str | None, chronicle: str, player: str | None) -> Answer:
        body = {"character": character, "chronicle": chronicle, "player": player}
        return await self._answer("POST", "/bot/characters/move", body)

    async def undo(
        self, character: str | None, event: str | None = None, player: str | None = None
    ) -> Answer:
        body = {"character": character, "event": event, "player": player}
        return await self._answer("POST", "/bot/characters/undo", body)

    async def history(
        self, character: str | None, before: int | None, limit: int, player: str | None = None
    ) -> History:
        body = {"character": character, "before": before, "limit": limit, "player": player}
        return History.read(await self.act("POST", "/bot/characters/history", body))

    async def default(self, character: str | None, clear: bool = False) -> tuple[str | None, str]:
        """The name of the default character, or None, and its scope (`server` or `none`)."""
        body: Json = {"character": character, **({"clear": True} if clear else {})}
        data = await self.act("POST", "/bot/characters/default", body)
        chosen = data.get("default")
        return (chosen["name"] if chosen else None), data.get("scope") or ""

    async def traits(self, character: str | None, q: str) -> list[TraitName]:
        data = await self.read("/bot/characters/traits", q=q, character=character)
        return [TraitName.read(trait) for trait in data.get("results", ())]

    async def _answer(self, method: str, path: str, body: Json, suffix: str = "") -> Answer:
        return Answer.read(await self.act(method, path, body, suffix))
