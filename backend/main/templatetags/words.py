"""Declared labels in the reader's language, and words that name what they are about."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contract.labels import label
from contract.servers import EDITION_LABELS
from contract.translation import N_, _

register = template.Library()
register.filter("label", label)

PERMISSIONS = {
    "administrator": N_("Administrator"),
    "create_character": N_("Create characters"),
    "invite_members": N_("Invite members"),
    "manage_channels": N_("Manage channels"),
    "manage_chronicles": N_("Manage chronicles"),
    "manage_members": N_("Manage members"),
    "manage_roles": N_("Manage roles"),
    "manage_server": N_("Manage the server"),
    "observe": N_("Observe"),
    "run_conflicts": N_("Run conflicts"),
    "storyteller": N_("Storyteller"),
    "view_server": N_("See the server"),
    # What a permission check asks besides the roles.
    "locked": N_("Locked sheet"),
    "manage_channel": N_("Manage the channel"),
    "owner": N_("Player"),
    "position": N_("Position"),
    "private": N_("Private channel"),
    "roller": N_("Who rolled"),
    "send_messages": N_("Write in the channel"),
    "view_channel": N_("See the channel"),
    "visibility": N_("Visibility"),
}
# Of a player's request.
STATES = {
    "approved": N_("Approved"),
    "returned": N_("Sent back"),
    "withdrawn": N_("Withdrawn"),
}
# What a player decides after a roll.
DECISIONS = {
    "add_desperation": N_("Add Desperation"),
    "brutal_gain": N_("Brutal gain: 4 successes more"),
    "despair": N_("Despair: fail"),
    "dramatic_failure": N_("Make it a dramatic failure"),
    "overreach": N_("Overreach: win, Danger rises"),
}
# Where a row has no room for the whole name.
SHORT_EDITIONS = {"5th": N_("5th"), "20th": N_("20th"), "cod": N_("CofD")}


@register.simple_tag
def named(word: str, name: str) -> SafeString:
    """Render the word of a button or link, and for a screen reader also whom or what it is about."""
    return format_html('{}<span class="visually-hidden" translate="no">: {}</span>', word, name)


@register.filter
def edition(slug: str) -> str:
    return _(EDITION_LABELS.get(slug, slug))


@register.filter
def short_edition(slug: str) -> str:
    return _(SHORT_EDITIONS.get(slug, slug))


@register.filter
def permission(slug: str) -> str:
    return _(PERMISSIONS.get(slug, slug))


@register.filter
def submission_state(state: str) -> str:
    return _(STATES.get(state, state))


@register.filter
def decision(slug: str) -> str:
    return _(DECISIONS.get(slug, slug))
