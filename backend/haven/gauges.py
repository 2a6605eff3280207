"""What of a sheet is drawn on a stage, whatever its splat: gauges, hit points, abilities, conditions.

Pure: from a splat's class and a document, of which the caller leaves only what the audience may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chronicle.models import Chronicle
from contract.stage import Gauge, HitPoints, Stats
from haven.house_rules import traits_in
from haven.models import Character
from rules.traits import Json, Trait

Document = Mapping[str, Json]


@dataclass(frozen=True)
class OnStage:
    """`title` is what the API for shows calls the class: a clan, a tribe. Empty where it is none, or not visible."""

    title: str = ""
    race: str = ""
    player_name: str = ""
    stats: Stats = field(default_factory=Stats)


def on_stage(model: type[Character], document: Document, chronicle: Chronicle | None = None) -> OnStage:
    """Return what the document shows. `chronicle`: whose house rules say how far a gauge goes."""
    traits = {
        slug: trait for slug, trait in traits_in(model, chronicle, document).items() if slug in document
    }

    def word(part: str) -> str:
        return str(document.get(model.stage_parts.get(part, "")) or "")

    return OnStage(word("class"), word("race"), word("player_name"), _stats(model, traits, document))


def gauges(traits: Mapping[str, Trait], document: Document) -> list[Gauge]:
    """Return a gauge for each tracker in the document, in the order of the sheet."""
    return [
        Gauge(path=slug, label=trait.label, kind=trait.kind, value=value, max=trait.most(value))
        for slug, trait in traits.items()
        if trait.tracker and (value := document.get(slug)) is not None
    ]


def conditions(traits: Mapping[str, Trait], document: Document) -> list[str] | None:
    """Return what the trackers make of the character, each once; None where none that could is in the document."""
    able = [slug for slug, trait in traits.items() if trait.tracker and trait.has_conditions]
    found = (word for slug in able for word in traits[slug].conditions(document[slug]))
    return list(dict.fromkeys(found)) if able else None


def abilities(traits: Mapping[str, Trait], document: Document) -> dict[str, int] | None:
    """Return the attributes by slug; None where none is in the document."""
    scores = {
        slug: trait.score(document[slug]) for slug, trait in traits.items() if trait.group == "attributes"
    }
    return {slug: score for slug, score in scores.items() if score is not None} or None


def _stats(model: type[Character], traits: Mapping[str, Trait], document: Document) -> Stats:
    hp = document.get(model.stage_parts.get("hp", ""))
    return Stats(
        hp=hp and HitPoints(current=hp["current"], max=hp["total"], temporary=hp["temporary"]),
        ac=document.get(model.stage_parts.get("ac", "")),
        abilities=abilities(traits, document),
        conditions=conditions(traits, document),
        gauges=gauges(traits, document),
    )
