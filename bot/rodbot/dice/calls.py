"""The calls of the bot API that are about dice: rolls, checks, odds, luck, macros, requests. Part of `Backend`."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.dice.play import Luck, Macro, Request
from rodbot.dice.rolls import Odds, RollAnswer

Read = Callable[[str, dict[str, str]], Awaitable[Json]]


class Act(Protocol):
    """Carries a command out in somebody's name; a second call for the same command needs a suffix of its own."""

    def __call__(
        self, method: str, path: str, facts: Facts, body: Json, suffix: str = ""
    ) -> Awaitable[Json]: ...


class PlayCalls:
    def __init__(self, act: Act, read: Read) -> None:
        self._act = act
        self._read = read

    # Rolls

    async def roll(self, facts: Facts, body: Json) -> RollAnswer:
        return await self._rolled(facts, "/bot/rolls", body)

    async def check(self, facts: Facts, body: Json) -> RollAnswer:
        return await self._rolled(facts, "/bot/rolls/check", body)

    async def look(self, facts: Facts, roll: str, picked: list[int] | None = None) -> RollAnswer:
        """The roll as it stands; with `picked`, what rolling these dice again would do."""
        body: Json = {"roll": roll, **({"dice": picked} if picked else {})}
        return await self._rolled(facts, "/bot/rolls/get", body)

    async def reroll(
        self, facts: Facts, roll: str, strategy: str = "", picked: list[int] | None = None
    ) -> RollAnswer:
        how: Json = {"dice": picked} if picked else {"strategy": strategy}
        return await self._rolled(facts, "/bot/rolls/reroll", {"roll": roll, **how})

    async def choose(self, facts: Facts, roll: str, choice: str) -> RollAnswer:
        return await self._rolled(facts, "/bot/rolls/choose", {"roll": roll, "choice": choice})

    async def reveal(self, facts: Facts, roll: str) -> RollAnswer:
        return await self._rolled(facts, "/bot/rolls/reveal", {"roll": roll})

    async def strike(self, facts: Facts, roll: str, reason: str) -> RollAnswer:
        """Without a reason the roll counts again."""
        how: Json = {"reason": reason} if reason else {"undo": True}
        return await self._rolled(facts, "/bot/rolls/strike", {"roll": roll, **how})

    async def odds(self, facts: Facts, body: Json) -> Odds:
        return Odds.read(await self._act("POST", "/bot/rolls/odds", facts, body))

    async def luck(self, facts: Facts, body: Json) -> Luck:
        return Luck.read(await self._act("POST", "/bot/luck", facts, body))

    async def pool(self, facts: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        """Pairs of a completed pool and how it is shown."""
        query = {**facts.query(), "q": q, **({"character": character} if character else {})}
        found = await self._read("/bot/pool", query)
        return [(r["text"], r.get("label") or r["text"]) for r in found.get("results") or ()]

    async def disciplines(self, facts: Facts, character: str | None) -> list[tuple[str, str]]:
        """Those on a sheet: pairs of a name and how it is shown."""
        found = await self._act(
            "POST", "/bot/characters/get", facts, {"character": character, "player": None}
        )
        entries = (found["character"].get("fields") or {}).get("disciplines") or {}
        return [(one["name"], f"{one['name']} ({one.get('dots') or 0})") for one in entries.values()]

    async def _rolled(self, facts: Facts, path: str, body: Json) -> RollAnswer:
        return RollAnswer.read(await self._act("POST", path, facts, body))

    # Macros

    async def macros(
        self, facts: Facts, character: str | None, q: str = "", shared: bool = False
    ) -> list[Macro]:
        query = {**facts.query(), "q": q, **({"character": character} if character else {})}
        found = await self._read("/bot/macros", query | ({"shared": "1"} if shared else {}))
        return [Macro.read(m) for m in found.get("results") or ()]

    async def save_macro(self, facts: Facts, body: Json) -> Macro:
        return await self._macro("POST", "/bot/macros", facts, body)

    async def edit_macro(self, facts: Facts, body: Json) -> Macro:
        return await self._macro("PATCH", "/bot/macros", facts, body)

    async def delete_macro(self, facts: Facts, body: Json) -> Macro:
        return await self._macro("DELETE", "/bot/macros", facts, body)

    async def copy_macro(self, facts: Facts, body: Json) -> Macro:
        return await self._macro("POST", "/bot/macros/copy", facts, body)

    async def run_macro(self, facts: Facts, body: Json) -> RollAnswer:
        return await self._rolled(facts, "/bot/macros/run", body)

    async def _macro(self, method: str, path: str, facts: Facts, body: Json) -> Macro:
        return Macro.read((await self._act(method, path, facts, body))["macro"])

    # Requests

    async def request(self, facts: Facts, body: Json) -> Request:
        return await self._request("/bot/roll-requests", facts, body)

    async def request_now(self, facts: Facts, request: str) -> Request:
        return await self._request("/bot/roll-requests/get", facts, {"request": request})

    async def close_request(self, facts: Facts, request: str) -> Request:
        return await self._request("/bot/roll-requests/close", facts, {"request": request})

    async def answer(self, facts: Facts, request: str, pool: str | None) -> RollAnswer:
        body: Json = {"request": request, **({"pool": pool} if pool else {})}
        return await self._rolled(facts, "/bot/roll-requests/answer", body)

    async def _request(self, path: str, facts: Facts, body: Json) -> Request:
        return Request.read((await self._act("POST", path, facts, body))["request"])
