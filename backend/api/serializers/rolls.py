"""Bodies and queries of the public API about rolls; the answers are in `rolls.shapes`."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.serializers.characters import ForIn

ROLLS_QUERY = [
    OpenApiParameter("chronicle", str, description="Id"),
    OpenApiParameter("character", str, description="Id"),
    OpenApiParameter("before", str, description="Id of the oldest roll seen so far"),
    OpenApiParameter("limit", int, description="1 to 50"),
]
ROLL_QUERY = [OpenApiParameter("dice", str, description="Indexes, as 0,2: what rolling these again would do")]
POOL_QUERY = [
    OpenApiParameter("character", str, description="Id"),
    OpenApiParameter("q", str, description="What was typed so far"),
]
LUCK_QUERY = [
    OpenApiParameter("character", str, description="Id"),
    OpenApiParameter("player", str, description="Id; one's own if neither is named"),
    OpenApiParameter("chronicle", str, description="Id; with `everyone`, of all its players"),
    OpenApiParameter("everyone", str, description="1 for all players of the chronicle"),
    OpenApiParameter("days", int, description="So many days back"),
    OpenApiParameter("since", str, description="ISO 8601"),
    OpenApiParameter("until", str, description="ISO 8601"),
]
MACROS_QUERY = [
    OpenApiParameter("character", str, required=True, description="Id"),
    OpenApiParameter("q", str, description="Part of a name"),
]
REQUESTS_QUERY = [OpenApiParameter("chronicle", str, required=True, description="Id")]


class WhoRollsIn(ForIn):
    character = serializers.CharField(
        allow_null=True, required=False, help_text="Id; null for nobody's sheet"
    )
    chronicle = serializers.CharField(
        allow_null=True, required=False, help_text="Id; where nobody's sheet rolls"
    )
    name = serializers.CharField(max_length=50, required=False)
    visibility = serializers.ChoiceField(["public", "storyteller", "private"], required=False)
    note = serializers.CharField(max_length=300, required=False)


class RollIn(WhoRollsIn):
    system = serializers.ChoiceField(["v5", "w5", "h5", "wod20", "cod", "general"], required=False)
    pool = serializers.JSONField(help_text="A number, or text")
    options = serializers.DictField(required=False)
    hide_difficulty = serializers.BooleanField(required=False)


class CheckIn(WhoRollsIn):
    check = serializers.CharField()
    options = serializers.DictField(required=False)
    roll = serializers.CharField(allow_null=True, required=False)


class RerollIn(ForIn):
    strategy = serializers.CharField(required=False)
    dice = serializers.ListField(child=serializers.IntegerField(), required=False)


class ChooseIn(ForIn):
    choice = serializers.ChoiceField(["overreach", "despair", "brutal_gain"])


class StrikeIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False)
    undo = serializers.BooleanField(required=False)


class MacroChangeIn(serializers.Serializer):
    name = serializers.CharField(max_length=50, required=False)
    pool = serializers.JSONField(required=False, help_text="A number, or text")
    system = serializers.CharField(required=False)
    options = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False)
    shared = serializers.BooleanField(required=False)


class MacroIn(MacroChangeIn):
    character = serializers.CharField()


class RunMacroIn(serializers.Serializer):
    pool = serializers.JSONField(required=False)
    options = serializers.DictField(required=False)
    visibility = serializers.ChoiceField(["public", "storyteller", "private"], required=False)
    hide_difficulty = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=300, required=False)


class CopyMacroIn(serializers.Serializer):
    character = serializers.CharField()


class RequestIn(serializers.Serializer):
    chronicle = serializers.CharField()
    players = serializers.ListField(child=serializers.CharField(), help_text="Ids of users")
    pool = serializers.JSONField(required=False, allow_null=True)
    system = serializers.CharField(required=False, allow_null=True)
    options = serializers.DictField(required=False)
    text = serializers.CharField(max_length=200, required=False)
    hide_difficulty = serializers.BooleanField(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=10080)


class AnswerIn(serializers.Serializer):
    character = serializers.CharField(allow_null=True, required=False)
    system = serializers.CharField(required=False, allow_null=True)
    pool = serializers.JSONField(required=False, allow_null=True)
    options = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False)
