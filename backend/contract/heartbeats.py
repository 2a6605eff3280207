"""What the Discord process says of itself every few seconds."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contract.acting import Facts
from contract.base import Answer, Flag, Moment, ShardsServed, Whole32
from contract.shards import MOST

EVERY = 10  # seconds
Count = Annotated[Whole32, Field(ge=0)]


class Beat(Facts):
    """`connected`: to Discord, now, with all of its `shards`. `latency` is that of the connection, in seconds. The
    counts are since the process started: answered commands, and requests that Discord refused for a while. `stopped`
    is the last beat of a process.
    """

    process: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
    connected: Flag
    shards: ShardsServed | None = None
    connected_shards: Annotated[list[Count], Field(max_length=MOST)] = []
    # Whether Discord lets it read what people write.
    message_content: Flag = False
    stopped: Flag = False
    servers: Count = 0
    latency: Annotated[float, Field(ge=0, le=3600)] | None = None
    last_command_at: Moment | None = None
    commands: Count = 0
    rate_limited: Count = 0


class BeatHeard(Answer):
    heard: bool = True
