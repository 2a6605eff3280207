"""Read a sheet for pools: the traits that can be named in one, and the dice that wounds take."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract.lookup import did_you_mean, fold, matches, spellings
from contract.translation import N_, _
from haven.models import Character
from rules.dice.pool import PoolLine, PoolTrait, Traits
from rules.dice.wounds import level20th
from rules.errors import Invalid, Problems
from rules.notices import Notice, notice
from rules.traits import AbilityScore, DamageTrack20th, Entries, Trait
from rules.traits.adventurer import modifier
from rules.visibility import Level

IMPAIRED = 2
PHYSICAL = "physical"
SOCIAL = ("charisma", "manipulation", "appearance")
# Kinds whose whole value is the number.
PLAIN = ("dots", "counter", "bonus")
# Kinds with parts, and the part that is rolled.
ROLLED_PART = {"pool": "total", "rollover": "permanent", "humanity": "value", "skill": "dots"}
# Lists of which each entry is a trait of its own: not every merit is a number of dice; these are.
LISTS = ("backgrounds", "secondary_abilities", "skills")

Document = Mapping[str, Any]


def pool_traits(character: Character, document: Document, level: Level) -> Traits:
    """Slug → trait, of what this level may see. A discipline goes by its name."""
    found: dict[str, PoolTrait] = {}
    for slug, trait in character.traits.items():
        if slug in document and character.level_of(slug) <= level:
            for name, trait_of_pool in _of(slug, trait, document[slug]):
                found.setdefault(name, trait_of_pool)
    return found


def _of(slug: str, trait: Trait, value: Any) -> Iterator[tuple[str, PoolTrait]]:
    if isinstance(trait, AbilityScore):
        yield slug, PoolTrait(trait.label, modifier(value), group=trait.group)
    elif trait.kind in PLAIN:
        yield slug, PoolTrait(trait.label, value, group=trait.group, context=trait.context)
    elif trait.kind in ROLLED_PART:
        named = tuple(specialty["name"] for specialty in value.get("specialties", {}).values())
        yield slug, PoolTrait(trait.label, value[ROLLED_PART[trait.kind]], named, trait.group, trait.context)
    elif trait.kind == "damage5th":
        yield slug, PoolTrait(f"{trait.label} left", undamaged(value))
    elif isinstance(trait, Entries) and (trait.kind == "powers" or slug in LISTS):
        yield from _entries(value.values(), trait.rating)


def _entries(entries: Iterable[Document], part: str) -> Iterator[tuple[str, PoolTrait]]:
    for entry in entries:
        key = fold(entry["name"]).replace(" ", "_")
        if key:
            yield key, PoolTrait(entry["name"], entry.get(part) or 0)


def undamaged(track: Mapping[str, int]) -> int:
    return max(0, track["total"] - track["superficial"] - track["aggravated"])


def discipline(character: Character, document: Document, name: str, level: Level) -> PoolTrait:
    """Find a discipline by its name or its beginning, among those that this level may see.

    Raises Invalid for `discipline`.
    """
    problems = Problems()
    problems.words("discipline", name, 50)
    problems.settle()
    listed = [
        entry
        for slug, trait in character.traits.items()
        if trait.kind == "powers" and slug in document and character.level_of(slug) <= level
        for entry in document[slug].values()
    ]
    found = matches(name, {number: spellings(power["name"]) for number, power in enumerate(listed)})
    if len(found) != 1:
        shown = ", ".join(_(power["name"]) for power in listed[:10]) or _("none")
        hint = did_you_mean(name, (spellings(power["name"]) for power in listed))
        raise Invalid.field(
            "discipline", _("Which discipline?{hint} On this sheet: {shown}.", hint=hint, shown=shown)
        )
    power = listed[found[0]]
    return PoolTrait(power["name"], power["dots"])


def impairment(
    character: Character, document: Document, lines: Iterable[PoolLine], wanted: bool | None
) -> tuple[tuple[PoolLine, ...], tuple[Notice, ...]]:
    """Return the line of an impairment (core 126) and its notice; `wanted` True or False overrides the sheet.

    Health impairs physical pools, Willpower the social and mental ones. The attribute tells which a pool is, else its
    first trait with a section; of a bare number nobody knows, so only a doubt is told, unless both tracks are full.
    """
    if wanted is not None:
        return ((PoolLine("Impaired", -IMPAIRED),) if wanted else ()), ()
    full = [slug for slug in ("health", "willpower") if _is_full(character, document, slug)]
    if not full:
        return (), ()
    section = _section(character, lines)
    if section is None and len(full) == 1:
        label = character.traits[full[0]].label
        if full == ["health"]:
            return (), (notice("pool_impaired_physical", label=label),)
        return (), (notice("pool_impaired_mental", label=label),)
    meant = full[0] if section is None else "health" if section == PHYSICAL else "willpower"
    if meant not in full:
        return (), ()
    return (PoolLine(f"Impaired ({character.traits[meant].label})", -IMPAIRED),), ()


def _is_full(character: Character, document: Document, slug: str) -> bool:
    trait = character.traits.get(slug)
    return trait is not None and trait.kind == "damage5th" and not undamaged(document[slug])


def _section(character: Character, lines: Iterable[PoolLine]) -> str | None:
    named = [character.traits[line.trait] for line in lines if line.trait in character.traits]
    sections = [trait.section for trait in named if trait.section]
    attributes = [trait.section for trait in named if trait.group == "attributes"]
    return next(iter(attributes or sections), None)


# Of the 20th edition: what somebody does is rolled with these. Wounds take nothing from Willpower, virtues, Arete, Rage
# and other ratings (V20 121).
ACTIVE_GROUPS = ("attributes", "abilities", "disciplines", "powers")
PASSIVE_LIST = "backgrounds"
SOAK = frozenset({"stamina", "fortitude"})
# Merits that let a roll be made again.
LUCK = ("luck", "lucky")


def is_action(character: Character, document: Document, lines: Iterable[PoolLine]) -> bool:
    """Whether wounds touch this pool: only where something in it is done, and not where it soaks damage.

    Of a bare number nobody knows; it counts as an action.
    """
    named = {line.trait for line in lines if line.trait}
    if not named or ("stamina" in named and named <= SOAK):
        return not named
    passive = dict(_entries((document.get(PASSIVE_LIST) or {}).values(), "rating"))
    return any(_is_active(character, slug) and slug not in passive for slug in named)


def _is_active(character: Character, slug: str) -> bool:
    """Whether it is done with this trait; what is no trait of its own is a power or a secondary ability."""
    trait = character.traits.get(slug)
    return trait is None or trait.group in ACTIVE_GROUPS


def rage_over_willpower(document: Document, lines: Iterable[PoolLine]) -> tuple[PoolLine, ...]:
    """A line that takes a die from a social pool for each dot of Rage above Willpower (W20, “Rage”)."""
    pools = [document[slug] for slug in ("rage", "willpower") if isinstance(document.get(slug), dict)]
    if len(pools) < 2:
        return ()
    over = pools[0]["total"] - pools[1]["total"]
    social = any(line.trait in SOCIAL for line in lines)
    return (PoolLine(N_("Rage over Willpower"), -over),) if social and over > 0 else ()


def luck(document: Document) -> str:
    """The name of a merit that lets a roll be made again; "" without one."""
    merits = [str(merit["name"]) for merit in (document.get("merits") or {}).values()]
    return next((name for name in merits if fold(name) in LUCK), "")


def wound(character: Character, document: Document) -> int:
    """The level of wounds of the 20th edition; 0 on other sheets."""
    trait = character.traits.get("health")
    if not isinstance(trait, DamageTrack20th) or not any(penalty for _, penalty in trait.levels):
        return 0
    health = document["health"]
    return level20th(health["total"], health["bashing"] + health["lethal"] + health["aggravated"])
