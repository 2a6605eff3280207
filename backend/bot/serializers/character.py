"""Bodies and answers about characters."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from bot.serializers.server import ActingIn
from haven.serializers.shapes import CardOut, ChangeOut, CharacterOut, EventOut, OperationIn, SchemaOut

__all__ = [
    "NAMES_QUERY",
    "TRAITS_QUERY",
    "AvatarIn",
    "ChangeOut",
    "ChangesIn",
    "CharacterIn",
    "DefaultIn",
    "DefaultOut",
    "HistoryIn",
    "HistoryOut",
    "LookOut",
    "NamedCharacterIn",
    "NamesOut",
    "SchemaOut",
    "TraitsOut",
    "UndoIn",
]

_WHO = [
    OpenApiParameter("actor", str, required=True, description="Discord id of who asks"),
    OpenApiParameter("guild", str, description="Discord id of the guild"),
    OpenApiParameter(
        "channel_id", str, description="Discord id of the channel: what is played there comes first"
    ),
    OpenApiParameter("q", str, description="What was typed so far"),
]
NAMES_QUERY = [
    *_WHO,
    OpenApiParameter("splat", str, description="Slugs, separated by commas"),
    OpenApiParameter("player", str, description="Discord id of a player, for storytellers"),
    OpenApiParameter("deleted", str, description="1 for deleted ones"),
    OpenApiParameter("page", int, description="Pages of 25, from 0"),
]
TRAITS_QUERY = [*_WHO, OpenApiParameter("character", str, description="Id or name; none for the default")]


class CharacterIn(ActingIn):
    splat = serializers.CharField()
    name = serializers.CharField(max_length=50)
    changes = OperationIn(many=True, required=False)


class NamedCharacterIn(ActingIn):
    character = serializers.CharField(allow_null=True, help_text="Id or name; null for the default")
    player = serializers.CharField(allow_null=True, required=False)
    splat = serializers.CharField(allow_null=True, required=False)


class ChangesIn(NamedCharacterIn):
    changes = OperationIn(many=True)
    base_version = serializers.IntegerField(allow_null=True, required=False)


class UndoIn(NamedCharacterIn):
    event = serializers.CharField(allow_null=True, required=False)


class HistoryIn(NamedCharacterIn):
    before = serializers.IntegerField(allow_null=True, required=False)
    limit = serializers.IntegerField(required=False)


class DefaultIn(NamedCharacterIn):
    clear = serializers.BooleanField(required=False)


class AvatarIn(NamedCharacterIn):
    url = serializers.URLField()


class NameOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    splat = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own
    owner = serializers.DictField()


class NamesOut(serializers.Serializer):
    results = NameOut(many=True)
    total = serializers.IntegerField()


class LookOut(serializers.Serializer):
    character = CharacterOut()
    card = CardOut()
    chosen = serializers.CharField(required=False)
    text_mode = serializers.BooleanField(required=False)


class NamedOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class HistoryOut(serializers.Serializer):
    character = NamedOut()
    events = EventOut(many=True)


class DefaultOut(serializers.Serializer):
    default = NamedOut(allow_null=True)
    scope = serializers.ChoiceField(["server", "none"])


class TraitOut(serializers.Serializer):
    path = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own
    now = serializers.CharField()


class TraitsOut(serializers.Serializer):
    results = TraitOut(many=True)
