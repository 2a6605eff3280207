"""Files of messages: uploaded, attached, and removed with their message."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from chat.attachments import ATTACHMENT, MAX_BYTES_A_DAY
from chat.models import Attachment, ChatMessage
from chronicle.principal import Principal
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid, Limit, NotFound
from uploads import storing
from uploads.checking import Checked, check
from uploads.kinds import MEGABYTE
from uploads.models import StoredFile

WAITS = timedelta(hours=1)
BATCH = 200


def store(content: bytes, name: str, principal: Principal) -> tuple[StoredFile, Checked]:
    """Check a file and store it; nobody has it until it is added. Raises Limit, Unprocessable, Unavailable."""
    checked = check(ATTACHMENT, content, name)
    _count_today(principal, len(checked.content))
    return storing.store(ATTACHMENT, checked, principal.id), checked


def _count_today(principal: Principal, size: int, *, claimed: bool = False) -> None:
    """Raises Limit where it is too much with so many bytes more. `claimed`: files count that are used already."""
    day = StoredFile.objects.filter(
        user=principal.id, kind=ATTACHMENT.name, created_at__gte=timezone.now() - timedelta(days=1)
    )
    if claimed:
        day = day.exclude(claimed_at=None)
    used = day.aggregate(total=Sum("size"))["total"] or 0
    if used + size > MAX_BYTES_A_DAY:
        most = MAX_BYTES_A_DAY // MEGABYTE
        raise Limit(
            _("You can upload {most} MB a day. Try again tomorrow.", most=most), code="too_many_files"
        )


def add(path: str, name: str, principal: Principal) -> Attachment:
    """Write a stored file down as this person's, to go with a message of theirs. Raises Limit."""
    # One after the other: two at once would both find room for one.
    if principal.user is not None:
        CustomUser.objects.select_for_update().get(pk=principal.user.pk)
    stored = storing.claim(path, ATTACHMENT)
    _count_today(principal, 0, claimed=True)
    return Attachment.objects.create(
        stored=stored,
        user=principal.user,
        name=name,
        content_type=stored.media_type,
        size=stored.size,
        digest=stored.sha256,
        width=stored.width,
        height=stored.height,
    )


def waiting(ids: Sequence[UUID], principal: Principal) -> list[Attachment]:
    """Lock files of this person that go with no message yet. Raises Invalid where one is gone or went with another."""
    wanted = set(ids)
    if not wanted:
        return []
    rows = Attachment.objects.select_for_update().filter(user=principal.id, message=None)
    found = list(rows.filter(pk__in=wanted).exclude(stored=None).order_by("pk"))
    if len(found) != len(wanted):
        raise Invalid.field("attachments", _("One of these files isn’t there any more. Attach it again."))
    return found


def attach(files: Sequence[Attachment], message: ChatMessage) -> None:
    """Let files go with a message."""
    if files:
        Attachment.objects.filter(pk__in=[file.pk for file in files]).update(message=message)


def take_off(message: ChatMessage) -> None:
    """Remove the files of a message that is deleted; their names and digests stay for moderators."""
    storing.release(message.attachments.exclude(stored=None).values_list("stored__path", flat=True))


def forget(file_id: UUID, principal: Principal) -> None:
    """Remove an own file that goes with no message yet. Raises NotFound."""
    with transaction.atomic():
        rows = Attachment.objects.select_for_update()
        file = rows.filter(pk=file_id, user=principal.id, message=None).first()
        if file is None:
            raise NotFound(_("There’s no such file."))
        _remove([file])


def forget_waiting() -> None:
    """Remove files that went with no message within an hour."""
    while True:
        with transaction.atomic():
            rows = Attachment.objects.select_for_update()
            late = rows.filter(message=None, created_at__lt=timezone.now() - WAITS)
            files = list(late.order_by("pk")[:BATCH])
            _remove(files)
        if not files:
            return


def _remove(files: Sequence[Attachment]) -> None:
    named = Attachment.objects.filter(pk__in=[file.pk for file in files])
    storing.release(list(named.exclude(stored=None).values_list("stored__path", flat=True)))
    named.delete()
