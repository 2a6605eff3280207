"""What an interaction is answered with."""

from dataclasses import dataclass, field
from uuid import UUID

import discord

from contract.conflicts import Conflict
from contract.episodes import Episode
from contract.feed_frames import ConflictMessage, EpisodeMessage, RequestMessage
from contract.messages import Kind
from contract.roll_requests import RollRequest


@dataclass(slots=True)
class Reply:
    """`view` may hold persistent items only: nothing about it is kept in this process.

    `files` are pairs of a name and its bytes, `notify` the ids of people whom a mention notifies. `then` is a second
    message, shown to all if it is `public`.
    """

    content: str | None = None
    embeds: list[discord.Embed] = field(default_factory=list)
    view: discord.ui.View | None = None
    files: list[tuple[str, bytes]] = field(default_factory=list)
    notify: list[int] = field(default_factory=list)
    then: "Reply | None" = None
    # Kind and id of what the message shows; it is edited when that changes elsewhere (`feed/live_messages.py`).
    live: tuple[Kind, UUID] | None = None
    public: bool = False
    # Whether a live message is pinned; None leaves it as it is.
    pinned: bool | None = None
    # Whom an edit of a live message pings in a separate message, as edits do not notify.
    ping: int | None = None
    # After a press: show nothing to the person, the effect is seen where it happened.
    silent: bool = False


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """A live message and what it shows from now on."""

    guild_id: int
    channel_id: int
    message_id: int
    kind: Kind
    state: Conflict | RollRequest | Episode

    @classmethod
    def of(cls, frame: RequestMessage | ConflictMessage | EpisodeMessage) -> "LiveUpdate":
        place = int(frame.guild_id), int(frame.channel_id), int(frame.message_id)
        if isinstance(frame, ConflictMessage):
            return cls(*place, frame.kind, frame.conflict)
        if isinstance(frame, EpisodeMessage):
            return cls(*place, frame.kind, frame.episode)
        return cls(*place, frame.kind, frame.roll_request)

    @property
    def version(self) -> int:
        """Of a roll request 0: it has none."""
        return 0 if isinstance(self.state, RollRequest) else self.state.version


def allowed_mentions(reply: Reply) -> discord.AllowedMentions:
    """Mentions notify the people in `reply.notify` and nobody else."""
    users = [discord.Object(person) for person in reply.notify]
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=False)
