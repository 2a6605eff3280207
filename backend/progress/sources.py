"""What gives points, and how many of them a day. Never chatter."""

from dataclasses import dataclass

from contract.translation import N_


@dataclass(frozen=True, slots=True)
class Source:
    """`most`: so many points a day (the user's own), however much is done; 0: no bound."""

    slug: str
    label: str
    most: int


SOURCES: dict[str, Source] = {
    source.slug: source
    for source in (
        Source("practice", N_("Drills"), 60),
        Source("exam", N_("Exams"), 200),
        Source("session", N_("Episodes"), 100),
        Source("roll", N_("Rolls of note"), 20),
        Source("helpful", N_("Helpful acts"), 30),
        Source("login", N_("Daily bonus"), 5),
        Source("badge", N_("Badges"), 100),
    )
}
# Entries that no play makes: what a reset balances.
RESET, RESET_LABEL = "reset", N_("Reset")
