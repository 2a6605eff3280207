"""The character that a member's commands mean when they name none."""

from django.db import transaction

from chronicle.models import ServerMember
from chronicle.principal import Principal
from haven.models import Character, DefaultCharacter
from haven.selectors import get
from haven.services.reference import Reference, find
from rules.errors import NotAllowed, Unprocessable


@transaction.atomic(savepoint=False)
def set_default(principal: Principal, member: ServerMember | None, reference: Reference) -> Character:
    """Raises Unprocessable outside a server, NotAllowed for another player's character."""
    member = _member(member)
    character = get(principal, find(principal, reference).id)
    if character.owner_id != principal.id:
        raise NotAllowed("Only one of your own characters can be your default.")
    DefaultCharacter.objects.update_or_create(member=member, defaults={"character": character})
    return character


@transaction.atomic(savepoint=False)
def clear_default(member: ServerMember | None) -> None:
    DefaultCharacter.objects.filter(member=_member(member)).delete()


def _member(member: ServerMember | None) -> ServerMember:
    if member is None:
        raise Unprocessable(
            "A default character belongs to a server: use this command there.", code="server_only"
        )
    return member
