"""Declared labels in the reader's language, and words that name what they are about."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contract.labels import label
from contract.permissions import CHECKED_LABELS, PERMISSION_LABELS
from contract.rolls import DECISION_LABELS
from contract.servers import EDITION_LABELS
from contract.translation import N_, _

register = template.Library()
register.filter("label", label)

# Of a player's request.
STATES = {
    "approved": N_("Approved"),
    "returned": N_("Sent back"),
    "withdrawn": N_("Withdrawn"),
}
SESSION_STATUS = {
    "planned": N_("Planned"),
    "live": N_("Running"),
    "done": N_("Played"),
    "cancelled": N_("Called off"),
}
# Where a row has no room for the whole name.
SHORT_EDITIONS = {"5th": N_("5th"), "20th": N_("20th"), "cod": N_("CofD"), "fantasy": N_("Fantasy")}


@register.simple_tag
def named(word: str, name: str) -> SafeString:
    """Render the word of a button or link, and for a screen reader also whom or what it is about."""
    return format_html('{}<span class="visually-hidden" translate="no">: {}</span>', word, name)


@register.filter
def clock(seconds: int) -> str:
    """`754` → `12:34`"""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def edition(slug: str) -> str:
    return _(EDITION_LABELS.get(slug, slug))


@register.filter
def short_edition(slug: str) -> str:
    return _(SHORT_EDITIONS.get(slug, slug))


@register.filter
def permission(slug: str) -> str:
    return _(PERMISSION_LABELS.get(slug) or CHECKED_LABELS.get(slug, slug))


@register.filter
def submission_state(state: str) -> str:
    return _(STATES.get(state, state))


@register.filter
def session_name(session: Mapping[str, object]) -> str:
    """Return `Session 3: Ashes`, `Session 3`, or `Ashes` where it was called off."""
    number, title = session["number"], str(session["title"])
    if number is None:
        return title or _("Episode")
    if title:
        return _("Episode {number}: {title}", number=number, title=title)
    return _("Episode {number}", number=number)


@register.filter
def session_status(status: str) -> str:
    return _(SESSION_STATUS.get(status, status))


@register.filter
def decision(slug: str) -> str:
    return _(DECISION_LABELS.get(slug, slug))
