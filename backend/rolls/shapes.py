"""Shapes of rolls, for the documentation of both APIs."""

from rest_framework import serializers

from haven.serializers.shapes import ChangeOut, EventOut, NoticeOut


class PoolLineOut(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own
    dice = serializers.IntegerField()
    trait = serializers.CharField()
    specialty = serializers.CharField()


class PoolOut(serializers.Serializer):
    text = serializers.CharField()
    dice = serializers.IntegerField()
    told = serializers.CharField()
    lines = PoolLineOut(many=True)


class DieOut(serializers.Serializer):
    value = serializers.IntegerField()
    kind = serializers.CharField()
    sides = serializers.IntegerField()


class OutcomeOut(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    tone = serializers.CharField()
    colour = serializers.CharField()
    passed = serializers.BooleanField()
    successes = serializers.IntegerField(allow_null=True)
    margin = serializers.IntegerField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField())
    notices = serializers.ListField(child=NoticeOut())


class ChanceOut(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    tone = serializers.CharField()
    colour = serializers.CharField()
    passed = serializers.BooleanField()
    chance = serializers.FloatField()


class ChancesOut(serializers.Serializer):
    outcomes = ChanceOut(many=True)
    win = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    least = serializers.IntegerField()
    successes = serializers.ListField(child=serializers.FloatField())
    beyond = serializers.FloatField()


class StepOut(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    dice = DieOut(many=True)
    passed = serializers.BooleanField(allow_null=True)
    text = serializers.CharField()


class RollRightsOut(serializers.Serializer):
    reroll = serializers.BooleanField()
    choose = serializers.BooleanField()
    reveal = serializers.BooleanField()
    strike = serializers.BooleanField()


class RollOut(serializers.Serializer):
    id = serializers.CharField()
    system = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    title = serializers.CharField()
    roller = serializers.DictField()
    character = serializers.DictField(allow_null=True)
    name = serializers.CharField()
    chronicle = serializers.DictField(allow_null=True)
    at = serializers.CharField()
    visibility = serializers.ChoiceField(["public", "storyteller", "private"])
    revealed = serializers.BooleanField()
    note = serializers.CharField()
    pool = PoolOut()
    options = serializers.DictField()
    difficulty = serializers.IntegerField(allow_null=True)
    difficulty_hidden = serializers.BooleanField()
    dice = DieOut(many=True)
    rerolled = serializers.ListField(child=serializers.IntegerField())
    before = DieOut(many=True)
    choice = serializers.CharField()
    outcome = OutcomeOut()
    steps = StepOut(many=True)
    value = serializers.DictField(allow_null=True)
    groups = serializers.ListField(child=serializers.DictField())
    chances = ChancesOut(allow_null=True)
    rerollable = serializers.ListField(child=serializers.IntegerField())
    pick_most = serializers.IntegerField()
    attached = serializers.ListField(child=serializers.DictField())
    consequences = serializers.ListField(child=serializers.DictField())
    replaces = serializers.CharField(allow_null=True)
    replaced_by = serializers.CharField(allow_null=True)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # as above
    request = serializers.CharField(allow_null=True)
    struck = serializers.DictField(allow_null=True)
    rights = RollRightsOut()


class StrategyOut(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    description = serializers.CharField()
    dice = serializers.ListField(child=serializers.IntegerField())
    cost = serializers.CharField()
    aim = serializers.CharField()
    chance = serializers.FloatField(allow_null=True)
    odds = ChancesOut(allow_null=True)
    gain = serializers.FloatField(allow_null=True)


class FollowUpOut(serializers.Serializer):
    check = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    options = serializers.DictField()


class RollAnswerOut(serializers.Serializer):
    roll = RollOut()
    event = EventOut(allow_null=True)
    change = ChangeOut(allow_null=True)
    strategies = StrategyOut(many=True)
    follow_ups = FollowUpOut(many=True)
    request = serializers.DictField(required=False)
    chosen = serializers.CharField(required=False)
    notices = serializers.ListField(child=NoticeOut(), required=False)
    text_mode = serializers.BooleanField(required=False)


class RollsOut(serializers.Serializer):
    results = RollOut(many=True)


class OddsOut(serializers.Serializer):
    system = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    pool = PoolOut()
    options = serializers.DictField()
    notices = serializers.ListField(child=NoticeOut())
    chances = ChancesOut(allow_null=True)
    with_reroll = ChancesOut(allow_null=True)
    character = serializers.DictField(allow_null=True)
    chosen = serializers.CharField()


class CompletionOut(serializers.Serializer):
    text = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above


class CompletionsOut(serializers.Serializer):
    results = CompletionOut(many=True)


class LuckOut(serializers.Serializer):
    of = serializers.DictField()
    chronicle = serializers.DictField(allow_null=True)
    since = serializers.CharField(allow_null=True)
    until = serializers.CharField(allow_null=True)
    rolls = serializers.IntegerField()
    struck = serializers.IntegerField()
    cut = serializers.BooleanField()
    successes = serializers.DictField()
    systems = serializers.ListField(child=serializers.DictField())
    checks = serializers.ListField(child=serializers.DictField())
    rerolls = serializers.DictField()
    course = serializers.ListField(child=serializers.FloatField())
    text = serializers.CharField()


class MacroFields(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    character = serializers.DictField()
    system = serializers.CharField()
    pool = serializers.JSONField(help_text="A number or text")
    options = serializers.DictField()
    note = serializers.CharField()
    shared = serializers.BooleanField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above


class MacroOut(serializers.Serializer):
    macro = MacroFields()


class MacrosOut(serializers.Serializer):
    results = MacroFields(many=True)


class RequestFields(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()
    storyteller = serializers.DictField()
    chronicle = serializers.DictField()
    system = serializers.CharField(allow_null=True)
    pool = serializers.CharField(allow_null=True)
    options = serializers.DictField()
    difficulty = serializers.IntegerField(allow_null=True)
    difficulty_hidden = serializers.BooleanField()
    deadline = serializers.CharField()
    open = serializers.BooleanField()
    done = serializers.BooleanField()
    closed_at = serializers.CharField(allow_null=True)
    players = serializers.ListField(child=serializers.DictField())
    answered = serializers.IntegerField()
    asked = serializers.IntegerField()
    text_summary = serializers.CharField()


class RequestOut(serializers.Serializer):
    request = RequestFields()


class RequestsOut(serializers.Serializer):
    results = RequestFields(many=True)
