"""How the Discord process is: it says so every few seconds."""

from background import heartbeats
from background.models import Kind
from chronicle.call import Call
from contract import endpoints
from contract.heartbeats import Beat, BeatHeard
from timeline.operations import PROCESS_ALONE, Operation


def _hear(call: Call, given: Beat) -> BeatHeard:
    """Note that a Discord process is alive and whether it is connected, or that it has stopped."""
    if given.stopped:
        heartbeats.ended(given.process)
    else:
        state = given.model_dump(mode="json", exclude={"process", "stopped"})
        heartbeats.beat(given.process, Kind.DISCORD, state)
    return BeatHeard()


# Not kept for a retry: the next one comes in a moment.
HEAR = Operation("heartbeat.hear", endpoints.HEARTBEAT, _hear, doors=PROCESS_ALONE, reads=True)
