"""Read characters as one principal may see them, in a constant number of queries."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from chronicle import rights
from chronicle.models import Chronicle, Server
from chronicle.principal import SEES_ALL, VIEW_SERVER, Principal
from contract.characters import (
    BriefCharacter,
    CharacterName,
    EntryName,
    FullCharacter,
    ListCharacters,
    TraitName,
)
from contract.events import Event
from contract.lookup import fitting, fold
from contract.translation import N_, _
from haven.house_rules import traits_of
from haven.models import Character
from haven.serializers.character import brief, full
from haven.utility import derived, name_key
from rules.errors import NotFound
from rules.text import clean
from rules.traits import Entries
from rules.visibility import Level
from timeline import services as timeline

NO_SUCH = N_("There’s no such character.")
EVERY = ListCharacters()


def rows() -> QuerySet[Character]:
    return Character.objects.select_related("owner", "chronicle__server")


def alive() -> QuerySet[Character]:
    return rows().filter(deleted_at=None)


def get(principal: Principal, character_id: UUID | str, *, deleted: bool = False) -> Character:
    """Return a character that the principal may see. Raises NotFound, also for hidden ones."""
    character = _by_id(rows() if deleted else alive(), character_id)
    if character is None:
        raise NotFound(_(NO_SUCH))
    rights.can(principal, "character.view", character).require()
    return derived(character)


def _by_id(characters: QuerySet[Character], character_id: UUID | str) -> Character | None:
    try:
        return characters.filter(id=UUID(str(character_id))).first()
    except ValueError:
        return None


def character_for(principal: Principal, character_id: UUID | str) -> FullCharacter:
    """Return the full character object with the fields that the principal may see."""
    return full(get(principal, character_id), principal)


def history(
    principal: Principal, character_id: UUID | str, before: int | None = None, limit: int = 25
) -> list[Event]:
    """Return a character's events, newest first; `before` is the version to go on from."""
    character = get(principal, character_id, deleted=True)
    rights.can(principal, "character.history", character).require()
    level = rights.character_level(principal, character)
    return [Event.model_validate(event) for event in timeline.history(character.id, level, before, limit)]


def dashboard(principal: Principal, filters: ListCharacters = EVERY) -> list[BriefCharacter]:
    """Return own characters, then those where the principal is storyteller; brief, three queries at most."""
    mine = Q(owner_id=principal.id)
    alone = filters.own or filters.deleted
    seen = mine if alone else mine | rights.rows_with_permission(principal, SEES_ALL)
    characters = (rows() if filters.deleted else alive()).filter(seen)
    if filters.deleted:
        characters = characters.exclude(deleted_at=None)
    listed = list(_narrowed(characters, filters).order_by("name_key")[:2000])
    # Of servers that the player has left, too.
    principal.load(character.chronicle.server_id for character in listed if character.chronicle)
    shown = [brief(derived(character), rights.character_level(principal, character)) for character in listed]
    return sorted(shown, key=lambda character: character.owner.id != principal.id)


def _narrowed(characters: QuerySet[Character], filters: ListCharacters) -> QuerySet[Character]:
    if filters.chronicle:
        characters = characters.filter(chronicle_id=filters.chronicle)
    if filters.splat:
        characters = characters.filter(splat=clean(filters.splat, 30))
    if filters.status:
        characters = characters.filter(status=clean(filters.status, 10))
    if filters.search:
        words = clean(filters.search, 50)
        wanted = Q(name_key__contains=name_key(words))
        if filters.deleted:  # these have no key
            listed = characters.values_list("id", "name")
            wanted = Q(id__in=[pk for pk, name in listed if name_key(words) in name_key(name)])
        characters = characters.filter(wanted)
    return characters


def in_server(server: Server | None, owner_id: UUID | None) -> QuerySet[Character]:
    """Return a player's living characters in one server, or all of theirs in direct messages."""
    characters = alive().filter(owner_id=owner_id)
    return characters.filter(Q(chronicle__server=server) | Q(chronicle=None)) if server else characters


def names(
    principal: Principal,
    server: Server | None,
    *,
    owner_id: UUID | None = None,
    query: str = "",
    splats: Iterable[str] = (),
    deleted: bool = False,
    limit: int = 25,
    here: Chronicle | None = None,
) -> list[CharacterName]:
    """For completion: names that fit the query best first, of equal ones those that are played `here`.

    Another player's names only for a storyteller of this server; for others the list is empty.
    """
    owner = owner_id or principal.id
    if owner is None:
        return []
    characters = rows().filter(owner_id=owner)
    if owner != principal.id:
        if server is None or not rights.is_storyteller_in_server(principal, server.id):
            return []
        characters = characters.filter(
            rights.rows_with_permission(principal, rights.STORYTELLER_ONLY, server.id)
        )
    elif server is not None:
        characters = characters.filter(Q(chronicle__server=server) | Q(chronicle=None))
    characters = characters.exclude(deleted_at=None) if deleted else characters.filter(deleted_at=None)
    if splats:
        characters = characters.filter(splat__in=list(splats))
    at_home = here.pk if here else None
    listed = sorted(
        characters.order_by("name")[:1000],
        key=lambda character: (at_home is None or character.chronicle_id != at_home, fold(character.name)),
    )
    found = fitting(query, listed, lambda character: character.name)
    return [
        CharacterName.from_object(
            character,
            label=f"{character.name} — {_(derived(character).splat_label)}",
            owner=character.owner.as_person(),
        )
        for character in found[:limit]
    ]


def trait_choices(character: Character, level: Level, query: str, limit: int = 25) -> list[TraitName]:
    """Return the traits that a principal may change, for completion."""
    document = character.document()
    choices = [
        TraitName(path=slug, label=trait.name, now=trait.text(document.get(slug))[:60])
        for slug, trait in traits_of(character).items()
        if character.level_of(slug) <= level and trait.writer != "system"
    ]
    return fitting(query, choices, lambda choice: choice.label)[:limit]


def entry_choices(character: Character, level: Level, slug: str, query: str) -> list[EntryName]:
    """Return the entries of a list such as Disciplines, for completion; none where it is hidden."""
    trait = character.traits.get(slug)
    if not isinstance(trait, Entries) or character.level_of(slug) > level:
        return []
    entries = (character.document().get(slug) or {}).values()
    return [
        EntryName(name=entry[trait.title], label=f"{entry[trait.title]} ({entry.get(trait.rating) or 0})")
        for entry in fitting(query, entries, lambda entry: str(entry[trait.title]))
    ]


def chronicles_of(principal: Principal) -> list[Chronicle]:
    """Return the chronicles of all servers that the principal is a member of; of deleted ones none."""
    seen = rights.rows_with_permission(principal, {VIEW_SERVER}, path="")
    rows = Chronicle.objects.filter(seen, archived_at=None, server__deleted_at=None).select_related("server")
    return list(rows.order_by("server__name", "name"))
