"""A character's portrait."""

from django.db import transaction

from chronicle import rights
from chronicle.principal import Principal
from haven.house_rules import traits_of
from haven.models import Character
from haven.portraits import PORTRAIT
from haven.selectors import get
from haven.services.change import apply
from haven.services.common import Change, lock
from haven.services.reference import Reference, find
from rules.ids import entry_id
from rules.traits import Operation, work_out
from timeline.services import Cause
from uploads.storing import claim


def may_portray(principal: Principal, reference: Reference) -> None:
    """Check the right before a picture is fetched. Raises NotFound or NotAllowed."""
    _allow(principal, get(principal, find(principal, reference).id))


def _allow(principal: Principal, character: Character) -> None:
    rights.can(principal, "character.edit", character).require()


@transaction.atomic(savepoint=False)
def set_portrait(principal: Principal, reference: Reference, path: str, cause: Cause) -> Change:
    """Set a picture that `haven.portraits` stored; no path removes it. The old file stays for history and undo."""
    target = find(principal, reference)
    character = lock(target.id)
    _allow(principal, character)
    if path:
        claim(path, PORTRAIT)
    operation = Operation("avatar", "set", path)
    outcome = work_out(traits_of(character), character.document(), [operation], entry_id)
    return Change(character, apply(character, outcome, cause), target.chosen)
