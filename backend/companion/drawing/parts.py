"""A scene as parts of a page: each a piece of HTML with a key. The page and its socket send the same pieces.

So the first painted frame and every later one come from the same templates, and the page's script only puts pieces in
the place of others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from companion.drawing.gauges import Drawn, armour, drawn, hit_points
from companion.drawing.look import Area, Look
from companion.drawing.pieces import piece
from contract.stage import Moment, Place, Scene, StageCharacter, StageDie
from contract.translation import N_, _, n_, speaking

# Of a large pool the dice that matter most; the rest is a number.
MOST_DICE = 12
MOST_MOMENTS = 3
TICKER_ITEMS = 12
FACES = {
    "◇": "lost",
    "◆": "won",
    "✦": "ten",
    "○": "hungry-lost",
    "●": "hungry-won",
    "✹": "hungry-ten",
    "☠": "skull",
    "✖": "cross",
    "▼": "brutal",
    "▽": "raging-lost",
    "▲": "raging-won",
    "☾": "nightmare",
    "·": "dropped",
}
VERDICTS = {
    "messy_critical": N_("Messy critical"),
    "critical": N_("Critical win"),
    "bestial_failure": N_("Bestial failure"),
    "total_failure": N_("Total failure"),
    "botch": N_("Botch"),
    "exceptional_success": N_("Exceptional success"),
    "success": N_("Success"),
    "failure": N_("Failure"),
}
# In this order they may be left out.
WEIGHT = ("dropped", "lost", "hungry-lost", "raging-lost", "won", "hungry-won", "raging-won", "")
SPECIAL = ("hunger", "rage", "desperation", "nightmare")


class Part(NamedTuple):
    """`place`: where it stands, if it was put somewhere."""

    key: str
    area: str
    html: str
    place: Place | None = None


class Die(NamedTuple):
    value: int
    kind: str
    face: str
    body: str


def parts(scene: Scene, look: Look) -> list[Part]:
    """Return what an overlay shows of a scene, in order; nothing while it is black."""
    if scene.stage.blackout:
        return []
    with speaking(look.language):
        return [
            Part(key, area, piece(f"stage/{template}.html", context | {"key": key}), context.get("place"))
            for area in look.areas
            for key, template, context in AREAS[area](scene, look)
            if not is_hidden(context.get("place"))
        ]


def is_hidden(place: Place | None) -> bool:
    return place is not None and bool(place.hidden)


# Key, template, context.
Pieces = Iterator[tuple[str, str, dict[str, Any]]]


def _party(scene: Scene, look: Look) -> Pieces:
    chips = look.layout(scene).chips
    for character in look.cast(scene):
        key, chips_key, name = f"c-{character.id}", f"chips-{character.id}", str(character.id)
        context = {
            "character": character,
            "line": line(character),
            "gauges": gauges(character),
            "place": look.badge(scene, name),
            "chips": chips.get(name),
        }
        yield key, "card", context
        if name in chips and character.conditions:
            placed = {"names": character.conditions, "place": chips[name]}
            yield chips_key, "chips", placed


def line(character: StageCharacter) -> str:
    """What stands under a name: class and race of a fantasy game, else the splat; and who plays."""
    what = " ".join(filter(None, (character.race, character.class_))) or _(character.splat_label)
    return " · ".join(filter(None, (what, character.player_name)))


def gauges(character: StageCharacter) -> list[Drawn]:
    stats = character.stats
    paths = {gauge.path for gauge in stats.gauges}
    found = [hit_points(stats.hp)] if stats.hp and "hp" not in paths else []
    found += [armour(stats.ac)] if stats.ac is not None and "ac" not in paths else []
    return found + [one for gauge in stats.gauges if (one := drawn(gauge))]


def _rolls(scene: Scene, look: Look) -> Pieces:
    """The newest rolls that have come and are not over yet, the newest last. They stand together."""
    if is_hidden(look.badge(scene, "rolls")):
        return
    for moment in _come(scene, look)[-MOST_MOMENTS:]:
        left = look.hold - seconds_since(scene, look, moment)
        if left > 0:
            # Shown again it comes anew.
            key = f"m-{moment.id}-{moment.at.timestamp():.0f}"
            yield key, "moment", _moment(look, moment, left)


def _come(scene: Scene, look: Look) -> list[Moment]:
    """The rolls that the overlay has shown or shows now, the newest last."""
    hidden = set(scene.stage.hidden)
    shown = [
        moment
        for moment in scene.moments
        if look.shows(moment.character)
        and moment.character not in hidden
        and seconds_since(scene, look, moment) >= 0
    ]
    return sorted(shown, key=lambda moment: moment.at)


def seconds_since(scene: Scene, look: Look, moment: Moment) -> float:
    """How long ago a roll came on screen; below zero before it does."""
    return (scene.at - moment.at) / timedelta(seconds=1) - look.moment_delay


def _moment(look: Look, moment: Moment, left: float) -> dict[str, Any]:
    dice = [die(each) for each in moment.dice]
    shown = sorted(range(len(dice)), key=lambda at: _weight(dice[at]), reverse=True)[:MOST_DICE]
    return {
        "moment": moment,
        "verdict": _(VERDICTS[moment.kind]),
        "successes": _successes(moment),
        "dice": [dice[at] for at in sorted(shown)],
        "more": len(dice) - len(shown),
        "left": round(left * 1000),
        "is_aged": left < look.hold - 1,
    }


def _successes(moment: Moment) -> str:
    """How many, where it is no failure: there it says nothing that the verdict does not; and any total."""
    if moment.total is not None:
        return str(moment.total)
    return n_("{count} success", "{count} successes", moment.successes) if moment.successes else ""


def die(thrown: StageDie) -> Die:
    body = "special" if thrown.kind in SPECIAL else {6: "six", 10: "ten"}.get(thrown.sides, "many")
    return Die(thrown.value, thrown.kind, FACES.get(thrown.shape, ""), body)


def _weight(die: Die) -> int:
    return WEIGHT.index(die.face) if die.face in WEIGHT else len(WEIGHT)


def _title(scene: Scene, look: Look) -> Pieces:
    card, episode = scene.stage.title_card, scene.episode
    if card is None:
        return
    over = _("Episode {number}", number=episode.number) if episode and episode.number else ""
    context = {"over": over, "title": card.title, "under": card.text or scene.campaign.name}
    yield "title", "title", context | {"place": look.badge(scene, "title")}


def _ticker(scene: Scene, look: Look) -> Pieces:
    items = [
        {"key": f"t-{moment.id}", "text": f"{moment.name}: {_(VERDICTS[moment.kind])}"}
        for moment in _come(scene, look)[-TICKER_ITEMS:]
    ]
    if not items:
        return
    length = sum(len(item["text"]) + 4 for item in items)
    context = {"items": items, "head": _("So far"), "size": min(9, 1 + length // 60)}
    yield "ticker", "ticker", context | {"place": look.badge(scene, "ticker")}


def _conflict(scene: Scene, look: Look) -> Pieces:
    if scene.conflict is None:
        return
    context = {
        "conflict": scene.conflict,
        "round": _("Round {number}", number=scene.conflict.round),
        "place": look.badge(scene, "conflict"),
    }
    yield "conflict", "conflict", context


AREAS: Mapping[Area, Callable[[Scene, Look], Pieces]] = {
    "party": _party,
    "rolls": _rolls,
    "conflict": _conflict,
    "title": _title,
    "ticker": _ticker,
}


def order(found: Sequence[Part]) -> dict[str, list[str]]:
    """Return the keys of each area, in order."""
    areas: dict[str, list[str]] = {}
    for part in found:
        areas.setdefault(part.area, []).append(part.key)
    return areas
