"""One file, for who may see its message."""

from uuid import UUID

from chat.models import Attachment
from chat.rooms import room_for
from chat.selectors.messages import readable
from chronicle.principal import Principal
from contract.translation import _
from rules.errors import NotAllowed, NotFound
from uploads.models import StoredFile


def file_seen_by(principal: Principal, file_id: UUID) -> tuple[Attachment, StoredFile]:
    """A file whose message this person sees now, or their own that waits for one. Raises NotFound."""
    found = Attachment.objects.select_related("stored", "message").filter(pk=file_id).first()
    if found is None or found.stored is None or not _may_see(principal, found):
        raise NotFound(_("There’s no such file."))
    return found, found.stored


def _may_see(principal: Principal, found: Attachment) -> bool:
    message = found.message
    if message is None:
        return principal.id is not None and found.user_id == principal.id
    try:
        room = room_for(principal, message.room)
    except (NotFound, NotAllowed):
        return False
    rows = type(message).objects.filter(readable(principal, room), pk=message.pk)
    return rows.filter(deleted_at=None).exists()
