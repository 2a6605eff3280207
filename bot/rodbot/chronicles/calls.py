"""The calls of the bot API that are about chronicles."""

from rodbot.chronicles.models import Chronicle, Chronicles
from rodbot.core.calls import Calls
from rodbot.core.models import Json


class ChronicleCalls(Calls):
    """`chronicle` is an id; None is the chronicle of the channel."""

    async def list(self, archived: bool = False) -> Chronicles:
        return Chronicles.read(await self.act("POST", "/bot/chronicles/list", {"archived": archived}))

    async def look(self, chronicle: str | None) -> Chronicle:
        return await self._chronicle("POST", "/get", chronicle)

    async def create(self, name: str, description: str) -> Chronicle:
        return await self._chronicle("POST", "", None, name=name, description=description)

    async def change(self, chronicle: str | None, changes: Json) -> Chronicle:
        return await self._chronicle("PATCH", "", chronicle, changes=changes)

    async def set_role(self, chronicle: str | None, user: int, role: str | None) -> Chronicle:
        return await self._chronicle("PUT", "/people", chronicle, user=str(user), role=role)

    async def hand_over(self, chronicle: str | None, user: int) -> Chronicle:
        return await self._chronicle("POST", "/handover", chronicle, user=str(user))

    async def leave(self, chronicle: str | None) -> Chronicle:
        """Give up the caller's own role in it."""
        return await self._chronicle("POST", "/leave", chronicle)

    async def bind(self, chronicle: str | None, channel: int, bound: bool) -> Chronicle:
        return await self._chronicle("PUT", "/bind", chronicle, channel=str(channel), bound=bound)

    async def _chronicle(self, method: str, path: str, chronicle: str | None, **body: object) -> Chronicle:
        named = {"chronicle": chronicle} if chronicle else {}
        data = await self.act(method, f"/bot/chronicles{path}", {**body, **named})
        return Chronicle.read(data["chronicle"])
