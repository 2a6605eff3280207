"""A scene to look at before anything is on air: one character of each kind of sheet, and rolls of every outcome."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from contract.base import Json
from contract.stage import (
    Gauge,
    HitPoints,
    Moment,
    MomentKind,
    Scene,
    StageCampaign,
    StageCharacter,
    StageConflict,
    StageDie,
    StageEpisode,
    StageState,
    StageTurn,
    Stats,
    TitleCard,
)

NOW = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
CAMPAIGN = UUID(int=1)


def gauge(path: str, label: str, kind: str, value: Json, most: int | None = None) -> Gauge:
    return Gauge(path=path, label=label, kind=kind, value=value, max=most)


def damage(total: int, superficial: int, aggravated: int) -> Json:
    return {"total": total, "superficial": superficial, "aggravated": aggravated}


def levels(bashing: int, lethal: int, aggravated: int) -> Json:
    return {"total": 7, "bashing": bashing, "lethal": lethal, "aggravated": aggravated}


GAUGES: dict[str, list[Gauge]] = {
    "vampire5th": [
        gauge("hunger", "Hunger", "counter", 3, 5),
        gauge("health", "Health", "damage5th", damage(7, 2, 1)),
        gauge("willpower", "Willpower", "damage5th", damage(6, 2, 0)),
        gauge("humanity", "Humanity", "humanity", {"value": 6, "stains": 2}),
    ],
    "werewolf5th": [
        gauge("rage", "Rage", "counter", 4, 5),
        gauge("health", "Health", "damage5th", damage(8, 3, 2)),
        gauge("willpower", "Willpower", "damage5th", damage(5, 1, 0)),
        gauge("form", "Form", "choice", "Crinos"),
    ],
    "hunter5th": [
        gauge("desperation", "Desperation", "counter", 3, 5),
        gauge("danger", "Danger", "counter", 4, 5),
        gauge("health", "Health", "damage5th", damage(5, 0, 4)),
        gauge("despair", "Despair", "flag", True),
    ],
    "vampire20th": [
        gauge("blood", "Blood", "pool", {"total": 15, "current": 9}),
        gauge("health", "Health", "damage20th", levels(2, 1, 1)),
        gauge("willpower", "Willpower", "pool", {"total": 7, "current": 4}),
        gauge("morality", "Path of Night", "counter", 5, 10),
    ],
    "mage20th": [
        gauge("arete", "Arete", "dots", 3, 10),
        gauge("wheel", "Quintessence and Paradox", "wheel", {"quintessence": 8, "paradox": 5}),
        gauge("health", "Health", "damage20th", levels(3, 0, 0)),
        gauge("willpower", "Willpower", "pool", {"total": 6, "current": 6}),
    ],
    "changeling20th": [
        gauge("glamour", "Glamour", "pool", {"total": 6, "current": 3}),
        gauge("banality", "Banality", "rollover", {"permanent": 4, "temporary": 6}),
        gauge("nightmare", "Nightmare", "rollover", {"permanent": 1, "temporary": 3}),
        gauge("health", "Health", "damage20th", levels(0, 0, 0)),
    ],
    "fantasy": [gauge("level", "Level", "number", 7)],
}
CAST: tuple[tuple[str, str, str, str, str, list[str]], ...] = (
    ("Night Owl", "Mira", "vampire5th", "Vampire", "#a3152f", ["Frenzied"]),
    ("Runs-With-Thunder", "Jonas", "werewolf5th", "Werewolf", "#2f7d4f", []),
    ("Sister Agnes", "Priya", "hunter5th", "Hunter", "#c98a1b", ["Bleeding", "Hunted"]),
    ("Lucian de Rochefort", "Sam", "vampire20th", "Vampire", "#5b2a86", []),
    ("Dr. Imogen Vale", "Alex", "mage20th", "Mage", "#1f6fb2", []),
    ("Puck Thistledown", "Noor", "changeling20th", "Changeling", "#c2418f", ["Enchanted"]),
    ("Thorin Ashfist", "Kit", "fantasy", "Fantasy", "#7a6a53", ["Poisoned", "Prone"]),
)
HAND = (
    (10, "regular", "✦"),
    (10, "hunger", "✹"),
    (8, "regular", "◆"),
    (6, "hunger", "●"),
    (3, "regular", "◇"),
    (1, "hunger", "☠"),
)


def character(number: int) -> StageCharacter:
    name, player, splat, label, theme, conditions = CAST[number]
    is_fantasy = splat == "fantasy"
    stats = Stats(
        hp=HitPoints(current=31, max=52, temporary=6) if is_fantasy else None,
        ac=18 if is_fantasy else None,
        conditions=conditions or None,
        gauges=GAUGES[splat],
    )
    return StageCharacter.model_validate(
        {
            "id": UUID(int=100 + number),
            "campaign_id": CAMPAIGN,
            "name": name,
            "player_name": player,
            "class": "Paladin" if is_fantasy else "",
            "race": "Dwarf" if is_fantasy else "",
            "splat": splat,
            "splat_label": label,
            "edition": splat[-4:] if not is_fantasy else splat,
            "theme": theme,
            "status": "active",
            "stats": stats,
            "conditions": conditions,
            "portrait_url": None,
            "background_url": None,
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }
    )


def moment(kind: MomentKind, number: int = 0, seconds: float = 0) -> Moment:
    dice = [
        StageDie(value=value, kind=die_kind, sides=10, shape=shape, word="")
        for value, die_kind, shape in HAND
    ]
    return Moment(
        id=UUID(int=200 + number),
        character=UUID(int=100 + number % len(CAST)),
        name=CAST[number % len(CAST)][0],
        kind=kind,
        title="Strength + Brawl",
        dice=dice,
        successes=6 if "success" in kind or "critical" in kind else 0,
        at=NOW - timedelta(seconds=seconds),
    )


def scene(
    *kinds: MomentKind, cast: int = 4, conflict: bool = False, title: bool = False, seconds: float = 0
) -> Scene:
    """Return a scene with so many characters and these rolls on screen."""
    characters = [character(number) for number in range(cast)]
    turns = [
        StageTurn(name=each.name, character=each.id, state=state)
        for each, state in zip(characters, ("done", "current", "waiting", "waiting"), strict=False)
    ]
    turns.insert(2, StageTurn(name="Second Inquisition", character=None, state="declared"))
    return Scene(
        seq=1,
        at=NOW,
        campaign=StageCampaign(id=CAMPAIGN, slug="city-of-ash", name="City of Ash", description=""),
        episode=StageEpisode(id=UUID(int=2), number=12, title="The Red Ledger", started_at=NOW),
        roster=[each.id for each in characters],
        characters=characters,
        moments=[moment(kind, number, seconds) for number, kind in enumerate(kinds)],
        conflict=(
            StageConflict(
                id=UUID(int=3), kind="initiative", title="Ambush at the docks", round=3, turns=turns
            )
            if conflict
            else None
        ),
        layout={},
        stage=StageState(title_card=TitleCard(title="The Red Ledger") if title else None),
    )
