"""The calls of the bot API that are about dice: rolls, checks, odds, luck, macros, requests."""

from rodbot.core.calls import Calls
from rodbot.core.models import Json
from rodbot.dice.play import Luck, Macro, Request
from rodbot.dice.rolls import Odds, RollAnswer


class DiceCalls(Calls):
    # Rolls

    async def roll(self, body: Json) -> RollAnswer:
        return await self._roll("/bot/rolls", body)

    async def check(self, body: Json) -> RollAnswer:
        return await self._roll("/bot/rolls/check", body)

    async def look(self, roll: str, picked: list[int] | None = None) -> RollAnswer:
        """The roll as it stands; with `picked`, what rolling these dice again would do."""
        return await self._roll("/bot/rolls/get", {"roll": roll, **({"dice": picked} if picked else {})})

    async def reroll(self, roll: str, strategy: str = "", picked: list[int] | None = None) -> RollAnswer:
        chosen: Json = {"dice": picked} if picked else {"strategy": strategy}
        return await self._roll("/bot/rolls/reroll", {"roll": roll, **chosen})

    async def choose(self, roll: str, choice: str) -> RollAnswer:
        return await self._roll("/bot/rolls/choose", {"roll": roll, "choice": choice})

    async def reveal(self, roll: str) -> RollAnswer:
        return await self._roll("/bot/rolls/reveal", {"roll": roll})

    async def strike(self, roll: str, reason: str) -> RollAnswer:
        """Leave the roll out of the statistics; without a reason it counts again."""
        body: Json = {"reason": reason} if reason else {"undo": True}
        return await self._roll("/bot/rolls/strike", {"roll": roll, **body})

    async def odds(self, body: Json) -> Odds:
        return Odds.read(await self.act("POST", "/bot/rolls/odds", body))

    async def luck(self, body: Json) -> Luck:
        return Luck.read(await self.act("POST", "/bot/luck", body))

    async def pools(self, character: str | None, q: str) -> list[tuple[str, str]]:
        """Completed pools and their labels."""
        data = await self.read("/bot/pool", q=q, character=character)
        return [(pool["text"], pool.get("label") or pool["text"]) for pool in data.get("results") or ()]

    async def disciplines(self, character: str | None) -> list[tuple[str, str]]:
        """The disciplines on a sheet: names and labels."""
        data = await self.read("/bot/characters/entries", q="", character=character, trait="disciplines")
        return [(entry["name"], entry["label"]) for entry in data.get("results") or ()]

    async def _roll(self, path: str, body: Json) -> RollAnswer:
        return RollAnswer.read(await self.act("POST", path, body))

    # Macros

    async def macros(self, character: str | None, q: str = "", shared: bool = False) -> list[Macro]:
        data = await self.read("/bot/macros", q=q, character=character, shared="1" if shared else "")
        return [Macro.read(macro) for macro in data.get("results") or ()]

    async def save_macro(self, body: Json) -> Macro:
        return await self._macro("POST", "/bot/macros", body)

    async def edit_macro(self, body: Json) -> Macro:
        return await self._macro("PATCH", "/bot/macros", body)

    async def delete_macro(self, body: Json) -> Macro:
        return await self._macro("DELETE", "/bot/macros", body)

    async def copy_macro(self, body: Json) -> Macro:
        return await self._macro("POST", "/bot/macros/copy", body)

    async def run_macro(self, body: Json) -> RollAnswer:
        return await self._roll("/bot/macros/run", body)

    async def _macro(self, method: str, path: str, body: Json) -> Macro:
        return Macro.read((await self.act(method, path, body))["macro"])

    # Requests

    async def request(self, body: Json) -> Request:
        return await self._request("/bot/roll-requests", body)

    async def look_at_request(self, request: str) -> Request:
        return await self._request("/bot/roll-requests/get", {"request": request})

    async def close_request(self, request: str) -> Request:
        return await self._request("/bot/roll-requests/close", {"request": request})

    async def answer(self, request: str, pool: str | None) -> RollAnswer:
        body: Json = {"request": request, **({"pool": pool} if pool else {})}
        return await self._roll("/bot/roll-requests/answer", body)

    async def _request(self, path: str, body: Json) -> Request:
        return Request.read((await self.act("POST", path, body))["request"])
