"""The compact card: what Discord and dashboards show of a character. Neutral data, drawn elsewhere."""

from django.conf import settings

from contract.base import JsonObject
from contract.characters import Card, CardOwner, CardRow
from contract.translation import N_
from haven import portraits
from haven.house_rules import traits_of
from haven.models import Character
from rules.visibility import Level

EXPERIENCE = N_("Experience")


def card(character: Character, level: Level, document: JsonObject | None = None) -> Card:
    """The card with the trackers that are visible at this level. `document` is the character's, if it is known."""
    document, hidden = document or character.document(), character.hidden_from(level)
    rows = [
        CardRow(
            path=slug,
            label=trait.label,
            edition=character.edition,
            draw=trait.card,
            value=trait.card_value(document[slug]),
            text=trait.text(document[slug]),
        )
        for slug, trait in traits_of(character).items()
        if trait.tracker and slug in document and slug not in hidden
    ]
    return Card(
        title=character.name,
        url=f"{settings.SITE_URL}/characters/{character.id}/",
        colour=character.theme,
        owner=CardOwner(name=character.owner.display_name, avatar_url=character.owner.picture_url),
        thumbnail=portraits.address(character.avatar),
        splat=character.splat_label,
        rows=rows,
        footer=_experience(character, level),
    )


def _experience(character: Character, level: Level) -> str:
    if not character.experience_total or character.level_of("experience") > level:
        return ""
    left, total = character.experience_current, character.experience_total
    return f"{EXPERIENCE} {left} / {total}"
