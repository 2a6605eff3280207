"""The ways in: bot API, web API. A writer sends its deeds through one of them and keeps the answers."""

import asyncio
import itertools
import json
import random
from typing import Any

import aiohttp

from testing.personas import bot_body
from tests.faults.plan import AGAIN, BOTH, Deed, Outcome
from tests.faults.stack import Platform

Answer = tuple[int, dict[str, Any]]
PATIENCE = aiohttp.ClientTimeout(total=60)
CSRF = "c" * 32
LOST = (aiohttp.ClientError, OSError, TimeoutError)


class Door:
    """One person, one character, one connection pool."""

    def __init__(self, platform: Platform, person: str, character: str) -> None:
        self.platform, self.person, self.character = platform, person, character
        self.http = aiohttp.ClientSession(platform.base, timeout=PATIENCE)

    async def close(self) -> None:
        await self.http.close()

    async def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        async with self.http.request(method, path, json=body, headers=headers) as answer:
            text = await answer.text()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, {"code": "no_json", "detail": text[:300]}

    async def send(self, deed: Deed) -> Answer:
        raise NotImplementedError

    async def do(self, deed: Deed) -> Outcome:
        """As often as the deed says."""
        if deed.sent == BOTH:
            return Outcome(deed, list(await asyncio.gather(self.send(deed), self.send(deed))))
        answers = [await self.send(deed)]
        if deed.sent == AGAIN:
            answers.append(await self.send(deed))
        return Outcome(deed, answers)

    async def insist(self, deed: Deed, sentences: list[str] | None = None) -> Outcome:
        """As `do`, and after a lost answer or a 5xx again with the same key, until somebody answers."""
        for attempt in itertools.count():
            try:
                outcome = await self.do(deed)
            except LOST:
                if attempt > 200:
                    raise
            else:
                if all(status < 500 for status, _ in outcome.answers):
                    return outcome
                if sentences is not None:
                    sentences += [
                        f"{status} {body['detail']}" for status, body in outcome.answers if status >= 500
                    ]
            await asyncio.sleep(random.uniform(0.05, 0.3))
        raise AssertionError("unreachable")


class BotDoor(Door):
    async def send(self, deed: Deed) -> Answer:
        headers = {"Authorization": f"Api-Key {self.platform.key}", "Idempotency-Key": deed.key}
        body = bot_body(
            self.person, interaction=deed.key, command=f"/{deed.op} {deed.path}", character=self.character
        )
        if deed.op == "undo":
            return await self._call("POST", "/bot/characters/undo", body | {"event": deed.value}, headers)
        return await self._call("PATCH", "/bot/characters", body | {"changes": deed.rows}, headers)


class WebDoor(Door):
    async def send(self, deed: Deed) -> Answer:
        session = self.platform.people["sessions"][self.person]
        headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        headers |= {"Idempotency-Key": deed.key}
        place = f"/api/characters/{self.character}/"
        if deed.op == "undo":
            body = {"event": deed.value} if deed.value else {}
            return await self._call("POST", f"{place}undo/", body, headers)
        return await self._call("PATCH", place, {"changes": deed.rows}, headers)
