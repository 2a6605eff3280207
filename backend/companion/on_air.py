"""What an overlay shows at this moment: the scene of a while ago, without what has been taken off air since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from companion.custom_css import scoped
from companion.drawing.look import Kind, Look, where
from companion.drawing.parts import Part, order, parts, seconds_since
from companion.models import Overlay
from companion.selectors.scene import scene
from contract.stage import (
    Decisions,
    OverlayPatch,
    OverlayScene,
    Piece,
    Place,
    Scene,
    StageState,
    Tier,
    TierLayout,
)


@dataclass(frozen=True)
class Picture:
    """`attributes` of the stage and `css` say how, `parts` what."""

    attributes: dict[str, str]
    css: str
    parts: tuple[Part, ...]
    # In so many seconds the next roll comes on screen that is only waiting, or goes.
    wakes: float | None = None

    def whole(self) -> OverlayScene:
        return OverlayScene(attributes=self.attributes, css=self.css, pieces=list(map(_piece, self.parts)))

    def since(self, before: "Picture") -> OverlayPatch | OverlayScene | None:
        """What a page that shows `before` must be told; None where it is the same."""
        if (self.attributes, self.css) != (before.attributes, before.css):
            return self.whole()
        old = {part.key: part for part in before.parts}
        gone = list(old.keys() - {part.key for part in self.parts})
        # A roll that is on screen stays as it came: only how long it still stays is another number.
        new = [part for part in self.parts if _is_news(part, old.get(part.key))]
        was, now = order(before.parts), order(self.parts)
        moved = {area: keys for area, keys in now.items() if was.get(area) != keys}
        if not (gone or new or moved):
            return None
        return OverlayPatch(pieces=list(map(_piece, new)), gone=sorted(gone), order=moved)


def _is_news(part: Part, old: Part | None) -> bool:
    return old is None or (part.html != old.html and part.area != "rolls")


def _piece(part: Part) -> Piece:
    return Piece(key=part.key, area=part.area, html=part.html)


DARK = Picture({}, "", ())


def picture(overlay: Overlay, now: datetime) -> Picture:
    """Return what is shown now; nothing of a campaign that is not public any more."""
    if not overlay.campaign.is_public:
        return DARK
    return drawn(overlay, scene_for(overlay, now))


def drawn(overlay: Overlay, shown: Scene) -> Picture:
    look = look_of(overlay)
    ages = [seconds_since(shown, look, moment) for moment in shown.moments]
    turns = [-age if age < 0 else look.hold - age for age in ages if age < look.hold]
    return Picture(
        attributes_of(look, look.badge(shown, "rolls")),
        scoped(overlay.css),
        tuple(parts(shown, look)),
        min(turns, default=None),
    )


def scene_for(overlay: Overlay, now: datetime) -> Scene:
    """The scene of `delay` seconds ago. What the producer took off air since is off in it already."""
    campaign = overlay.campaign
    if not overlay.delay:
        return scene(campaign).model_copy(update={"at": now})
    then = scene(campaign, now - timedelta(seconds=overlay.delay))
    return then.model_copy(update={"stage": _both(then.stage, Decisions.model_validate(campaign.stage))})


def _both(then: StageState, now: Decisions) -> StageState:
    card = then.title_card if now.title_card else None
    return StageState(
        blackout=then.blackout or now.blackout,
        hidden=list({*then.hidden, *now.hidden}),
        title_card=card,
    )


def look_of(overlay: Overlay) -> Look:
    return Look(
        kind=cast("Kind", overlay.kind),
        subjects=tuple(map(UUID, overlay.subjects)),
        tier=cast("Tier", overlay.tier),
        theme=overlay.theme,
        motion=overlay.motion,
        moment_delay=overlay.moment_delay,
        hold=overlay.hold,
        language=overlay.language,
        places=TierLayout.model_validate(overlay.places or {}),
    )


def attributes_of(look: Look, rolls: Place | None) -> dict[str, str]:
    """`rolls`: where they stand, together, if they were put somewhere; other parts say it themselves."""
    place = " ".join(where(rolls)) if rolls else ""
    return {"kind": look.kind, "tier": look.tier, "theme": look.theme, "motion": look.motion, "rolls": place}
