"""A scene as parts of the campaign's page: the page, its socket and the slider of a recording send the same pieces."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from companion.drawing.parts import VERDICTS, Die, Part, die, gauges, line
from companion.drawing.pieces import piece
from contract.stage import Moment, Scene, StageCharacter
from contract.translation import _, n_, speaking

# Of each area its pieces in order; an area without any is empty on the page.
AREAS = ("air", "cast", "others", "conflict", "log")
MOST_DICE = 15
WON = ("won", "ten", "hungry-won", "hungry-ten", "raging-won")
Pieces = Iterator[tuple[str, str, dict[str, Any]]]


def page_parts(scene: Scene, language: str) -> list[Part]:
    """Return what everybody may see of a scene, the newest rolls first; while it is black, that it is."""
    with speaking(language):
        return [
            Part(key, area, piece(f"page/{template}.html", context | {"key": key}))
            for area in AREAS
            for key, template, context in DRAWN[area](scene)
        ]


def _air(scene: Scene) -> Pieces:
    if scene.stage.blackout:
        yield "dark", "dark", {}
    elif scene.episode is not None:
        episode = scene.episode
        number = _("Episode {number}", number=episode.number) if episode.number else _("Episode")
        yield f"e-{episode.id}", "air", {"number": number, "episode": episode}


def _cast(scene: Scene) -> Pieces:
    on = set(scene.roster)
    shown = [character for character in _seen(scene) if character.id in on]
    for character in shown:
        yield f"c-{character.id}", "card", _card(character)
    if not shown and not scene.stage.blackout:
        yield "nobody", "nobody", {}


def _others(scene: Scene) -> Pieces:
    """Who is known, and does not play just now."""
    on = set(scene.roster)
    for character in _seen(scene):
        if character.id not in on:
            yield f"o-{character.id}", "card", _card(character) | {"is_small": True}


def _seen(scene: Scene) -> list[StageCharacter]:
    if scene.stage.blackout:
        return []
    hidden = set(scene.stage.hidden)
    return [character for character in scene.characters if character.id not in hidden]


def _card(character: StageCharacter) -> dict[str, Any]:
    return {"character": character, "line": line(character), "gauges": gauges(character)}


def _conflict(scene: Scene) -> Pieces:
    if scene.conflict is None or scene.stage.blackout:
        return
    hidden = set(scene.stage.hidden)
    turns = [turn for turn in scene.conflict.turns if turn.character not in hidden]
    round = _("Round {number}", number=scene.conflict.round)
    yield "conflict", "conflict", {"conflict": scene.conflict, "turns": turns, "round": round}


def _log(scene: Scene) -> Pieces:
    hidden = set(scene.stage.hidden)
    shown = [] if scene.stage.blackout else [each for each in scene.moments if each.character not in hidden]
    for moment in reversed(shown):
        yield f"m-{moment.id}", "roll", _roll(moment)


def _roll(moment: Moment) -> dict[str, Any]:
    count = moment.successes
    return {
        "moment": moment,
        "verdict": _(VERDICTS[moment.kind]),
        "successes": n_("{count} success", "{count} successes", count) if count else "",
        "dice": [_thrown(die(each)) for each in moment.dice[:MOST_DICE]],
        "more": max(0, len(moment.dice) - MOST_DICE),
    }


def _thrown(shown: Die) -> dict[str, object]:
    """`looks`: whether it is one of Hunger, Rage and the like, and whether it counts."""
    looks = ["special"] * (shown.body == "special") + ["won"] * (shown.face in WON)
    return {"value": shown.value, "body": shown.body, "looks": " ".join(looks)}


DRAWN: Mapping[str, Callable[[Scene], Pieces]] = {
    "air": _air,
    "cast": _cast,
    "others": _others,
    "conflict": _conflict,
    "log": _log,
}
