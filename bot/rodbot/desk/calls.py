"""The calls of the bot API that are about the storyteller's desk. Part of `Backend`."""

from rodbot.core.caller import Facts
from rodbot.core.models import Json
from rodbot.desk.models import Desk, Note, Submission
from rodbot.dice.calls import Act


class DeskCalls:
    def __init__(self, act: Act) -> None:
        self._act = act

    async def desk(self, facts: Facts, search: str = "", state: str = "") -> Desk:
        body: Json = {"search": search, "state": state}
        return Desk.read(await self._act("POST", "/bot/desk", facts, body))

    async def waiting(self, facts: Facts) -> list[Submission]:
        found = await self._act("POST", "/bot/submissions/waiting", facts, {})
        return [Submission.read(one) for one in found["results"]]

    async def submit(self, facts: Facts, character: str | None, changes: list[Json], text: str) -> Submission:
        body: Json = {"character": character, "changes": changes, "text": text}
        return await self._submission("submissions", facts, body)

    async def look(self, facts: Facts, submission: str) -> Submission:
        return await self._submission("submissions/get", facts, {"submission": submission})

    async def comment(self, facts: Facts, submission: str, text: str) -> Submission:
        return await self._submission("submissions/comment", facts, {"submission": submission, "text": text})

    async def approve(self, facts: Facts, submission: str) -> Submission:
        return await self._submission("submissions/approve", facts, {"submission": submission})

    async def send_back(self, facts: Facts, submission: str, reason: str) -> Submission:
        body: Json = {"submission": submission, "reason": reason}
        return await self._submission("submissions/return", facts, body)

    async def withdraw(self, facts: Facts, submission: str) -> Submission:
        return await self._submission("submissions/withdraw", facts, {"submission": submission})

    async def award(self, facts: Facts, characters: list[str] | None, amount: int, reason: str) -> list[str]:
        """The names of those who got it."""
        body: Json = {"characters": characters, "amount": amount, "reason": reason}
        found = await self._act("POST", "/bot/awards", facts, body)
        return [str(one["character"]["name"]) for one in found["changes"]]

    async def add_note(self, facts: Facts, body: Json) -> Note:
        return Note.read((await self._act("POST", "/bot/notes", facts, body))["note"])

    async def notes(self, facts: Facts, character: str | None) -> list[Note]:
        found = await self._act("POST", "/bot/notes/list", facts, {"character": character})
        return [Note.read(one) for one in found["results"]]

    async def remove_note(self, facts: Facts, note: str) -> Note:
        return Note.read((await self._act("POST", "/bot/notes/remove", facts, {"note": note}))["note"])

    async def _submission(self, path: str, facts: Facts, body: Json) -> Submission:
        return Submission.read((await self._act("POST", f"/bot/{path}", facts, body))["submission"])
