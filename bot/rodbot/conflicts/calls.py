"""The calls of the bot API that are about conflicts. Part of `Backend`.

`conflict` is an id; left out, it is the one that runs in the channel."""

from rodbot.conflicts.models import Conflict, Done
from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.dice.calls import Act


class ConflictCalls:
    def __init__(self, act: Act) -> None:
        self._act = act

    async def begin(self, facts: Facts, body: Json) -> Conflict:
        return await self._told("/bot/conflicts", facts, body)

    async def now(self, facts: Facts, conflict: str | None = None) -> Conflict:
        """As the acting person may know it."""
        return Conflict.read((await self._look(facts, _meant(conflict), "-now"))["conflict"])

    async def for_reading(self, facts: Facts) -> tuple[Conflict, bool]:
        """The same, and whether that person wants words alone."""
        found = await self._look(facts, {}, "-now")
        return Conflict.read(found["conflict"]), bool(found.get("text_mode"))

    async def as_table(self, facts: Facts, conflict: str | None = None) -> Json:
        """As everybody at the table may: what a message in the channel is made of."""
        told: Json = (await self._look(facts, {**_meant(conflict), "table": True}, "-table"))["conflict"]
        return told

    async def roll(self, facts: Facts, body: Json, suffix: str = "") -> Done:
        return await self._done("roll", facts, body, suffix)

    async def join(self, facts: Facts, body: Json) -> Done:
        return await self._done("join", facts, body)

    async def declare(self, facts: Facts, body: Json) -> Done:
        return await self._done("declare", facts, body)

    async def change(self, facts: Facts, participant: str, changes: Json) -> Done:
        return await self._done("change", facts, {"participant": participant, "changes": changes})

    async def leave(self, facts: Facts, body: Json) -> Conflict:
        return await self._told("/bot/conflicts/leave", facts, body)

    async def move(self, facts: Facts, body: Json) -> Conflict:
        return await self._told("/bot/conflicts/move", facts, body)

    async def effect(self, facts: Facts, body: Json) -> Conflict:
        return await self._told("/bot/conflicts/effect", facts, body)

    async def lift(self, facts: Facts, effect: str) -> Conflict:
        return await self._told("/bot/conflicts/lift", facts, {"effect": effect})

    async def passed(self, facts: Facts, what: str) -> list[str]:
        """What has ended with it."""
        found = await self._act("POST", "/bot/conflicts/time", facts, {"passed": what})
        return [str(one["text"]) for one in found["ended"]]

    async def _look(self, facts: Facts, body: Json, suffix: str) -> Json:
        """Comes before or after what the command is about."""
        return await self._act("POST", "/bot/conflicts/get", facts, body, suffix)

    async def _told(self, path: str, facts: Facts, body: Json) -> Conflict:
        return Conflict.read((await self._act("POST", path, facts, body))["conflict"])

    async def _done(self, verb: str, facts: Facts, body: Json, suffix: str = "") -> Done:
        return Done.read(await self._act("POST", f"/bot/conflicts/{verb}", facts, body, suffix))


def _meant(conflict: str | None) -> Json:
    return {"conflict": conflict} if conflict else {}
