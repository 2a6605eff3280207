"""How high a trait goes, where another trait says so: those of a vampire by the generation."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.traits.base import Draft, Json


@dataclass(frozen=True)
class Roof:
    """`by` is the slug of the trait that decides, `table` the highest rating by its value, else `otherwise`."""

    by: str
    table: Mapping[int, int]
    otherwise: int

    @property
    def most(self) -> int:
        return max(self.otherwise, *self.table.values())

    def of(self, value: Json) -> int:
        return self.table.get(value, self.otherwise)

    def lowered(self, draft: Draft) -> bool:
        """Whether this change moved what decides. What stands above the new roof stays until it falls."""
        return bool(draft.read(self.by) != draft.before.get(self.by))
