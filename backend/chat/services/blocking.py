"""Block people: they can’t write to one any more, and what they say among others is folded away."""

from uuid import UUID

from chat.models import Block
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotFound


def block(user: CustomUser, other: UUID) -> None:
    """Block somebody; twice is once. Raises Invalid, NotFound."""
    if other == user.pk:
        raise Invalid.field("user", _("You can’t block yourself."))
    if not CustomUser.objects.filter(pk=other).exists():
        raise NotFound(_("There’s nobody like that."))
    Block.objects.get_or_create(user=user, blocked_id=other)


def unblock(user: CustomUser, other: UUID) -> None:
    """Take a block back; none is fine."""
    Block.objects.filter(user=user, blocked=other).delete()
