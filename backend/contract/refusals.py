"""The body of every error: a code for programs, a sentence for people, and what else belongs to it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Json
from contract.events import Event


class Candidate(Answer):
    """One of several characters that fit (`ambiguous`)."""

    id: UUID
    name: str
    owner: str
    splat: str


class ChangedMeanwhile(Answer):
    """A trait that somebody else changed since the version that the client saw (`conflict`)."""

    path: str
    label: str
    yours: Json
    theirs: Json
    by: str
    version: int
    is_choice: Annotated[bool, Field(description="The values are words of a list, such as a clan")] = False


class Refusal(Answer):
    """`fields`: sentences by path (`invalid`). `events`: what was changed later (`undo_blocked`). `conflict` and
    `title`: the one that runs in this channel (`conflict_running`). `command`: what changes such a character
    (`wrong_splat`). `maybe_done`: nobody knows whether it was saved.
    """

    code: str = ""
    detail: str = ""
    fields: dict[str, list[str]] = {}
    characters: list[Candidate] = []
    conflicts: list[ChangedMeanwhile] = []
    events: list[Event] = []
    conflict: UUID | None = None
    title: str = ""
    command: str = ""
    maybe_done: bool = False
