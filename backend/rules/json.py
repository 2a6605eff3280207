"""What JSON can hold."""

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
JsonObject: TypeAlias = dict[str, Json]
# Where it is read alone, so that narrower values fit too.
JsonMapping: TypeAlias = Mapping[str, Json]
