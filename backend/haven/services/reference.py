"""Resolve which character a caller means: by id, by name, or the default."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, UUIDField

from chronicle import rights
from chronicle.call import Call
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from chronicle.selectors import editions_played
from contract.characters import CharacterInput
from contract.lookup import matches
from contract.refusals import Candidate
from contract.translation import _
from haven.models import Character, DefaultCharacter
from haven.registry import SPLATS
from haven.selectors import alive, in_server, rows
from haven.utility import derived, name_key
from rules.errors import Conflict, Invalid, NotAllowed
from rules.naming import none_found
from rules.text import clean
from timeline.prepared import Prepared, Slot

# So many characters are told apart in an answer, and so many names compared with one that was typed.
MOST = 25
SEARCHED = 2000


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
        channel_id=call.bound_channel,
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
        raise NotAllowed(_("You can only use other players’ characters in their server."))
    if not rights.is_storyteller_in_server(principal, server.id):
        raise NotAllowed(_("Only storytellers may use another player’s character."))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_name(principal: Principal, reference: Reference, name: str) -> UUID:
    """Whole names go before beginnings, one's own before those of the players whose storyteller one is."""
    if character_id := _own_by_whole_name(principal, reference, name):
        return character_id
    reachable = list(_reachable(principal, reference))
    for whole in (True, False):
        for characters in reachable:
            if found := _called(characters, reference, name, whole=whole):
                return _only(found, reference).id
    names = [
        (known,) for characters in reachable for known in characters.values_list("name", flat=True)[:SEARCHED]
    ]
    raise none_found(name, names, "character")


def _own_row() -> QuerySet[Any]:
    owned = Character.objects.filter(owner_id=Slot("owner", UUIDField()), name_key=Slot("name", CharField()))
    return owned.filter(deleted_at=None).values_list("id", "splat")


_find_own = Prepared(_own_row)


def _own_by_whole_name(principal: Principal, reference: Reference, name: str) -> UUID | None:
    """The usual case, by a statement written once: a change by name takes 0.65 of its processor time without it.

    No two characters of a player have the same name.
    """
    if reference.deleted or reference.owner_id not in (None, principal.id):
        return None
    rows = _find_own(owner=principal.id, name=name_key(name))
    return next((pk for pk, splat in rows if not reference.splats or splat in reference.splats), None)


def _reachable(principal: Principal, reference: Reference) -> Iterator[QuerySet[Character]]:
    """Own characters, or those of the named player; for a storyteller who names nobody all of the server, too."""
    owner_id = reference.owner_id or principal.id
    characters = rows().exclude(deleted_at=None) if reference.deleted else alive()
    mine = characters.filter(owner_id=owner_id)
    if owner_id != principal.id:
        mine = mine.filter(_where_storyteller(principal, reference.server))
    yield mine
    server = reference.server
    if not reference.owner_id and server and rights.is_storyteller_in_server(principal, server.id):
        yield characters.filter(_where_storyteller(principal, server))


def _called(
    characters: QuerySet[Character], reference: Reference, name: str, *, whole: bool
) -> list[Character]:
    """Those that fit a name best. A living one is found by its key; else all names are compared."""
    if whole and not reference.deleted and (found := list(characters.filter(name_key=name_key(name))[:MOST])):
        return found
    names = dict(characters.values_list("id", "name")[:SEARCHED])
    found_ids = matches(name, {pk: (label,) for pk, label in names.items()}, whole=whole)
    return list(characters.filter(id__in=found_ids[:MOST])) if found_ids else []


def _only(found: list[Character], reference: Reference) -> Character:
    """The one that is meant. Raises Conflict (`ambiguous`), Invalid (`wrong_splat`)."""
    fitting = [character for character in found if _fits(character, reference)]
    if len(fitting) > 1:
        raise _ambiguous(fitting)
    if not fitting:
        raise wrong_splat(found[0], reference)
    return fitting[0]


def _fits(character: Character, reference: Reference) -> bool:
    return not reference.splats or character.splat in reference.splats


def wrong_splat(character: Character, reference: Reference) -> Invalid:
    """The error for a command of another type of character; `command` is the one that changes this one."""
    character = derived(character)
    edition = Server.Edition(character.edition).label
    return Invalid(
        _(
            "{name} is a {splat} ({edition}).",
            name=character.name,
            splat=_(character.splat_label),
            edition=_(edition),
        ),
        code="wrong_splat",
        splat=character.splat,
        command=_command(character, reference.server),
    )


def _command(character: Character, server: Server | None) -> str:
    """The command that changes such a character there. In direct messages there are those of every edition."""
    played = (
        editions_played(Server.objects.filter(pk=server.pk))[server.pk] if server else Server.Edition.values
    )
    if character.edition not in played:
        return "/character trait"
    earlier = played[: played.index(character.edition)]
    taken = {splat.command for splat in SPLATS.values() if splat.edition in earlier}
    number = "".join(filter(str.isdigit, character.edition)) or character.edition
    return f"/{character.command}{number if character.command in taken else ''} update"


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
    return Conflict(_("More than one character fits. Which one?"), code="ambiguous", characters=candidates)


def _default(principal: Principal, reference: Reference) -> Found:
    """Return the member's default in this channel's chronicle, then in the server, else the only fitting character."""
    mine = not reference.owner_id
    for default in defaults_of(principal, reference.server, reference.channel_id) if mine else ():
        if not reference.splats or default.splat in reference.splats:
            return Found(default.id, _("{name} (your default)", name=default.name))
    owner_id = reference.owner_id or principal.id
    candidates = in_server(reference.server, owner_id)
    if owner_id != principal.id:
        candidates = candidates.filter(_where_storyteller(principal, reference.server))
    if reference.splats:
        candidates = candidates.filter(splat__in=reference.splats)
    fitting = list(candidates[:25])
    if len(fitting) == 1:
        return Found(fitting[0].id, _("{name} (the only one that fits)", name=fitting[0].name))
    here = [
        character
        for character in fitting
        if character.chronicle_id and character.chronicle_id == _channel_chronicle(reference)
    ]
    if len(here) == 1:
        return Found(here[0].id, _("{name} (the only one in this chronicle)", name=here[0].name))
    if fitting:
        raise _ambiguous(fitting)
    raise Invalid(_("Which character? You don’t have one that fits here yet."), code="no_character")


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
