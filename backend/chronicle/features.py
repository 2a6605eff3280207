"""Features that a community can switch off. A feature missing from `Server.features` is on.

Services ask, so every door obeys, at once and without a deploy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chronicle.models import Chronicle, Server
from rules.errors import NotAllowed
from rules.naming import which


@dataclass(frozen=True, slots=True)
class Feature:
    slug: str
    label: str
    switches: str


FEATURES: dict[str, Feature] = {
    feature.slug: feature
    for feature in (
        Feature("characters", "New characters", "Creating characters here; those that exist stay in play."),
        Feature("dice", "Dice", "Rolls, checks and rerolls."),
        Feature("odds", "Odds", "What a roll of a character here would be, before it is made."),
        Feature("macros", "Macros", "Keeping and running macros."),
        Feature("luck", "Luck", "Statistics of the rolls of this server and its characters."),
        Feature("desk", "The storyteller's desk", "Proposals, awards and storytellers' notes."),
        Feature("conflicts", "Conflicts", "Initiative: who acts when, in Discord and on the web."),
        Feature("requests", "Roll requests", "Storytellers asking players for rolls."),
    )
}


def is_on(server: Server, slug: str) -> bool:
    return server.features.get(slug) is not False


def require(server: Server, slug: str) -> None:
    """Raise NotAllowed (`feature_off`) if the feature is off in this server."""
    if not is_on(server, slug):
        raise NotAllowed(
            f"“{FEATURES[slug].label}” is switched off in {server.name}. "
            "Those who manage the server can switch it on again.",
            code="feature_off",
            feature=slug,
        )


def require_in(chronicles: Iterable[Chronicle | None], slug: str) -> None:
    """Call `require` for every server concerned; outside of servers every feature is on."""
    for chronicle in chronicles:
        if chronicle is not None:
            require(chronicle.server, slug)


def check(switches: Mapping[str, bool]) -> dict[str, bool]:
    """Validate feature switches such as `{"dice": false}`, by slug or label. Raises Invalid, Conflict (`ambiguous`)."""
    named = {slug: (slug, feature.label) for slug, feature in FEATURES.items()}
    return {which(name, named, "feature", field="features"): on for name, on in switches.items()}
