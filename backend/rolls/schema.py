"""The schema of rolls and checks: what the Discord process makes commands of, beside the splats."""

import hashlib
from functools import cache

import orjson

from contract.translation import ENGLISH, _, language, speaking
from haven.registry import SPLATS
from haven.schema import schema as splats_schema
from rolls.checks import KINDS, AnyKind, splats_for
from rolls.systems import SYSTEMS, System, options_for_any, splats_of
from rules.json import JsonObject
from rules.options import schema as options_schema


def schema() -> JsonObject:
    """`{"hash", "splats", "rolls", "any_roll", "checks"}`; its labels are in the current language. The hash, the same
    in all of them, changes when anything in it does.

    `rolls` are the systems of dice with their options, `any_roll` the options of commands for any of them.
    """
    return {"hash": _hash(), **_schema_in(language())}


@cache
def _hash() -> str:
    with speaking(ENGLISH):
        return hashlib.sha256(orjson.dumps(_schema_in(ENGLISH))).hexdigest()[:16]


@cache
def _schema_in(_spoken: str) -> JsonObject:
    return {
        **splats_schema(),
        "rolls": [_roll(system) for system in SYSTEMS.values()],
        "any_roll": [option.schema() for option in options_for_any()],
        "checks": [_check(slug, kind) for slug, kind in KINDS.items()],
    }


def _roll(system: System) -> JsonObject:
    return {
        "slug": system.slug,
        "label": _(system.label),
        "edition": system.edition,
        "group": system.group,
        "description": _(system.about),
        "commands": [{"name": name, "description": _(text)} for name, text in system.commands.items()],
        "splats": list(splats_of(system)) if system.edition else [],
        "options": options_schema(system.asked),
    }


def _check(slug: str, kind: AnyKind) -> JsonObject:
    """`nobody`: it can be made without a sheet."""
    edition = kind.edition or (SYSTEMS[kind.system].edition if kind.system else "")
    return {
        "slug": slug,
        "label": _(kind.label),
        "description": _(kind.text),
        "command": kind.command,
        "edition": edition,
        "splats": [slug for slug in splats_for(kind) if edition in ("", SPLATS[slug].edition)],
        "nobody": not kind.needs,
        "visibility": kind.visibility,
        "options": options_schema(kind.options),
    }
