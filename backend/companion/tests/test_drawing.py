"""What an overlay draws: every kind of trait, only what is on air, and nothing that could break out of the page."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from django.template.loader import render_to_string

import companion
from companion.drawing import pieces, sample
from companion.drawing.gauges import GRAVE, HURT, OFF, ON, Drawn, Mark, drawn
from companion.drawing.look import Look
from companion.drawing.parts import FACES, VERDICTS, order, parts
from companion.drawing.sample import gauge
from contract import dice_faces
from contract.base import Json
from contract.stage import MomentKind, Place, StageState, TierLayout
from haven.gauges import gauges as gauges_of
from haven.registry import SPLATS

SPRITE = (Path(companion.__file__).parent / "templates/stage/sprite.svg").read_text()
SYMBOLS = set(re.findall(r'id="([\w-]+)"', SPRITE))
STYLE = Path(companion.__file__).parents[1] / "main/static/main/css/overlay.css"
KINDS: tuple[MomentKind, ...] = get_args(MomentKind)


def draw(kind: str, value: Json, most: int | None = None, path: str = "trait") -> Drawn:
    found = drawn(gauge(path, "Trait", kind, value, most))
    assert found
    return found


def states(found: Drawn) -> list[str]:
    return [mark.state for mark in found.marks]


def test_damage_of_the_fifth_edition_has_the_gravest_first() -> None:
    found = draw("damage5th", {"total": 5, "superficial": 2, "aggravated": 1})
    assert found.marks == (
        Mark("box-x", GRAVE),
        Mark("box-slash", HURT),
        Mark("box-slash", HURT),
        Mark("box", OFF),
        Mark("box", OFF),
    )
    assert found.figure == "2/5"


def test_each_severity_has_a_shape_of_its_own() -> None:
    found = draw("damage20th", {"total": 7, "bashing": 1, "lethal": 1, "aggravated": 1})
    assert [mark.symbol for mark in found.marks[:4]] == ["box-star", "box-x", "box-slash", "box"]


def test_stains_stand_at_the_end_of_humanity() -> None:
    assert states(draw("humanity", {"value": 6, "stains": 2})) == [ON] * 6 + [OFF] * 2 + [HURT] * 2


def test_points_of_a_pool_are_under_its_rating() -> None:
    found = draw("pool", {"total": 5, "current": 3}, path="willpower")
    assert [mark.symbol for mark in found.marks] == ["diamond"] * 5
    assert states(found) == [ON] * 3 + [OFF] * 2
    assert states(draw("pool", {"total": 3, "current": 5})) == [ON] * 5


def test_many_points_are_a_bar() -> None:
    found = draw("pool", {"total": 40, "current": 10})
    assert found.bar
    assert found.bar.filled == 25
    assert not found.marks


def test_a_rollover_shows_both_its_numbers() -> None:
    found = draw("rollover", {"permanent": 4, "temporary": 6})
    assert states(found).count(ON) == 4
    assert [mark.state for mark in found.more].count(ON) == 6


def test_the_wheel_holds_quintessence_at_one_end_and_paradox_at_the_other() -> None:
    slots = draw("wheel", {"quintessence": 8, "paradox": 5}).slots
    assert [slot.state for slot in slots] == [ON] * 8 + [OFF] * 7 + [GRAVE] * 5


def test_a_flag_shows_while_it_is_set() -> None:
    assert drawn(gauge("despair", "Despair", "flag", False)) is None
    assert draw("flag", True).marks


@pytest.mark.parametrize("value", [None, [], {}, "", {"total": "many"}, True, [1, [2]], {"total": -4}])
@pytest.mark.parametrize("kind", ["dots", "pool", "damage5th", "wheel", "humanity", "number", "unheard-of"])
def test_strange_values_draw_nothing_strange(kind: str, value: Json) -> None:
    found = drawn(gauge("trait", "Trait", kind, value))
    assert found is None or len(found.marks) <= 20


@pytest.mark.parametrize("splat", sorted(SPLATS))
def test_every_tracker_of_every_splat_is_drawn(splat: str) -> None:
    traits = SPLATS[splat].traits
    document = {slug: trait.start() for slug, trait in traits.items()}
    for each in gauges_of(traits, document):
        found = drawn(each)
        if each.value not in (False, "", None) and each.kind != "conditions":
            assert found, each.path
            assert found.marks or found.bar or found.slots or found.figure
        assert {mark.symbol for mark in (found.marks + found.more if found else ())} <= SYMBOLS


@pytest.mark.parametrize("kind", KINDS)
def test_every_verdict_has_words_a_seal_and_a_colour(kind: MomentKind) -> None:
    assert kind in VERDICTS
    assert f"seal-{kind}" in SYMBOLS
    assert f".m-{kind} {{" in STYLE.read_text()


def test_every_face_of_a_die_has_a_picture() -> None:
    shapes = {face.shape for face in vars(dice_faces).values() if isinstance(face, dice_faces.Face)}
    assert shapes == set(FACES)
    assert {f"face-{name}" for name in FACES.values()} <= SYMBOLS


def test_everything_used_is_in_the_sprite() -> None:
    html = "".join(
        part.html for part in parts(sample.scene(*KINDS, cast=7, conflict=True, title=True), Look(hold=90))
    )
    assert set(re.findall(r'href="#([\w-]+)"', html)) <= SYMBOLS
    assert '"#turn-current"' in html


def test_nobody_stands_on_stage_who_is_hidden_or_not_on_the_roster() -> None:
    scene = sample.scene("critical", cast=3)
    first, second, third = scene.roster
    scene = scene.model_copy(update={"roster": [third, first], "stage": StageState(hidden=[first])})
    found = parts(scene, Look(kind="scene"))
    assert order(found) == {"party": [f"c-{third}"]}
    assert not any("Night Owl" in part.html for part in found)
    assert str(second) not in "".join(part.html for part in found)


def test_the_cast_stands_in_the_order_of_the_roster_or_of_the_overlay() -> None:
    scene = sample.scene(cast=3)
    first, second, third = scene.roster
    assert order(parts(scene, Look(kind="party")))["party"] == [
        f"c-{each}" for each in (first, second, third)
    ]
    chosen = Look(kind="party", subjects=(third, first))
    assert order(parts(scene, chosen))["party"] == [f"c-{third}", f"c-{first}"]


def test_a_black_stage_is_empty() -> None:
    scene = sample.scene("critical", conflict=True, title=True)
    assert parts(scene.model_copy(update={"stage": StageState(blackout=True)}), Look()) == []


def test_each_kind_of_overlay_shows_its_own_area() -> None:
    scene = sample.scene("critical", conflict=True, title=True)
    for kind in ("party", "rolls", "conflict", "title", "ticker"):
        assert set(order(parts(scene, Look(kind=kind)))) == {kind}
    assert len(order(parts(scene, Look(kind="scene")))) == 5


def test_a_roll_comes_late_stays_and_goes() -> None:
    scene = sample.scene("critical")
    look = Look(kind="rolls", moment_delay=5, hold=8)

    def shown(seconds: float) -> bool:
        return bool(parts(scene.model_copy(update={"at": sample.NOW + timedelta(seconds=seconds)}), look))

    assert [shown(seconds) for seconds in (0, 4.9, 5, 12.9, 13)] == [False, False, True, True, False]


def test_names_cannot_break_out() -> None:
    scene = sample.scene("critical", cast=1)
    evil = '"><script>alert(1)</script>'
    character = scene.characters[0].model_copy(
        update={"name": evil, "player_name": evil, "theme": "red;}", "conditions": [evil]}
    )
    moment = scene.moments[0].model_copy(update={"name": evil})
    scene = scene.model_copy(update={"characters": [character], "moments": [moment]})
    html = "".join(part.html for part in parts(scene, Look()))
    assert "<script" not in html
    assert "red;}" not in html


def test_a_large_pool_shows_the_dice_that_matter() -> None:
    scene = sample.scene("critical")
    dice = [*scene.moments[0].dice, *[scene.moments[0].dice[4]] * 20]
    scene = scene.model_copy(update={"moments": [scene.moments[0].model_copy(update={"dice": dice})]})
    (part,) = parts(scene, Look(kind="rolls"))
    assert part.html.count('class="die ') == 12
    assert part.html.count("#face-skull") == 1
    assert "+14" in part.html


def test_parts_stand_where_the_campaign_or_the_overlay_puts_them() -> None:
    scene = sample.scene(cast=1)
    name = str(UUID(int=100))
    layout = {"medium": TierLayout(badges={name: Place(x=10, y=20)}, chips={name: Place(x=50, y=5.5)})}
    scene = scene.model_copy(update={"layout": layout})
    card, chips = parts(scene, Look(kind="party"))
    assert 'data-x="10" data-y="20"' in card.html
    assert 'data-x="50" data-y="5.5"' in chips.html
    assert "Frenzied" not in card.html
    own = Look(kind="party", places=TierLayout(badges={name: Place(x=90, y=1)}))
    assert 'data-x="90" data-y="1"' in parts(scene, own)[0].html
    assert "data-x" not in parts(scene, Look(kind="party", tier="large"))[0].html


def test_what_is_hidden_in_the_layout_is_not_drawn() -> None:
    scene = sample.scene("critical", cast=2, conflict=True, title=True)
    first = str(scene.roster[0])
    gone = Place(x=1, y=1, hidden=True)
    for name, keys in {
        first: {f"c-{first}"},
        "title": {"title"},
        "ticker": {"ticker"},
        "conflict": {"conflict"},
    }.items():
        look = Look(places=TierLayout(badges={name: gone}))
        assert {part.key for part in parts(scene, Look())} - {part.key for part in parts(scene, look)} == keys
    assert "rolls" not in order(parts(scene, Look(places=TierLayout(badges={"rolls": gone}))))
    without_chips = parts(scene, Look(places=TierLayout(chips={first: gone})))
    assert "Frenzied" not in "".join(part.html for part in without_chips)


def test_a_part_can_be_drawn_larger() -> None:
    scene = sample.scene(cast=1)
    look = Look(kind="party", places=TierLayout(badges={str(scene.roster[0]): Place(x=1, y=2, size=150)}))
    assert 'data-x="1" data-y="2" data-size="150"' in parts(scene, look)[0].html


def test_it_speaks_the_language_of_the_overlay() -> None:
    scene = sample.scene("critical", conflict=True)
    assert "⟦Round 3⟧" in "".join(part.html for part in parts(scene, Look(language="qps")))


def test_a_card_is_drawn_again_when_something_of_it_changed_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn_now: list[str] = []

    def render(template: str, context: dict[str, Any]) -> str:
        drawn_now.append(context["key"])
        return render_to_string(template, context)

    monkeypatch.setattr(pieces, "render_to_string", render)
    monkeypatch.setattr(pieces, "_known", {})
    scene, look = sample.scene(cast=3), Look(kind="party")
    first = parts(scene, look)
    assert parts(scene.model_copy(update={"seq": 2}), look) == first
    assert len(drawn_now) == 3
    hurt = scene.characters[1].model_copy(update={"conditions": ["Stunned"]})
    changed = scene.model_copy(update={"characters": [scene.characters[0], hurt, scene.characters[2]]})
    assert "Stunned" in parts(changed, look)[1].html
    assert drawn_now[3:] == [f"c-{hurt.id}"]
    assert "⟦" in parts(changed, Look(kind="party", language="qps"))[0].html


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 5)
    monkeypatch.setattr(pieces, "_known", {})
    for x in range(20):
        places = TierLayout(badges={str(UUID(int=100)): Place(x=x, y=1)})
        parts(sample.scene(cast=1), Look(kind="party", places=places))
    assert len(pieces._known) <= 5
