"""The calls of the bot API that are about chronicles and roles. Part of `Backend`."""

from rodbot.chronicles.models import Chronicle, Chronicles, Role, Why
from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.dice.calls import Act


class CommunityCalls:
    def __init__(self, act: Act) -> None:
        self._act = act

    async def chronicles(self, facts: Facts, archived: bool = False) -> Chronicles:
        return Chronicles.read(await self._act("POST", "/bot/chronicles/list", facts, {"archived": archived}))

    async def chronicle(self, facts: Facts, chronicle: str | None) -> Chronicle:
        return await self._told("POST", "/bot/chronicles/get", facts, _meant(chronicle))

    async def begin(self, facts: Facts, name: str, description: str) -> Chronicle:
        return await self._told("POST", "/bot/chronicles", facts, {"name": name, "description": description})

    async def change(self, facts: Facts, chronicle: str | None, changes: Json) -> Chronicle:
        return await self._told("PATCH", "/bot/chronicles", facts, {"changes": changes, **_meant(chronicle)})

    async def narrator(self, facts: Facts, chronicle: str | None, user: int, role: str | None) -> Chronicle:
        body: Json = {"user": str(user), "role": role, **_meant(chronicle)}
        return await self._told("PUT", "/bot/chronicles/people", facts, body)

    async def hand_over(self, facts: Facts, chronicle: str | None, user: int) -> Chronicle:
        return await self._told(
            "POST", "/bot/chronicles/handover", facts, {"user": str(user), **_meant(chronicle)}
        )

    async def lay_down(self, facts: Facts, chronicle: str | None) -> Chronicle:
        return await self._told("POST", "/bot/chronicles/leave", facts, _meant(chronicle))

    async def bind(self, facts: Facts, chronicle: str | None, channel: int, bound: bool) -> Chronicle:
        body: Json = {"channel": str(channel), "bound": bound, **_meant(chronicle)}
        return await self._told("PUT", "/bot/chronicles/bind", facts, body)

    async def roles(self, facts: Facts, guild: int) -> list[Role]:
        return await self._roles("POST", f"/bot/servers/{guild}/roles/list", facts, {})

    async def make_role(self, facts: Facts, guild: int, values: Json) -> list[Role]:
        return await self._roles("POST", f"/bot/servers/{guild}/roles", facts, {"values": values})

    async def change_role(self, facts: Facts, guild: int, role: str, values: Json) -> list[Role]:
        return await self._roles(
            "PATCH", f"/bot/servers/{guild}/roles", facts, {"role": role, "values": values}
        )

    async def delete_role(self, facts: Facts, guild: int, role: str) -> list[Role]:
        return await self._roles("DELETE", f"/bot/servers/{guild}/roles", facts, {"role": role})

    async def hold_role(self, facts: Facts, guild: int, role: str, user: int, held: bool) -> list[Role]:
        body: Json = {"role": role, "user": str(user), "held": held}
        return await self._roles("PUT", f"/bot/servers/{guild}/roles/members", facts, body)

    async def why(self, facts: Facts, guild: int, body: Json) -> Why:
        return Why.read(await self._act("POST", f"/bot/servers/{guild}/why", facts, body))

    async def _told(self, method: str, path: str, facts: Facts, body: Json) -> Chronicle:
        return Chronicle.read((await self._act(method, path, facts, body))["chronicle"])

    async def _roles(self, method: str, path: str, facts: Facts, body: Json) -> list[Role]:
        return [Role.read(one) for one in (await self._act(method, path, facts, body))["results"]]


def _meant(chronicle: str | None) -> Json:
    """What is played in the channel, where none is named."""
    return {"chronicle": chronicle} if chronicle else {}
