"""Names of the channel-layer groups, close codes and the gateway's limits. A leaf: anyone may import it."""

from uuid import UUID

# Groups of the channel layer. One process joins a stream's group once, however many viewers it serves.
CONTROL_GROUP = "gateway.control"  # rights and presence: every gateway process listens
FEED_GROUP = "gateway.feed"  # every event, for the processes that serve the Discord process


def stream_group(stream_id: UUID | str) -> str:
    """The group of one stream; ids of chronicles, users and servers never meet, so the kind is left out."""
    return f"gateway.stream.{stream_id}"


# Close codes of the socket (docs/GATEWAY.md).
CLOSE_NORMAL = 1000
CLOSE_RESTART = 1012
CLOSE_POLICY = 1008
CLOSE_TOO_BIG = 1009
CLOSE_TRY_LATER = 1013
CLOSE_NOT_AUTHENTICATED = 4001
CLOSE_ORIGIN = 4003
CLOSE_TOO_MANY_SOCKETS = 4007
CLOSE_BAD_FRAMES = 4008
CLOSE_NO_HEARTBEAT = 4009
# The address of an overlay is worth nothing any more.
CLOSE_REVOKED = 4404
CLOSE_NOT_PUBLIC = 4010
