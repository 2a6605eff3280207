"""What the API for shows may change of a character: names, `stats` as it reads them, and two kinds of events."""

from typing import Annotated

from pydantic import AliasChoices, ConfigDict, Field

from contract.base import Flag, Input, Json, Whole

MAX_GAUGES = 60
MAX_CONDITIONS = 30
Word = Annotated[str, Field(max_length=100)]
Path = Annotated[
    str, Field(min_length=1, max_length=100, description="A trait or a part of one: health.lethal")
]
Points = Annotated[Whole, Field(ge=-100_000, le=100_000)]


class HitPointsChange(Input):
    """What is left out stays as it is."""

    current: Points | None = None
    max: Points | None = None
    temporary: Points | None = None


class GaugeChange(Input):
    """A gauge as it was read, with another value; what else was read with it may stand beside."""

    path: Path
    value: Json
    label: Word = ""
    kind: Word = ""
    max: Whole | None = None


class StatsChange(Input):
    """What is left out stays as it is. `hp` may be the number of points that are left; `conditions` are all of them.

    `gauges` are those that were read, or values by path.
    """

    hp: Points | HitPointsChange | None = None
    ac: Points | None = None
    abilities: Annotated[dict[Word, Points], Field(max_length=MAX_GAUGES)] = {}
    conditions: Annotated[list[Word], Field(max_length=MAX_CONDITIONS)] | None = None
    gauges: (
        Annotated[dict[Path, Json], Field(max_length=MAX_GAUGES)]
        | Annotated[list[GaugeChange], Field(max_length=MAX_GAUGES)]
    ) = {}

    def values(self) -> dict[str, Json]:
        """The gauges' values by path."""
        if isinstance(self.gauges, dict):
            return self.gauges
        return {gauge.path: gauge.value for gauge in self.gauges}


class StageChange(Input):
    """What is to change of a character. `class` is what its splat has for one: a clan, a tribe."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: Word | None = None
    player_name: Word | None = None
    class_: Annotated[Word | None, Field(alias="class")] = None
    race: Word | None = None
    stats: StatsChange = StatsChange()


class PointsChange(Input):
    """The data of `hp_change`: so many points more or less, or how many there are then.

    `path` names another gauge than the hit points; `damage` what kind it is, where the gauge knows kinds.
    """

    path: Path | None = None
    delta: Points | None = None
    value: Annotated[Points | None, Field(validation_alias=AliasChoices("value", "hp"))] = None
    damage: Annotated[Word, Field(validation_alias=AliasChoices("damage", "damage_type"))] = ""


class ConditionChange(Input):
    """The data of `condition`: it begins, or ends."""

    condition: Annotated[
        Annotated[str, Field(min_length=1, max_length=50)],
        Field(validation_alias=AliasChoices("condition", "name")),
    ]
    on: Flag = True
