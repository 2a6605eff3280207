"""Default characters: which one commands mean, in one chronicle or anywhere in the server."""

from django.db import transaction

from chronicle.models import ServerMember
from chronicle.principal import Principal
from contract.translation import _
from haven.models import Character, DefaultCharacter
from haven.selectors import get
from haven.services.reference import Reference, find, played_in
from rules.errors import NotAllowed, Unprocessable


@transaction.atomic(savepoint=False)
def set_default(principal: Principal, member: ServerMember | None, reference: Reference) -> Character:
    """Set the default of the channel's chronicle, or of the server where no chronicle is bound.

    Raises Unprocessable outside a server, NotAllowed for another player's character.
    """
    member = _locked(member)
    character = get(principal, find(principal, reference).id)
    if character.owner_id != principal.id:
        raise NotAllowed(_("Only one of your own characters can be your default."))
    place = played_in(member.server_id, reference.channel_id)
    DefaultCharacter.objects.filter(member=member, chronicle=place).delete()
    DefaultCharacter.objects.create(member=member, chronicle=place, character=character)
    return character


@transaction.atomic(savepoint=False)
def clear_default(member: ServerMember | None, channel_id: str = "") -> None:
    """Clear the default of the channel's chronicle, or of the server where no chronicle is bound."""
    member = _locked(member)
    place = played_in(member.server_id, channel_id)
    DefaultCharacter.objects.filter(member=member, chronicle=place).delete()


def _locked(member: ServerMember | None) -> ServerMember:
    """Lock the member, so that two commands at once leave one default."""
    if member is None:
        raise Unprocessable(
            _("A default character belongs to a server: use this command there."), code="server_only"
        )
    return ServerMember.objects.select_for_update().get(pk=member.pk)
