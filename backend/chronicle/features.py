"""Features that a community can switch off. A feature missing from `Server.features` is on, unless it says otherwise.

Services ask, so every door obeys, at once and without a deploy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chronicle.models import Chronicle, Server
from contract.translation import N_, _
from rules.errors import NotAllowed
from rules.naming import which


@dataclass(frozen=True, slots=True)
class Feature:
    slug: str
    label: str
    switches: str
    is_on: bool = True  # where nobody has switched it


FEATURES: dict[str, Feature] = {
    feature.slug: feature
    for feature in (
        Feature(
            "characters", N_("New characters"), N_("Creating characters here. Existing ones stay in play.")
        ),
        Feature("dice", N_("Dice"), N_("Rolls, checks and rerolls.")),
        Feature("odds", N_("Odds"), N_("The odds of a roll before it’s made.")),
        Feature("macros", N_("Macros"), N_("Saved rolls.")),
        Feature("luck", N_("Luck"), N_("Roll statistics of this server and its characters.")),
        Feature("desk", N_("Storyteller’s desk"), N_("Requests, awards and storytellers’ notes.")),
        Feature("conflicts", N_("Conflicts"), N_("Initiative and turns, in Discord and on the web.")),
        Feature("sessions", N_("Episodes"), N_("Schedules, episodes, and who came.")),
        Feature("requests", N_("Roll requests"), N_("Storytellers asking players for rolls.")),
        Feature("boards", N_("Leaderboards"), N_("Who has how many points in this server."), is_on=False),
    )
}


def is_on(server: Server, slug: str) -> bool:
    return bool(server.features.get(slug, FEATURES[slug].is_on))


def require(server: Server, slug: str) -> None:
    """Raise NotAllowed (`feature_off`) if the feature is off in this server."""
    if not is_on(server, slug):
        raise NotAllowed(
            _(
                "“{label}” is switched off in {name}. Anyone who manages the server can switch it back on.",
                label=_(FEATURES[slug].label),
                name=server.name,
            ),
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
    named = {slug: (slug, feature.label, _(feature.label)) for slug, feature in FEATURES.items()}
    return {which(name, named, "feature", field="features"): on for name, on in switches.items()}
