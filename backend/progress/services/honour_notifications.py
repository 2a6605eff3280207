"""Direct messages about what storytellers decided of badges and of help, as `timeline.notifications` sends them."""

from django.conf import settings

from chronicle.models import Chronicle
from discordauth.models import CustomUser
from timeline import notifications
from timeline.models import Event
from timeline.services import Cause


def notify(
    event: Event,
    person: CustomUser,
    chronicle: Chronicle,
    cause: Cause,
    kind: str,
    title: str,
    text: str = "",
) -> None:
    """Notify somebody, unless they acted themselves or their server is not on Discord.

    `title` is the label of a badge, or the name of who helped; `text` a reason, or what they helped with.
    """
    server = chronicle.server
    if (
        cause.actor is None
        or cause.actor.pk == person.pk
        or not server.discord_id
        or server.left_at is not None
    ):
        return
    body = {
        "kind": kind,
        "by": cause.actor.display_name,
        "chronicle": chronicle.name,
        "title": title,
        "text": text,
        "url": f"{settings.SITE_URL}/progress/badges/",
    }
    notifications.create(event, person, server.discord_id, body)
