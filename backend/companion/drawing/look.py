"""How one overlay looks: what of a scene it shows, and in which dress. Pure."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from contract.stage import Place, Scene, StageCharacter, Tier, TierLayout
from contract.translation import ENGLISH

Kind = Literal["scene", "character", "party", "rolls", "conflict", "title", "ticker"]
Area = Literal["party", "rolls", "conflict", "title", "ticker"]
AREAS: tuple[Area, ...] = ("party", "conflict", "rolls", "title", "ticker")
AREAS_OF: dict[Kind, tuple[Area, ...]] = {
    "scene": AREAS,
    "character": ("party",),
    "party": ("party",),
    "rolls": ("rolls",),
    "conflict": ("conflict",),
    "title": ("title",),
    "ticker": ("ticker",),
}


def where(place: Place) -> tuple[str, str, str]:
    """Return x, y and size as CSS reads them."""
    return f"{place.x:g}", f"{place.y:g}", f"{place.size or 100}"


@dataclass(frozen=True)
class Look:
    """`subjects` are the characters that it is about, everybody where there are none.

    A roll comes `moment_delay` seconds late, so that somebody can stop it, and stays for `hold`. `places` come before
    those of the campaign's tier.
    """

    kind: Kind = "scene"
    subjects: tuple[UUID, ...] = ()
    tier: Tier = "medium"
    theme: str = "blood"
    motion: str = "auto"
    moment_delay: float = 0
    hold: float = 8
    language: str = ENGLISH
    places: TierLayout | None = None

    @property
    def areas(self) -> tuple[Area, ...]:
        return AREAS_OF[self.kind]

    def layout(self, scene: Scene) -> TierLayout:
        of_campaign = scene.layout.get(self.tier) or TierLayout()
        if self.places is None:
            return of_campaign
        return TierLayout(
            badges=of_campaign.badges | self.places.badges, chips=of_campaign.chips | self.places.chips
        )

    def badge(self, scene: Scene, name: str) -> Place | None:
        return self.layout(scene).badges.get(name)

    def shows(self, character_id: UUID | None) -> bool:
        return not self.subjects or character_id in self.subjects

    def cast(self, scene: Scene) -> list[StageCharacter]:
        """The characters on air, in the roster's order."""
        known = {character.id: character for character in scene.characters}
        hidden = set(scene.stage.hidden)
        wanted = [each for each in (self.subjects or scene.roster) if each in scene.roster]
        return [known[each] for each in wanted if each in known and each not in hidden]
