"""Bodies about rolls; the answers are in `rolls.shapes`."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from bot.serializers.server import ActingIn
from rolls.shapes import LuckOut, OddsOut

_WHO = [
    OpenApiParameter("actor", str, required=True, description="Discord id of who asks"),
    OpenApiParameter("guild", str, description="Discord id of the guild"),
    OpenApiParameter(
        "channel_id", str, description="Discord id of the channel: what is played there comes first"
    ),
    OpenApiParameter("character", str, description="Id or name; none for the default"),
    OpenApiParameter("q", str, description="What was typed so far"),
]
POOL_QUERY = _WHO
MACROS_QUERY = [*_WHO, OpenApiParameter("shared", str, description="1 for those that others share")]


class WhoRollsIn(ActingIn):
    character = serializers.JSONField(
        allow_null=True, required=False, help_text="Id or name; null for the default, false for nobody"
    )
    player = serializers.CharField(allow_null=True, required=False)
    name = serializers.CharField(max_length=50, required=False)
    visibility = serializers.ChoiceField(["public", "storyteller", "private"], required=False)
    note = serializers.CharField(max_length=300, required=False)


class RollIn(WhoRollsIn):
    system = serializers.ChoiceField(["v5", "w5", "h5", "wod20", "cod", "general"], required=False)
    pool = serializers.JSONField(help_text="A number, or text")
    options = serializers.DictField(required=False)
    hide_difficulty = serializers.BooleanField(required=False)


class OddsIn(RollIn):
    chart = serializers.BooleanField(required=False)


class ChartedOddsOut(OddsOut):
    chart = serializers.CharField(allow_null=True, help_text="A PNG in base64; null unless asked for")


class CheckIn(WhoRollsIn):
    check = serializers.CharField()
    options = serializers.DictField(required=False)
    roll = serializers.CharField(allow_null=True, required=False)


class NamedRollIn(ActingIn):
    roll = serializers.CharField()


class LookRollIn(NamedRollIn):
    dice = serializers.ListField(child=serializers.IntegerField(), required=False)


class RerollIn(NamedRollIn):
    strategy = serializers.CharField(required=False)
    dice = serializers.ListField(child=serializers.IntegerField(), required=False)


class ChooseIn(NamedRollIn):
    choice = serializers.ChoiceField(["overreach", "despair", "brutal_gain"])


class StrikeIn(NamedRollIn):
    reason = serializers.CharField(max_length=300, required=False)
    undo = serializers.BooleanField(required=False)


class LuckIn(ActingIn):
    character = serializers.CharField(allow_null=True, required=False)
    player = serializers.CharField(allow_null=True, required=False)
    everyone = serializers.BooleanField(required=False)
    days = serializers.IntegerField(required=False, min_value=1, max_value=3650)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    chart = serializers.BooleanField(required=False)


class ChartedLuckOut(LuckOut):
    chart = serializers.CharField(allow_null=True, help_text="A PNG in base64; null unless asked for")


class MacroIn(ActingIn):
    character = serializers.CharField(allow_null=True, required=False)
    name = serializers.CharField(max_length=50)
    pool = serializers.JSONField(help_text="A number, or text")
    system = serializers.CharField(required=False)
    options = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False)
    shared = serializers.BooleanField(required=False)


class NamedMacroIn(ActingIn):
    macro = serializers.CharField(help_text="Id, or name with `character`")
    character = serializers.CharField(allow_null=True, required=False)


class MacroChangeIn(NamedMacroIn):
    name = serializers.CharField(max_length=50, required=False)
    pool = serializers.JSONField(required=False)
    system = serializers.CharField(required=False)
    options = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False)
    shared = serializers.BooleanField(required=False)


class RunMacroIn(NamedMacroIn):
    pool = serializers.JSONField(required=False)
    options = serializers.DictField(required=False)
    visibility = serializers.ChoiceField(["public", "storyteller", "private"], required=False)
    hide_difficulty = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=300, required=False)


class RequestIn(ActingIn):
    players = serializers.ListField(child=serializers.CharField())
    pool = serializers.JSONField(required=False, allow_null=True)
    system = serializers.CharField(required=False, allow_null=True)
    options = serializers.DictField(required=False)
    text = serializers.CharField(max_length=200, required=False)
    hide_difficulty = serializers.BooleanField(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=10080)


class NamedRequestIn(ActingIn):
    request = serializers.CharField()


class AnswerIn(NamedRequestIn):
    character = serializers.JSONField(allow_null=True, required=False)
    system = serializers.CharField(required=False, allow_null=True)
    pool = serializers.JSONField(required=False, allow_null=True)
    options = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False)
