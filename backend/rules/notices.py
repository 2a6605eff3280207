"""What people should know beside a change: a code with its data. The sentence is made where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.json import JsonObject


@dataclass(frozen=True)
class Notice:
    """JSON: `{"code", "data"}`. The sentences stand in `contract.notices`, by code."""

    code: str
    data: Mapping[str, int | str]

    def as_json(self) -> JsonObject:
        return {"code": self.code, "data": dict(self.data)}


def notice(code: str, **data: int | str) -> Notice:
    return Notice(code, data)
