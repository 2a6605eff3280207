"""What is to be posted, before it is a message."""

from dataclasses import dataclass, field
from uuid import UUID

from contract.base import JsonObject
from rules.visibility import TABLE, Level


@dataclass
class Draft:
    """What is to be posted. `owner`: who sees it where it is private; its author, unless it is whispered to another.

    `speaks_as` is whom its author speaks for, `voice` what becomes of that (or who speaks on Discord). `whisper`: for
    the storytellers; `whisper_to`: from them for one player; `hidden`: a storyteller's, until it is revealed.
    """

    text: str = ""
    kind: str = "text"
    card: JsonObject | None = None
    voice: JsonObject | None = None
    speaks_as: UUID | None = None
    as_myself: bool = False
    reply_to: UUID | None = None
    visibility: Level = TABLE
    owner: UUID | None = None
    whisper: bool = False
    whisper_to: UUID | None = None
    hidden: bool = False
    ooc: bool = False
    scene: UUID | None = None
    nonce: str = ""
    attachments: list[UUID] = field(default_factory=list)
    # What its card shows the present state of: rolls, a request, a scene.
    subjects: list[UUID] = field(default_factory=list)
