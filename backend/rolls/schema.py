"""The schema of rolls and checks: what the Discord process makes commands of, beside the splats."""

import hashlib
from functools import cache

import orjson

from haven.registry import SPLATS
from haven.schema import schema as splats_schema
from rolls.checks import KINDS, AnyKind, splats_for
from rolls.systems import SYSTEMS, System, options_for_any, splats_of
from rules.json import JsonObject
from rules.options import schema as options_schema


@cache
def schema() -> JsonObject:
    """`{"hash", "splats", "rolls", "any_roll", "checks"}`; the hash changes when anything in it does.

    `rolls` are the systems of dice with their options, `any_roll` the options of commands for any of them.
    """
    found = {
        **splats_schema(),
        "rolls": [_roll(system) for system in SYSTEMS.values()],
        "any_roll": [option.schema() for option in options_for_any()],
        "checks": [_check(slug, kind) for slug, kind in KINDS.items()],
    }
    return {"hash": hashlib.sha256(orjson.dumps(found)).hexdigest()[:16], **found}


def _roll(system: System) -> JsonObject:
    return {
        "slug": system.slug,
        "label": system.label,
        "edition": system.edition,
        "group": system.group,
        "description": system.about,
        "commands": [{"name": name, "description": text} for name, text in system.commands.items()],
        "splats": list(splats_of(system)) if system.edition else [],
        "options": options_schema(system.asked),
    }


def _check(slug: str, kind: AnyKind) -> JsonObject:
    """`nobody`: it can be made without a sheet."""
    edition = kind.edition or (SYSTEMS[kind.system].edition if kind.system else "")
    return {
        "slug": slug,
        "label": kind.label,
        "description": kind.text,
        "command": kind.command,
        "edition": edition,
        "splats": [slug for slug in splats_for(kind) if edition in ("", SPLATS[slug].edition)],
        "nobody": not kind.needs,
        "visibility": kind.visibility,
        "options": options_schema(kind.options),
    }
