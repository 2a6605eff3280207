"""The storyteller's desk: submissions, awards and notes."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input, Json, Moment, Named, Person, Reference, Whole
from contract.characters import BaseVersion, BriefCharacter, Changes, CharacterInput
from contract.errors import sentence
from contract.labels import Label, PathOfLabel, WordsOf
from contract.translation import N_

MAX_TEXT = 1000
MAX_NOTE = 6000
MAX_TITLE = 100
MAX_AMOUNT = 1000
MAX_CHARACTERS = 200
MAX_REASON = 200

Limit = Annotated[Whole, Field(ge=1, le=500, description="At most so many")]
Search = Annotated[str, Field(max_length=50)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
NoteText = Annotated[str, Field(max_length=MAX_NOTE)]
NoteTitle = Annotated[
    str,
    Field(
        max_length=MAX_TITLE,
        json_schema_extra=sentence(N_("A note’s title has 1 to {most} characters."), most=MAX_TITLE),
    ),
]
About = Annotated[Reference | None, Field(description="A character, by id or name; empty: the default one")]


class GetDesk(Input):
    chronicle: UUID | None = None
    search: Annotated[Search | None, Field(description="Part of the character's or the player's name")] = None
    splat: Search | None = None
    state: Annotated[Search | None, Field(description="locked, unlocked, waiting, or a status")] = None
    page: Annotated[Whole, Field(ge=1, le=10_000)] = 1


class Award(Input):
    chronicle: UUID | None = None
    characters: Annotated[
        Annotated[list[Reference], Field(min_length=1, max_length=MAX_CHARACTERS)] | None,
        Field(
            description="Ids or names; in Discord all active ones if left out",
            json_schema_extra=sentence(N_("Name 1 to {most} characters."), most=MAX_CHARACTERS),
        ),
    ] = None
    amount: Annotated[
        Whole,
        Field(
            ge=1,
            le=MAX_AMOUNT,
            json_schema_extra=sentence(N_("A whole number from 1 to {most}."), most=MAX_AMOUNT),
        ),
    ]
    reason: Annotated[
        str,
        Field(
            max_length=MAX_REASON,
            json_schema_extra=sentence(N_("Say what for, in 1 to {most} characters."), most=MAX_REASON),
        ),
    ]


class ListNotes(Input):
    chronicle: UUID | None = None
    character: About = None
    limit: Limit = 500


class AddNote(Input):
    chronicle: UUID | None = None
    character: About = None
    title: NoteTitle
    text: NoteText | None = None


class ChangeNote(Input):
    note: UUID
    title: NoteTitle | None = None
    text: NoteText | None = None


class RemoveNote(Input):
    note: UUID


class Submit(CharacterInput):
    """`changes` as the change of a character takes them; none: the whole new character."""

    changes: Changes | None = None
    text: Text | None = None
    base_version: BaseVersion = None


class ListWaiting(Input):
    chronicle: UUID | None = None
    limit: Limit = 200


class NamedSubmission(Input):
    submission: UUID


class CommentOn(NamedSubmission):
    text: Text


class SendBack(NamedSubmission):
    reason: Text


class Difference(Answer):
    path: PathOfLabel
    label: Label
    edition: WordsOf = ""
    before: Annotated[Json, Field(alias="from")]
    after: Annotated[Json, Field(alias="to")]
    is_choice: Annotated[bool, Field(description="The values are words of a list, such as a clan")] = False


class Comment(Answer):
    id: UUID
    author: Person
    text: str
    at: Moment


class SubmittedCharacter(Named):
    version: int


class SubmissionRights(Answer):
    decide: bool
    withdraw: bool


class Submission(Answer):
    """`diff` is against the sheet as it is now while the submission is open, else what was applied.

    `problem` says why it cannot be approved as it stands; empty when it can.
    """

    id: UUID
    kind: Annotated[str, Field(description="new or change")]
    state: Annotated[str, Field(description="open, approved, returned or withdrawn")]
    text: str
    character: SubmittedCharacter
    chronicle: UUID
    author: Person
    diff: list[Difference]
    problem: str
    reason: str
    decided_by: Person | None
    decided_at: Moment | None
    created_at: Moment
    version: int
    comments: list[Comment]
    rights: SubmissionRights


class OneSubmission(Answer):
    submission: Submission


class SubmissionChanged(OneSubmission):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"submission"})
    id: UUID


class Submissions(Answer):
    results: list[Submission]


class DeskCharacter(BriefCharacter):
    """As lists show a character, with the submission that waits for it."""

    submission: UUID | None
    locked: bool


class Desk(Answer):
    url: str
    characters: list[DeskCharacter]
    total: int
    pages: int
    submissions: list[Submission]


class Note(Answer):
    id: UUID
    chronicle: UUID
    character: Named | None
    author: Person
    title: str
    text: str
    version: int
    updated_at: Moment


class OneNote(Answer):
    note: Note


class NoteChanged(OneNote):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"note"})
    id: UUID


class Notes(Answer):
    results: list[Note]


class Awarded(Answer):
    """Who got experience, and the id of the event that says so."""

    event: UUID | None
    character: Named


class AwardGiven(Answer):
    changes: list[Awarded]
