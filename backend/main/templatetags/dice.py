"""Filters for rolls and odds."""

from collections.abc import Mapping
from typing import Any

from django import template

from contract.luck import CheckLuck
from contract.rolls import Chances
from main.templatetags.forms import problem_at, problem_of
from main.templatetags.sheet import moment
from rules.odds.chart import percent

register = template.Library()
# Forms about dice and conflicts tell what was refused as all others do.
register.simple_tag(problem_at, takes_context=True)
register.simple_tag(problem_of, takes_context=True)
register.filter(moment)


@register.filter
def share(value: float | None) -> str:
    """Format 0.614 as 61.4 %."""
    return "–" if value is None else percent(value)


@register.filter
def winnable(chances: Chances | None) -> bool:
    """Whether there is anything to win: dice that only add up, or a resonance, have nothing."""
    return chances is not None and any(outcome.tone != "neutral" for outcome in chances.outcomes)


@register.filter
def can_fail(check: CheckLuck) -> bool:
    """Whether a check holds or fails, and does not only find something out."""
    return any(tally.tone != "neutral" for tally in check.outcomes)


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key, key)


@register.filter
def words(slug: str) -> str:
    return slug.replace("_", " ").capitalize()


@register.filter
def told(value: Any) -> str:
    """Format a trait's value in a difference."""
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part not in ("", None, {}))
    return str(value)
