"""Snapshots for a viewer that subscribes to a stream or opens a sheet."""

from uuid import UUID

from chronicle.principal import Principal
from chronicle.rights import StreamRef
from contract.characters import FullCharacter
from discordauth.models import CustomUser
from haven.models import Character
from haven.selectors import alive, character_for
from haven.utility import derived
from timeline import services as timeline

# Of owners and chronicles only what a brief character shows of them: to decode the rest for every row took as long
# as all else together.
TOLD = (
    *(field.name for field in Character._meta.concrete_fields),
    *(f"owner__{name}" for name in CustomUser.TOLD),
    "chronicle__name",
)


def characters(stream: StreamRef) -> tuple[int, list[Character]]:
    """Return `(seq, characters)` in two queries; `brief` renders them for a level.

    The seq is read first: what changes in between arrives again as a live event, and each character carries its
    version, so a reader drops an update that is not newer.
    """
    seq = timeline.heads([stream.id])[str(stream.id)]
    rows = alive().select_related(None).select_related("owner", "chronicle").only(*TOLD).order_by("id")
    if stream.kind == "chronicle":
        rows = rows.filter(chronicle_id=stream.id)
    elif stream.kind == "user":
        rows = rows.filter(owner_id=stream.id, chronicle=None)
    else:
        return seq, []
    return seq, [derived(character) for character in rows]


def sheet(character_id: UUID | str, principal: Principal) -> FullCharacter:
    """Return the full character object. Raises NotFound."""
    return character_for(principal, character_id)
