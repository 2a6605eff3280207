"""The calls of the bot API that are about the storyteller's desk."""

from rodbot.core.calls import Calls
from rodbot.core.models import Json
from rodbot.desk.models import Desk, Note, Submission


class DeskCalls(Calls):
    async def desk(self, search: str = "", state: str = "") -> Desk:
        return Desk.read(await self.act("POST", "/bot/desk", {"search": search, "state": state}))

    async def waiting(self) -> list[Submission]:
        data = await self.act("POST", "/bot/submissions/waiting", {})
        return [Submission.read(submission) for submission in data["results"]]

    async def submit(self, character: str | None, changes: list[Json], text: str) -> Submission:
        return await self._submission("", {"character": character, "changes": changes, "text": text})

    async def look(self, submission: str) -> Submission:
        return await self._submission("/get", {"submission": submission})

    async def comment(self, submission: str, text: str) -> Submission:
        return await self._submission("/comment", {"submission": submission, "text": text})

    async def approve(self, submission: str) -> Submission:
        return await self._submission("/approve", {"submission": submission})

    async def send_back(self, submission: str, reason: str) -> Submission:
        return await self._submission("/return", {"submission": submission, "reason": reason})

    async def withdraw(self, submission: str) -> Submission:
        return await self._submission("/withdraw", {"submission": submission})

    async def award(self, characters: list[str] | None, amount: int, reason: str) -> list[str]:
        """The names of those who got it."""
        body: Json = {"characters": characters, "amount": amount, "reason": reason}
        data = await self.act("POST", "/bot/awards", body)
        return [str(change["character"]["name"]) for change in data["changes"]]

    async def add_note(self, body: Json) -> Note:
        return Note.read((await self.act("POST", "/bot/notes", body))["note"])

    async def notes(self, character: str | None) -> list[Note]:
        data = await self.act("POST", "/bot/notes/list", {"character": character})
        return [Note.read(note) for note in data["results"]]

    async def remove_note(self, note: str) -> Note:
        return Note.read((await self.act("POST", "/bot/notes/remove", {"note": note}))["note"])

    async def _submission(self, path: str, body: Json) -> Submission:
        return Submission.read((await self.act("POST", f"/bot/submissions{path}", body))["submission"])
