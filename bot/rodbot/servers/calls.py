"""The calls of the bot API that are about servers, their members and roles."""

from rodbot.core.backend import Backend
from rodbot.core.calls import Calls
from rodbot.core.models import Json
from rodbot.servers.models import Role, ServerInfo, Why


class ServerCalls(Calls):
    """`guild` is the server's id in Discord."""

    async def info(self, guild: int) -> ServerInfo:
        return ServerInfo.read(await self.act("POST", f"/bot/servers/{guild}/info", {}))

    async def change(self, guild: int, values: Json) -> ServerInfo:
        return ServerInfo.read(await self.act("PATCH", f"/bot/servers/{guild}", values))

    async def roles(self, guild: int) -> list[Role]:
        return await self._roles("POST", guild, "/list", {})

    async def create_role(self, guild: int, values: Json) -> list[Role]:
        return await self._roles("POST", guild, "", {"values": values})

    async def change_role(self, guild: int, role: str, values: Json) -> list[Role]:
        return await self._roles("PATCH", guild, "", {"role": role, "values": values})

    async def delete_role(self, guild: int, role: str) -> list[Role]:
        return await self._roles("DELETE", guild, "", {"role": role})

    async def hold_role(self, guild: int, role: str, user: int, held: bool) -> list[Role]:
        return await self._roles("PUT", guild, "/members", {"role": role, "user": str(user), "held": held})

    async def why(self, guild: int, body: Json) -> Why:
        """Why a member may or may not do something."""
        return Why.read(await self.act("POST", f"/bot/servers/{guild}/why", body))

    async def _roles(self, method: str, guild: int, path: str, body: Json) -> list[Role]:
        data = await self.act(method, f"/bot/servers/{guild}/roles{path}", body)
        return [Role.read(role) for role in data["results"]]


class SyncCalls:
    """Passes on what Discord says about servers and members. Nobody acts."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def put_server(self, guild: int, body: Json) -> Json:
        server: Json = (await self._backend.sync("PUT", f"/bot/servers/{guild}", body))["server"]
        return server

    async def delete_server(self, guild: int) -> None:
        await self._backend.sync("DELETE", f"/bot/servers/{guild}")

    async def put_members(self, guild: int, members: list[Json], span: tuple[str, str | None] | None) -> Json:
        """With `span` (after, until) the batch is all members with ids in that range: others in it have left."""
        body: Json = {"members": members, "complete": False}
        if span:
            body |= {"after": span[0], "until": span[1]}
        return await self._backend.sync("PUT", f"/bot/servers/{guild}/members", body)

    async def delete_member(self, guild: int, user: int) -> None:
        await self._backend.sync("DELETE", f"/bot/servers/{guild}/members/{user}")
