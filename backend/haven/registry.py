"""Which splats there are. A new one is one file in `models/` and one line here."""

from haven.models import Character, Vampire5th

SPLATS: dict[str, type[Character]] = {
    "vampire5th": Vampire5th,
}
