"""Remove servers that were deleted and not restored: characters stay with players, history with storytellers."""

from chronicle import services
from chronicle.models import Server
from desk.models import Submission
from desk.services.submissions import abandon
from haven.models import Character
from haven.services import release
from timeline.services import Cause

SYSTEM = Cause(actor=None, door="system")


def remove(server: Server) -> None:
    """Remove a server whose time is over. What a worker left unfinished is done when it is called again."""
    if not services.begin_removal(server, cause=SYSTEM):
        return
    waiting = Submission.objects.filter(character__chronicle__server=server, is_open=True)
    for submission_id in list(waiting.values_list("pk", flat=True)):
        abandon(submission_id, SYSTEM)
    playing = Character.objects.filter(chronicle__server=server)
    for character_id in list(playing.order_by("pk").values_list("pk", flat=True)):
        release(character_id, SYSTEM)
    services.finish_removal(server, cause=SYSTEM)
