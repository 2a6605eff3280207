"""Every number of delivery and the gateway, in seconds and bytes. `settings.GATEWAY` may change any."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Options:
    heartbeat_interval: float = 30
    # A client that was silent for so many intervals is gone. With the look at all sockets, the way out and the end of
    # presence it takes two at most.
    missed_heartbeats: float = 1.7
    # How often the database is asked for events whose message never came.
    poll_interval: float = 2
    # When nothing came through the channel layer for so long, not even what the process sent to itself, the connection
    # is dead, though nobody said so.
    layer_silence: float = 15
    # How long a missing number is waited for: two writers may publish in the other order than they committed.
    patience: float = 0.05
    # How often sessions, accounts and rights of open sockets are checked again, with nothing having told us to.
    recheck_interval: float = 60
    max_frame_bytes: int = 16 * 1024
    rate_frames: int = 60
    rate_seconds: float = 10
    max_bad_frames: int = 5
    bad_frame_memory: float = 60
    max_subscriptions: int = 50
    max_sheets: int = 50
    # Of all servers of a person together, on a socket of the chat API.
    max_chat_channels: int = 1000
    max_sockets_per_user: int = 20
    # Programs for streaming that show one and the same overlay, and looks at it.
    max_sockets_per_overlay: int = 50
    # Of who is not signed in, as viewers of a stream: from one address, or one /64 of IPv6.
    max_sockets_per_address: int = 200
    queue_frames: int = 500
    queue_bytes: int = 1024 * 1024
    # Some servers never deliver a message of 1 MiB or more; 512 KB is the promise, this leaves room for the frame.
    chunk_bytes: int = 400 * 1024
    # A resume that missed more than this gets a snapshot instead.
    max_missed: int = 5000
    # The same of a room: more messages than this nobody reads one by one.
    max_missed_messages: int = 500
    ticket_seconds: int = 30
    # A page that is left and another that opens are not an absence.
    presence_grace: float = 5
    presence_sweep: float = 2
    # All who come and go within this time are announced in one frame.
    presence_batch: float = 0.1
    # What is said in rooms that somebody does not look at is gathered for so long.
    unread_batch: float = 1
    db_threads: int = 4

    @classmethod
    def from_settings(cls) -> "Options":
        chosen: dict[str, Any] = getattr(settings, "GATEWAY", {})
        return cls(**chosen)

    @property
    def sweep_interval(self) -> float:
        """How often it is looked which sockets are silent."""
        return self.heartbeat_interval / 8

    @property
    def silence(self) -> float:
        return self.heartbeat_interval * self.missed_heartbeats
