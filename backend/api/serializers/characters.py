"""Bodies and answers of the public API about characters."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from haven.serializers.shapes import (
    BriefCharacterOut,
    ChangeOut,
    CharacterOut,
    EventOut,
    OperationIn,
    SchemaOut,
)

__all__ = [
    "FILTERS",
    "HISTORY_QUERY",
    "ChangeOut",
    "ChangesIn",
    "CharacterIn",
    "CharacterOut",
    "CharactersOut",
    "ForIn",
    "HistoryOut",
    "MoveIn",
    "SchemaOut",
    "UndoIn",
    "VisibilityIn",
]

FILTERS = [
    OpenApiParameter("chronicle", str, description="Id"),
    OpenApiParameter("splat", str),
    OpenApiParameter("status", str, enum=["draft", "active", "dead", "archived"]),
    OpenApiParameter("search", str, description="Part of a name"),
    OpenApiParameter("own", str, description="1 for own characters only"),
    OpenApiParameter("deleted", str, description="1 for own deleted characters"),
]
HISTORY_QUERY = [
    OpenApiParameter("before", int, description="Version of the oldest event seen so far"),
    OpenApiParameter("limit", int, description="1 to 100"),
]


class CharacterIn(serializers.Serializer):
    splat = serializers.CharField()
    name = serializers.CharField(max_length=50)
    chronicle = serializers.CharField(allow_null=True, required=False)
    changes = OperationIn(many=True, required=False)


class ForIn(serializers.Serializer):
    player = serializers.UUIDField(
        required=False, help_text="The character's player, for whom a storyteller does it"
    )


class ChangesIn(ForIn):
    changes = OperationIn(many=True)
    base_version = serializers.IntegerField(allow_null=True, required=False)


class UndoIn(ForIn):
    event = serializers.CharField(allow_null=True, required=False)


class MoveIn(ForIn):
    chronicle = serializers.UUIDField()


class VisibilityIn(ForIn):
    trait = serializers.CharField()
    level = serializers.ChoiceField(["public", "table", "private", "secret"])


class CharactersOut(serializers.Serializer):
    results = BriefCharacterOut(many=True)


class HistoryOut(serializers.Serializer):
    events = EventOut(many=True)
