"""Every frame of the gateway (docs/GATEWAY.md) and the JSON schema of them all.

Frames from clients are parsed into their models. Frames from the server are built as dicts and encoded once for all
their viewers; the models are what they must look like, and the tests hold every frame against the schema.
"""

import json
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contract.bridge_frames import BridgedMessage, BridgedPlaces
from contract.chat_frames import FromRooms
from contract.client_frames import ClientFrame, FromClient
from contract.feed_frames import (
    Announcement,
    ConflictMessage,
    Digest,
    EditionsPlayed,
    EpisodeMessage,
    NotificationOffer,
    RequestMessage,
    RollFrame,
    Tracker,
)
from contract.server_frames import (
    Arrived,
    Changed,
    CharacterReplaced,
    Error,
    HeartbeatAnswer,
    Hello,
    Notice,
    PointsAdded,
    PresenceOfMany,
    PresenceOfOne,
    Resync,
    Rights,
    Sheet,
    Snapshot,
    Sparse,
    Synced,
)

ForViewers = (
    Hello
    | HeartbeatAnswer
    | Snapshot
    | Synced
    | Arrived
    | Changed
    | Notice
    | CharacterReplaced
    | Sheet
    | Resync
    | PresenceOfOne
    | PresenceOfMany
    | PointsAdded
    | Rights
    | Error
)
ForDiscord = (
    Tracker
    | RollFrame
    | RequestMessage
    | EpisodeMessage
    | Announcement
    | ConflictMessage
    | NotificationOffer
    | Digest
    | EditionsPlayed
    | BridgedPlaces
    | BridgedMessage
)
FromServer = ForViewers | FromRooms | ForDiscord


class _FrameSchema(GenerateJsonSchema):
    """Stricter than the models, which let unknown fields pass so that an older process reads a newer one's frames."""

    _is_sparse = False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = schema["schema"]
        if self._is_sparse and inner["type"] == "nullable":
            return self.generate_inner(inner["schema"])
        return super().default_schema(schema)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        outer, self._is_sparse = self._is_sparse, issubclass(schema["cls"], Sparse | ClientFrame)
        described = {"additionalProperties": False} | super().model_schema(schema)
        self._is_sparse = outer
        return described


def schema() -> dict[str, Any]:
    """The JSON schema of all frames; `$defs` has one for each side, `server` and `client`."""
    sides: dict[str, TypeAdapter[Any]] = {
        "server": TypeAdapter(FromServer),
        "client": TypeAdapter(FromClient),
    }
    inputs: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = [
        (name, "validation", adapter) for name, adapter in sides.items()
    ]
    by_side, whole = TypeAdapter.json_schemas(inputs, schema_generator=_FrameSchema)
    whole["$defs"] |= {name: by_side[name, "validation"] for name in sides}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Frames of the gateway (docs/GATEWAY.md)",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in sides],
        **whole,
    }


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
