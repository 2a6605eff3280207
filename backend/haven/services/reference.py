"""Resolve which character a caller means: by id, by name, or the default."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from chronicle import rights
from chronicle.call import Call
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from contract.characters import CharacterInput
from contract.refusals import Candidate
from haven.models import Character, DefaultCharacter
from haven.selectors import alive, in_server, rows
from haven.utility import name_key
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.text import clean


@dataclass(frozen=True)
class Reference:
    """`text` is an id or a name, None for the default. `owner_id` names another player, for storytellers."""

    text: str | None = None
    server: Server | None = None
    owner_id: UUID | None = None
    splats: tuple[str, ...] = ()
    deleted: bool = False
    # Discord's channel, where it was said in one: a chronicle may be played there.
    channel_id: str = ""


def meant_by(call: Call, given: CharacterInput, *, deleted: bool = False) -> Reference:
    """The character that an input means, where and for whom it was said."""
    splats = given.splat.split(",") if given.splat else ()
    return Reference(
        text=given.character,
        server=call.server,
        owner_id=call.player_id,
        splats=tuple(clean(slug, 30) for slug in splats),
        deleted=deleted,
        channel_id=call.channel_id,
    )


@dataclass(frozen=True)
class Found:
    id: UUID
    # How it was chosen, where the person did not say.
    chosen: str = ""


def find(principal: Principal, reference: Reference) -> Found:
    """An id means that character, and the rights of what is done decide.

    Raises NotFound, NotAllowed (another's player), Conflict (`ambiguous`, with the candidates), Invalid (nothing
    named, no default).
    """
    text = clean(reference.text, 100)
    if character_id := _uuid(text):
        return Found(character_id)
    if reference.owner_id not in (None, principal.id):
        _require_storyteller(principal, reference.server)
    return Found(_by_name(principal, reference, text)) if text else _default(principal, reference)


def _require_storyteller(principal: Principal, server: Server | None) -> None:
    """Check before anything is looked up, so that nobody learns whether it exists."""
    if server is None:
        raise NotAllowed("Other players' characters are to be had in their server only.")
    if not rights.is_storyteller_in_server(principal, server.id):
        raise NotAllowed("Only a storyteller may name another player's character.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _fitting(reference: Reference) -> QuerySet[Character]:
    characters = rows().exclude(deleted_at=None) if reference.deleted else alive()
    return characters.filter(splat__in=reference.splats) if reference.splats else characters


def _named(reference: Reference, name: str) -> QuerySet[Character]:
    """Filter by name without letter case; living characters have a key for it, as some databases cannot."""
    by_name = {"name__iexact": name} if reference.deleted else {"name_key": name_key(name)}
    return _fitting(reference).filter(**by_name)


def _by_name(principal: Principal, reference: Reference, name: str) -> UUID:
    owner_id = reference.owner_id or principal.id
    candidates = _named(reference, name).filter(owner_id=owner_id)
    if owner_id != principal.id:
        candidates = candidates.filter(_where_storyteller(principal, reference.server))
    matches = list(candidates[:25]) or _by_name_in_server(principal, reference, name)
    if not matches:
        raise NotFound(f"There is no character called “{name[:50]}” here.")
    if len(matches) > 1:
        raise _ambiguous(matches)
    return matches[0].id


def _by_name_in_server(principal: Principal, reference: Reference, name: str) -> list[Character]:
    """Find a character by name anywhere in the server, for a storyteller."""
    server = reference.server
    if reference.owner_id or server is None or not rights.is_storyteller_in_server(principal, server.id):
        return []
    return list(_named(reference, name).filter(_where_storyteller(principal, server))[:25])


def _where_storyteller(principal: Principal, server: Server | None) -> Q:
    """Filter to chronicles where the principal is storyteller; `_require_storyteller` has checked the server."""
    return (
        rights.rows_with_permission(principal, rights.STORYTELLER_ONLY, server.id) if server else Q(pk=None)
    )


def _ambiguous(matches: list[Character]) -> Conflict:
    candidates = [
        Candidate(
            id=character.id, name=character.name, owner=character.owner.display_name, splat=character.splat
        ).model_dump(mode="json")
        for character in matches
    ]
    return Conflict("More than one character fits. Which one?", code="ambiguous", characters=candidates)


def _default(principal: Principal, reference: Reference) -> Found:
    """Return the member's default in this channel's chronicle, then in the server, else the only fitting character."""
    mine = not reference.owner_id
    for default in defaults_of(principal, reference.server, reference.channel_id) if mine else ():
        if not reference.splats or default.splat in reference.splats:
            return Found(default.id, f"{default.name} (your default)")
    owner_id = reference.owner_id or principal.id
    candidates = in_server(reference.server, owner_id)
    if owner_id != principal.id:
        candidates = candidates.filter(_where_storyteller(principal, reference.server))
    if reference.splats:
        candidates = candidates.filter(splat__in=reference.splats)
    fitting = list(candidates[:25])
    if len(fitting) == 1:
        return Found(fitting[0].id, f"{fitting[0].name} (the only one that fits)")
    here = [
        character
        for character in fitting
        if character.chronicle_id and character.chronicle_id == _channel_chronicle(reference)
    ]
    if len(here) == 1:
        return Found(here[0].id, f"{here[0].name} (the only one of this chronicle)")
    if fitting:
        raise _ambiguous(fitting)
    raise Invalid("Which character? You have none that fits here yet.", code="no_character")


def _channel_chronicle(reference: Reference) -> UUID | None:
    """Return the chronicle that is bound to the channel."""
    if reference.server is None:
        return None
    place = played_in(reference.server.pk, reference.channel_id)
    return place.pk if place else None


def played_in(server_id: UUID, channel_id: str) -> Chronicle | None:
    """Return the chronicle bound to a channel of the server; None if there is none or it is archived."""
    if not channel_id:
        return None
    rows = Chronicle.objects.filter(server_id=server_id, channels__discord_id=channel_id, archived_at=None)
    return rows.first()


def defaults_of(principal: Principal, server: Server | None, channel_id: str = "") -> list[Character]:
    """Return the member's defaults of the channel's chronicle and of the server, in this order; one query."""
    if server is None or principal.id is None:
        return []
    place = Q(chronicle=None)
    if channel_id:
        place |= Q(chronicle__channels__discord_id=channel_id, chronicle__archived_at=None)
    rows = DefaultCharacter.objects.select_related("character").filter(
        place, member__server=server, member__user_id=principal.id, character__deleted_at=None
    )
    return [row.character for row in sorted(rows, key=lambda row: row.chronicle_id is None)]
