"""Files of messages: what may be attached, and how they are shown."""

from collections.abc import Collection

from django.conf import settings

from chat.models import Attachment
from contract.chat import File
from uploads.kinds import MEGABYTE, Kind, declared

# The smaller picture that stands in a message, and one for a list of files.
SHOWN, SMALL = 480, 96
# Of one person in a day, beside the limit on how many (`timeline.limits`).
MAX_BYTES_A_DAY = 200 * MEGABYTE


def _in_use(paths: Collection[str]) -> set[str]:
    return set(Attachment.objects.filter(stored__path__in=paths).values_list("stored__path", flat=True))


ATTACHMENT = declared(
    Kind(
        "attachment",
        "attachments",
        side=2048,
        thumbnails=(SMALL, SHOWN),
        private=True,
        moving=True,
        others=True,
        in_use=_in_use,
    )
)


def file_for(attachment: Attachment) -> File:
    """As it stands in a message. Its address asks each time whether the reader may see the message."""
    address = f"{settings.SITE_URL}/api/chat/files/{attachment.pk}/"
    return File(
        id=attachment.pk,
        name=attachment.name,
        type=attachment.content_type,
        size=attachment.size,
        width=attachment.width,
        height=attachment.height,
        url=address,
        thumbnail_url=f"{address}?size={SHOWN}" if attachment.width else "",
    )
