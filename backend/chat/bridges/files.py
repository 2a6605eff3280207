"""Files of messages across a bridge: from Discord by download, from allowed hosts alone; to Discord by the process."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from chat.attachments import ATTACHMENT, MAX_BYTES_A_DAY
from chat.bridges import places
from chat.models import Attachment, BridgedMessage, ChatMessage
from chronicle.models import ServerChannel
from contract.bridges import Heard, HeardFile, Receive
from contract.translation import _
from haven.portraits import fetch
from rules.errors import GameError, NotFound
from rules.text import clean
from rules.visibility import TABLE
from uploads import storing
from uploads.checking import check
from uploads.kinds import MAX_BYTES
from uploads.models import StoredFile

log = logging.getLogger(__name__)
# For all files of one message.
SECONDS = 30.0


def fetched(given: Receive) -> Receive:
    """Download, check and store the files of new messages, before their transaction begins."""
    channel = places.at(given) if any(heard.files and heard.is_new for heard in given.messages) else None
    if channel is None:
        return given
    known = set(
        BridgedMessage.objects.filter(discord_id__in=[heard.id for heard in given.messages]).values_list(
            "discord_id", flat=True
        )
    )
    room = _Room(channel)
    messages = [
        room.fetched(heard) if heard.files and heard.is_new and heard.id not in known else heard
        for heard in given.messages
    ]
    return given.model_copy(update={"messages": messages})


class _Room:
    """What a channel may still take in today."""

    def __init__(self, channel: ServerChannel) -> None:
        day = Attachment.objects.filter(
            message__channel=channel,
            message__origin=ChatMessage.Origin.DISCORD,
            created_at__gte=timezone.now() - timedelta(days=1),
        )
        self.left = MAX_BYTES_A_DAY - (day.aggregate(total=Sum("size"))["total"] or 0)

    def fetched(self, heard: Heard) -> Heard:
        until = time.monotonic() + SECONDS
        return heard.model_copy(update={"files": [self._one(file, until) for file in heard.files]})

    def _one(self, file: HeardFile, until: float) -> HeardFile:
        """The file as it is stored; as it was, where it cannot be had or is not taken."""
        if file.size > min(MAX_BYTES, self.left) or time.monotonic() > until:
            return file
        try:
            checked = check(ATTACHMENT, fetch(file.url), file.name)
            stored = storing.store(ATTACHMENT, checked)
        except GameError as error:
            log.info("A file from Discord stays there: %s", error.code)
            return file
        self.left -= stored.size
        return file.stored_at(stored.path, name=checked.name)


def left_there(files: Iterable[HeardFile]) -> str:
    """A line for each file that was not taken."""
    names = [clean(file.name, 100) for file in files if not file.path]
    return "\n".join(_("📎 {name} (on Discord)", name=name) for name in names)


def attach(message: ChatMessage, files: Iterable[HeardFile]) -> None:
    """Let stored files go with a message that came."""
    for file in files:
        if file.path:
            stored = storing.claim(file.path, ATTACHMENT)
            Attachment.objects.create(
                message=message,
                stored=stored,
                user=message.user,
                name=file.name[:100],
                content_type=stored.media_type,
                size=stored.size,
                digest=stored.sha256,
                width=stored.width,
                height=stored.height,
            )


def file_for_discord(file_id: UUID) -> tuple[Attachment, StoredFile]:
    """A file of a message that Discord is to show. Raises NotFound."""
    rows = Attachment.objects.select_related("stored", "message")
    found = rows.filter(pk=file_id, message__deleted_at=None, message__visibility__lte=int(TABLE)).first()
    if found is None or found.message is None or found.stored is None:
        raise NotFound(_("There’s no such file."))
    if not places.bridged([found.message.room]).exists():
        raise NotFound(_("There’s no such file."))
    return found, found.stored
