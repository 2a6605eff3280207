"""The calls of the bot API that are about conflicts."""

from rodbot.conflicts.models import Conflict, Done
from rodbot.core.calls import Calls
from rodbot.core.models import Json


class ConflictCalls(Calls):
    """`conflict` is an id; None is the conflict that runs in the channel."""

    async def start(self, body: Json) -> Conflict:
        return await self._conflict("", body)

    async def look(self, conflict: str | None = None) -> Conflict:
        """The conflict as far as the caller may see it."""
        return Conflict.read((await self._get(_named(conflict), "-now"))["conflict"])

    async def look_in_words(self) -> tuple[Conflict, bool]:
        """The same for the channel's conflict, and whether the caller wants text alone."""
        data = await self._get({}, "-now")
        return Conflict.read(data["conflict"]), bool(data.get("text_mode"))

    async def for_table(self, conflict: str | None = None) -> Json:
        """The conflict as far as everybody at the table may see it, for the message in the channel."""
        body: Json = (await self._get({**_named(conflict), "table": True}, "-table"))["conflict"]
        return body

    async def roll(self, body: Json, suffix: str = "") -> Done:
        return await self._done("roll", body, suffix)

    async def join(self, body: Json) -> Done:
        return await self._done("join", body)

    async def declare(self, body: Json) -> Done:
        return await self._done("declare", body)

    async def change(self, participant: str, changes: Json) -> Done:
        return await self._done("change", {"participant": participant, "changes": changes})

    async def leave(self, body: Json) -> Conflict:
        return await self._conflict("/leave", body)

    async def move(self, body: Json) -> Conflict:
        return await self._conflict("/move", body)

    async def add_effect(self, body: Json) -> Conflict:
        return await self._conflict("/effect", body)

    async def lift_effect(self, effect: str) -> Conflict:
        return await self._conflict("/lift", {"effect": effect})

    async def time_passed(self, period: str) -> list[str]:
        """The effects that ended with a scene, a night or a session."""
        data = await self.act("POST", "/bot/conflicts/time", {"passed": period})
        return [str(effect["text"]) for effect in data["ended"]]

    async def _get(self, body: Json, suffix: str) -> Json:
        """The suffix differs from that of the command itself, which comes before or after it."""
        return await self.act("POST", "/bot/conflicts/get", body, suffix)

    async def _conflict(self, path: str, body: Json) -> Conflict:
        return Conflict.read((await self.act("POST", f"/bot/conflicts{path}", body))["conflict"])

    async def _done(self, verb: str, body: Json, suffix: str = "") -> Done:
        return Done.read(await self.act("POST", f"/bot/conflicts/{verb}", body, suffix))


def _named(conflict: str | None) -> Json:
    return {"conflict": conflict} if conflict else {}
