"""Set who may see a trait of one character."""

from django.db import transaction

from chronicle import rights
from chronicle.principal import Principal
from contract.events import EventType
from contract.translation import N_, _
from haven.services.common import Change, lock, record, save
from haven.services.reference import Reference, find
from haven.services.trait_names import slug_of
from rules.errors import Invalid
from rules.visibility import NAMES, PRIVATE, TABLE, Label
from timeline.services import Cause

# What labels are made of.
VISIBILITY = N_("Visibility")

# Lists and cards tell who somebody is to everyone who sees them at all. Whether the public does is up to the player.
ALWAYS_SHOWN = "identity"


@transaction.atomic(savepoint=False)
def show(principal: Principal, reference: Reference, typed: str, level_name: Label, cause: Cause) -> Change:
    """Set a trait's level. Only storytellers may touch secrets."""
    target = find(principal, reference)
    character = lock(target.id)
    # First of all: a stranger learns nothing from what else is wrong.
    rights.can(principal, "character.visibility", character).require()
    slug = slug_of(principal, character, typed)
    trait = character.traits[slug]
    if trait.group == ALWAYS_SHOWN and NAMES[level_name] > TABLE:
        raise Invalid.field(
            "trait", _("“{label}” is always visible to the whole table, like the name.", label=trait.name)
        )
    before, level = character.level_of(slug), NAMES[level_name]
    rights.can(principal, "character.visibility", character, field_level=max(before, level)).require()
    if before == level:
        return Change(character, None, target.chosen)
    character.visibility[slug] = int(level)
    save(character, ["visibility"])
    event = record(
        character,
        EventType.CHARACTER_SHOWN,
        cause,
        changes={f"visibility.{slug}": [before.label, level.label]},
        # A secret that comes or goes is told to those who know it either way.
        visibility={f"visibility.{slug}": int(max(before, level, PRIVATE))},
        labels={f"visibility.{slug}": f"{VISIBILITY}: {trait.label}"},
    )
    return Change(character, event, target.chosen)
