"""Where catalogues of translations lie, and whether the compiled ones are up to date. Standard library only.

The sources are `locale/<language>/<package>.po`, one file a package; what is compiled of them is not versioned.
"""

from pathlib import Path

from scripts.common import ROOT

LOCALE = ROOT / "locale"
# A sentence of several packages stands in the file of the first of them.
PACKAGES = (
    "rules",
    "contract",
    "haven",
    "chronicle",
    "rolls",
    "conflicts",
    "progress",
    "chat",
    "companion",
    "main",
    "rodbot",
    "others",
)
JAVASCRIPT = "javascript"
# The domains that gettext and Django look for, and the files of each.
DOMAINS = {"django": PACKAGES, "djangojs": (JAVASCRIPT,)}


def languages() -> list[str]:
    """List the languages that have a catalogue."""
    return sorted(folder.name for folder in LOCALE.iterdir() if any(folder.glob("*.po")))


def source(language: str, package: str) -> Path:
    return LOCALE / language / f"{package}.po"


def compiled(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.mo"


def stale() -> list[tuple[str, str]]:
    """List each (language, domain) whose compiled catalogue is missing or older than one of its sources."""
    return [
        (language, domain)
        for language in languages()
        for domain, packages in DOMAINS.items()
        if _changed(compiled(language, domain), [source(language, package) for package in packages])
    ]


def _changed(result: Path, sources: list[Path]) -> bool:
    there = [file for file in sources if file.exists()]
    made = result.stat().st_mtime if result.exists() else 0
    return bool(there) and max(file.stat().st_mtime for file in there) > made
