"""A picture to look at while its layout is made: the campaign as it stands, with examples of what is not there now."""

from companion import on_air
from companion.custom_css import problems, scoped
from companion.drawing import sample
from companion.drawing.look import Look
from companion.drawing.parts import parts
from companion.models import Campaign
from companion.selectors.scene import scene
from contract.layout import LayoutPreview, PreviewLayout
from contract.overlays import MAX_HOLD
from contract.stage import (
    Moment,
    MomentKind,
    Scene,
    StageCharacter,
    StageConflict,
    StageState,
    StageTurn,
    TierLayout,
    TitleCard,
)
from contract.translation import _

ROLLS: tuple[MomentKind, ...] = ("messy_critical", "success")


def preview(campaign: Campaign, given: PreviewLayout) -> LayoutPreview:
    shown = scene(campaign)
    shown = filled(shown, given.layout) if given.filled else shown
    shown = shown.model_copy(update={"layout": {given.tier: given.layout}})
    look = Look(
        kind="scene",
        tier=given.tier,
        theme=given.theme,
        motion=given.motion,
        hold=MAX_HOLD,
        language=given.language,
    )
    picture = on_air.Picture(
        on_air.attributes_of(look, look.badge(shown, "rolls")), scoped(given.css), tuple(parts(shown, look))
    )
    return LayoutPreview(scene=picture.whole(), dropped=problems(given.css))


def filled(shown: Scene, layout: TierLayout) -> Scene:
    """The scene with everybody on air, and an example of each part that nothing is in."""
    example = sample.scene(*ROLLS, conflict=True, title=True)
    cast = [each for each in shown.characters if each.id in shown.roster] or example.characters
    card = shown.stage.title_card or TitleCard(title=_title(shown))
    cast = [_with_conditions(each) if str(each.id) in layout.chips else each for each in cast]
    shown = shown.model_copy(update={"characters": cast, "roster": [each.id for each in cast]})
    return shown.model_copy(
        update={
            "moments": [_roll(shown, number, roll) for number, roll in enumerate(example.moments)],
            "conflict": shown.conflict or _conflict(shown, example.conflict),
            "stage": StageState(title_card=card),
        }
    )


def _with_conditions(character: StageCharacter) -> StageCharacter:
    """Where they stand by themselves there have to be some."""
    return character.model_copy(update={"conditions": character.conditions or [_("Condition")]})


def _title(shown: Scene) -> str:
    return (shown.episode.title if shown.episode else "") or _("Title of the episode")


def _roll(shown: Scene, number: int, example: Moment) -> Moment:
    who = shown.characters[number % len(shown.characters)]
    return example.model_copy(update={"character": who.id, "name": who.name, "at": shown.at})


def _conflict(shown: Scene, example: StageConflict | None) -> StageConflict | None:
    states = ("done", "current", "waiting", "waiting")
    turns = [
        StageTurn(name=each.name, character=each.id, state=state)
        for each, state in zip(shown.characters, states, strict=False)
    ]
    return example.model_copy(update={"turns": turns}) if example else None
