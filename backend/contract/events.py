"""Every type of event, with what it carries, and an event as everybody reads it: in answers, history and frames.

To add a type of event: one line in `EventType`, and the service that records it.
"""

from enum import Flag, StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from contract.base import Answer, Json, Moment, Named
from contract.labels import Labelled
from contract.notices import StoredNotice

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
StreamName = Annotated[
    str, StringConstraints(pattern=f"^(chronicle|user|server|room|campaign):{UUID_PATTERN}$")
]
Seq = Annotated[
    int, Field(ge=0, description="The number of an event in its stream: no gaps, in commit order.")
]
Door = Literal["discord", "web", "api", "system"]
Entity = Literal[
    "character",
    "chronicle",
    "server",
    "roll",
    "roll_request",
    "submission",
    "note",
    "conflict",
    "points",
    "exam",
    "episode",
    "practice",
    "reward",
    "helpful_act",
    "campaign",
    "overlay",
]
# The gateway's frame that an event becomes (`contract.frames`).
EventFrameType = Literal["created", "update", "deleted", "restored", "visibility", "notice"]


class Subject(Answer):
    """What a reader of an event must know of its entity without loading it. A field that is None is not stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)
    entity: ClassVar[Entity]


class OwnedSubject(Subject):
    """Its owner sees its private changes. `acting_for`: an absent player, for whom somebody else did it."""

    owner: UUID
    name: str
    acting_for: Annotated[Named | None, Field(validation_alias="for", serialization_alias="for")] = None


class CharacterSubject(OwnedSubject):
    entity = "character"
    splat: str


class RollSubject(OwnedSubject):
    entity = "roll"


class RollRequestSubject(OwnedSubject):
    entity = "roll_request"


class ConflictSubject(OwnedSubject):
    """`versions`: by level, the version that readers of less than all of it count."""

    entity = "conflict"
    kind: str
    versions: dict[str, int] | None = None


class PointsSubject(OwnedSubject):
    entity = "points"
    source: str


class BoardSubject(Subject):
    """A board in motion: whose points moved it, the board says, as long as it shows them."""

    entity = "points"


class SittingSubject(OwnedSubject):
    entity = "exam"


class ExamSubject(Subject):
    entity = "exam"
    name: str


class EpisodeSubject(Subject):
    """`number`: its place in the story; None for one that was called off."""

    entity = "episode"
    name: str
    number: int | None = None


class DrillSubject(OwnedSubject):
    entity = "practice"


class ResetSubject(Subject):
    """`scope`: all, or one server, chronicle or season."""

    entity = "points"
    scope: str


class RewardSubject(OwnedSubject):
    """`name` is the slug of the badge."""

    entity = "reward"


class HelpfulActSubject(OwnedSubject):
    """`owner` is who helped, `name` theirs."""

    entity = "helpful_act"


class SubmissionSubject(OwnedSubject):
    entity = "submission"
    character: UUID
    kind: str


class NoteSubject(Subject):
    entity = "note"
    name: str
    character: UUID | None = None


class ChronicleSubject(Subject):
    entity = "chronicle"
    name: str


class CampaignSubject(Subject):
    """`name` is the chronicle's; `character`: whom an event posted by the API is about."""

    entity = "campaign"
    name: str
    character: UUID | None = None


class OverlaySubject(Subject):
    entity = "overlay"
    name: str


class ServerSubject(Subject):
    entity = "server"
    name: str


class RightsSubject(Subject):
    """`users`: ids of those whose rights changed; None where anybody's may have."""

    entity = "server"
    users: list[str] | None = None


class Mark(Flag):
    """What readers must know of a type of event."""

    NONE = 0
    # Its changes are the whole entity: command and notices are shown to those who see the private part.
    WHOLE = 1
    # Shown to the table at least, whatever its changes.
    TABLE_ONLY = 2
    # It may change rights: open sockets check theirs before it and all that follows is handed out.
    RIGHTS = 4
    # Who may see a trait changed: viewers get the entity again.
    VISIBILITY = 8


class EventType(StrEnum):
    """Name, what it carries, the frame that it becomes, marks."""

    subject: type[Subject]
    frame: EventFrameType
    marks: Mark

    def __new__(
        cls, name: str, subject: type[Subject], frame: EventFrameType = "notice", marks: Mark = Mark.NONE
    ) -> "EventType":
        member = str.__new__(cls, name)
        member._value_ = name
        member.subject, member.frame, member.marks = subject, frame, marks
        return member

    CHARACTER_CREATED = "character.created", CharacterSubject, "created", Mark.WHOLE
    CHARACTER_UPDATED = "character.updated", CharacterSubject, "update"
    CHARACTER_SHOWN = "character.shown", CharacterSubject, "visibility", Mark.VISIBILITY
    CHARACTER_DELETED = "character.deleted", CharacterSubject, "deleted", Mark.TABLE_ONLY
    CHARACTER_RESTORED = "character.restored", CharacterSubject, "restored", Mark.WHOLE
    CHARACTER_MOVED = "character.moved", CharacterSubject, "created", Mark.WHOLE
    # It went to another stream, whose event describes it: here only that it is gone.
    CHARACTER_LEFT = "character.left", CharacterSubject, "deleted", Mark.TABLE_ONLY

    ROLL_MADE = "roll.made", RollSubject
    ROLL_REROLLED = "roll.rerolled", RollSubject
    ROLL_CHOSEN = "roll.chosen", RollSubject
    ROLL_REVEALED = "roll.revealed", RollSubject
    ROLL_STRUCK = "roll.struck", RollSubject
    ROLL_REQUESTED = "roll_request.requested", RollRequestSubject
    ROLL_REQUEST_CLOSED = "roll_request.closed", RollRequestSubject

    CONFLICT_STARTED = "conflict.started", ConflictSubject
    CONFLICT_JOINED = "conflict.joined", ConflictSubject
    CONFLICT_ROLLED = "conflict.rolled", ConflictSubject
    CONFLICT_CORRECTED = "conflict.corrected", ConflictSubject
    CONFLICT_CHANGED = "conflict.changed", ConflictSubject
    CONFLICT_LEFT = "conflict.left", ConflictSubject
    CONFLICT_DECLARED = "conflict.declared", ConflictSubject
    CONFLICT_DONE = "conflict.done", ConflictSubject
    CONFLICT_SKIPPED = "conflict.skipped", ConflictSubject
    CONFLICT_AFFECTED = "conflict.affected", ConflictSubject
    CONFLICT_LIFTED = "conflict.lifted", ConflictSubject
    CONFLICT_TIME_PASSED = "conflict.time_passed", ConflictSubject
    CONFLICT_REWOUND = "conflict.rewound", ConflictSubject
    CONFLICT_REVEALED = "conflict.revealed", ConflictSubject
    CONFLICT_DECLARING = "conflict.declaring", ConflictSubject
    CONFLICT_ACTING = "conflict.acting", ConflictSubject
    CONFLICT_ROUND = "conflict.round", ConflictSubject
    CONFLICT_ENDED = "conflict.ended", ConflictSubject

    SUBMISSION_OPENED = "submission.opened", SubmissionSubject
    SUBMISSION_COMMENTED = "submission.commented", SubmissionSubject
    SUBMISSION_APPROVED = "submission.approved", SubmissionSubject
    SUBMISSION_RETURNED = "submission.returned", SubmissionSubject
    SUBMISSION_WITHDRAWN = "submission.withdrawn", SubmissionSubject
    NOTE_ADDED = "note.added", NoteSubject
    NOTE_CHANGED = "note.changed", NoteSubject
    NOTE_REMOVED = "note.removed", NoteSubject

    EXAM_CREATED = "exam.created", ExamSubject
    EXAM_CHANGED = "exam.changed", ExamSubject
    EXAM_ARCHIVED = "exam.archived", ExamSubject
    EXAM_STARTED = "exam.started", SittingSubject
    EXAM_ANSWERED = "exam.answered", SittingSubject
    EXAM_FINISHED = "exam.finished", SittingSubject
    CERTIFICATE_RENAMED = "certificate.renamed", SittingSubject
    POINTS_AWARDED = "points.awarded", PointsSubject
    # In the stream of a table that shows boards, and about nobody: open boards load themselves again.
    POINTS_MOVED = "points.moved", BoardSubject, "notice", Mark.TABLE_ONLY
    PRACTICE_STARTED = "practice.started", DrillSubject
    PRACTICE_ANSWERED = "practice.answered", DrillSubject
    PRACTICE_FINISHED = "practice.finished", DrillSubject
    # In the stream of each server that shows boards: what they show is another.
    POINTS_RESET = "points.reset", ResetSubject, "notice", Mark.TABLE_ONLY
    POINTS_RESTORED = "points.restored", ResetSubject, "notice", Mark.TABLE_ONLY
    BADGE_WON = "badge.won", RewardSubject
    BADGE_WAITING = "badge.waiting", RewardSubject
    BADGE_REFUSED = "badge.refused", RewardSubject
    HELPFUL_REPORTED = "helpful.reported", HelpfulActSubject
    HELPFUL_CONFIRMED = "helpful.confirmed", HelpfulActSubject
    HELPFUL_REFUSED = "helpful.refused", HelpfulActSubject

    EPISODE_PLANNED = "episode.planned", EpisodeSubject
    EPISODE_CHANGED = "episode.changed", EpisodeSubject
    EPISODE_STARTED = "episode.started", EpisodeSubject
    EPISODE_ENDED = "episode.ended", EpisodeSubject
    EPISODE_CANCELLED = "episode.cancelled", EpisodeSubject
    EPISODE_ANSWERED = "episode.answered", EpisodeSubject
    EPISODE_TICKED = "episode.ticked", EpisodeSubject
    EPISODE_AWARDED = "episode.awarded", EpisodeSubject
    EPISODE_RECAPPED = "episode.recapped", EpisodeSubject

    CAMPAIGN_PUBLISHED = "campaign.published", CampaignSubject
    CAMPAIGN_UNPUBLISHED = "campaign.unpublished", CampaignSubject
    CAMPAIGN_CHANGED = "campaign.changed", CampaignSubject
    CAMPAIGN_ROSTER = "campaign.roster", CampaignSubject
    CAMPAIGN_LAYOUT = "campaign.layout", CampaignSubject
    CAMPAIGN_NOTED = "campaign.noted", CampaignSubject
    # The background of a character.
    CAMPAIGN_PICTURED = "campaign.pictured", CampaignSubject

    STAGE_CHANGED = "stage.changed", CampaignSubject
    PRODUCERS_CHANGED = "producers.changed", CampaignSubject
    OVERLAY_CREATED = "overlay.created", OverlaySubject
    OVERLAY_CHANGED = "overlay.changed", OverlaySubject
    OVERLAY_RENEWED = "overlay.renewed", OverlaySubject
    OVERLAY_REMOVED = "overlay.removed", OverlaySubject

    CHRONICLE_CREATED = "chronicle.created", ChronicleSubject
    CHRONICLE_UPDATED = "chronicle.updated", ChronicleSubject
    SERVER_CREATED = "server.created", ServerSubject, "notice", Mark.RIGHTS
    SERVER_UPDATED = "server.updated", ServerSubject, "notice", Mark.RIGHTS
    SERVER_MEMBERS = "server.members", ServerSubject, "notice", Mark.RIGHTS
    SERVER_INVITES = "server.invites", ServerSubject, "notice", Mark.RIGHTS
    # In the stream of each of its chronicles, seen by nobody: it has a number like any other event there.
    SERVER_RIGHTS = "server.rights", RightsSubject, "notice", Mark.RIGHTS


EVENT_TYPES = {str(type): type for type in EventType}


class Actor(Answer):
    """Who did it, by the name they had then. `id` is null for the system and for accounts that are gone."""

    id: UUID | None
    name: str
    avatar_url: str


class Event(Labelled):
    """One change, with what its reader may see of it."""

    id: UUID
    stream: StreamName
    seq: Seq
    type: EventType
    entity: Entity
    entity_id: UUID
    version: Annotated[int, Field(ge=0)]
    at: Moment
    door: Door
    actor: Actor
    acting_for: Annotated[Named | None, Field(description="An absent player, for whom the actor did it.")]
    command: str
    changes: Annotated[dict[str, tuple[Json, Json]], Field(description="Path → [before, after].")]
    notices: list[StoredNotice]
    undoes: UUID | None
    undone_by: UUID | None
