"""Write and publish what is told of an episode. Until it is published, storytellers alone read it."""

from django.utils import timezone

from chronicle.models import Episode
from chronicle.principal import Principal
from chronicle.services.episodes import Status, changing, require_status
from contract.episodes import MAX_RECAP, WriteRecap
from contract.events import EventType
from contract.translation import _
from rules.errors import Invalid
from rules.text import clean_lines
from timeline.services import Cause


def write(episode: Episode, wanted: WriteRecap, *, principal: Principal, cause: Cause) -> Episode:
    """Change the text, publish it to the table or take it back, and show it to everybody or no longer.

    Only what was played to its end is published. The table may know more than everybody: so each is said by itself.
    """
    recapped = EventType.EPISODE_RECAPPED
    with changing(episode, recapped, principal=principal, cause=cause) as locked:
        require_status(locked, Status.LIVE, Status.DONE)
        if wanted.recap is not None:
            locked.recap = clean_lines(wanted.recap, MAX_RECAP)
        if wanted.published:
            require_status(locked, Status.DONE)
            locked.recap_published_at = locked.recap_published_at or timezone.now()
        elif wanted.published is False:
            locked.recap_published_at, locked.recap_is_public = None, False
        if wanted.public and not locked.recap_published_at:
            raise Invalid.field("public", _("Publish the recap to your table first."))
        if wanted.public is not None:
            locked.recap_is_public = wanted.public
        if locked.recap_published_at and not locked.recap:
            raise Invalid.field("recap", _("Write the recap first."))
    return locked
