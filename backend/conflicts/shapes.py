"""Shapes of conflicts, for the documentation of both APIs."""

from rest_framework import serializers

from conflicts.models import MAX_TITLE
from conflicts.services.acting import MAX_TEXT
from conflicts.services.effects import MAX_TURNS, PASSES
from conflicts.services.entering import MAX_NAME
from haven.serializers.shapes import ChronicleOut, NoticeOut, PersonOut
from rules.conflict.kinds import CATEGORIES, KINDS
from rules.conflict.moves import MOVES, REWIND
from rules.conflict.state import UNTIL


class FightingCharacterOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ThrowOut(serializers.Serializer):
    dice = serializers.ListField(child=serializers.IntegerField())
    rating = serializers.IntegerField()
    modifier = serializers.IntegerField()
    value = serializers.IntegerField()
    text = serializers.CharField()


class ParticipantOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    user = PersonOut(allow_null=True)
    character = FightingCharacterOut(allow_null=True)
    joined = serializers.BooleanField()
    rolled = serializers.BooleanField()
    hidden = serializers.BooleanField()
    gone = serializers.BooleanField(help_text="Has left the server")
    yours = serializers.BooleanField()
    extra_actions = serializers.IntegerField()
    rating = serializers.IntegerField(allow_null=True, help_text="Of a round that is over")
    roll = ThrowOut(allow_null=True)


class TurnOut(serializers.Serializer):
    participant = serializers.CharField()
    name = serializers.CharField()
    extra = serializers.BooleanField()
    number = serializers.IntegerField()
    together = serializers.IntegerField(help_text="The same for those who act at the same moment")
    state = serializers.ChoiceField(["waiting", "current", "declared", "done", "skipped"])
    ready = serializers.BooleanField(help_text="Can be declared or done now")
    action = serializers.CharField()
    category = serializers.CharField()


class EffectOut(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()
    participant = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    until = serializers.ChoiceField(list(UNTIL))
    left = serializers.IntegerField(help_text="Turns; 0 where it does not last for turns")

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"label": serializers.CharField()}


class CategoryOut(serializers.Serializer):
    slug = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"label": serializers.CharField()}


class MoveOut(serializers.Serializer):
    move = serializers.ChoiceField([*MOVES, REWIND])
    mark = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        style = serializers.ChoiceField(["primary", "secondary", "danger"])
        return super().get_fields() | {"label": serializers.CharField(), "style": style}


class ConflictRightsOut(serializers.Serializer):
    run = serializers.BooleanField()
    enter = serializers.BooleanField()


class ConflictBody(serializers.Serializer):
    id = serializers.UUIDField()
    chronicle = ChronicleOut()
    channel_id = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    kind = serializers.ChoiceField(list(KINDS))
    title = serializers.CharField()
    phase = serializers.ChoiceField(["gather", "order", "declare", "act", "ended"])
    phase_label = serializers.CharField()
    round = serializers.IntegerField()
    version = serializers.IntegerField()
    mark = serializers.CharField()
    open = serializers.BooleanField()
    starter = PersonOut()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    rolls = serializers.CharField(help_text="die, pool, or nothing")
    participants = ParticipantOut(many=True)
    turns = TurnOut(many=True)
    current = TurnOut(allow_null=True)
    mention = serializers.CharField(allow_null=True)
    effects = EffectOut(many=True)
    categories = CategoryOut(many=True)
    moves = MoveOut(many=True)
    rights = ConflictRightsOut()
    notices = serializers.ListField(child=NoticeOut())
    hint = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"label": serializers.CharField()}


class ConflictOut(serializers.Serializer):
    conflict = ConflictBody()


class ConflictDoneOut(ConflictOut):
    participant = serializers.CharField(required=False)
    effect = serializers.CharField(required=False)


class ConflictsOut(serializers.Serializer):
    results = ConflictBody(many=True)


class EndedEffectOut(EffectOut):
    conflict = serializers.UUIDField()


class TimePassedOut(serializers.Serializer):
    ended = EndedEffectOut(many=True)


class StartFields(serializers.Serializer):
    kind = serializers.ChoiceField(list(KINDS), required=False, allow_null=True)
    title = serializers.CharField(max_length=MAX_TITLE, required=False, allow_blank=True)
    replace = serializers.UUIDField(required=False, allow_null=True)


class TimeFields(serializers.Serializer):
    passed = serializers.ChoiceField(list(PASSES))


class EnterFields(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False, allow_null=True)
    extra_actions = serializers.IntegerField(min_value=0, max_value=5, required=False, allow_null=True)
    hidden = serializers.BooleanField(required=False)
    player = serializers.CharField(required=False, allow_null=True)


class RollFields(EnterFields):
    rating = serializers.IntegerField(min_value=-50, max_value=100, required=False, allow_null=True)
    modifier = serializers.IntegerField(min_value=-50, max_value=50, required=False, allow_null=True)
    pool = serializers.JSONField(required=False, allow_null=True, help_text="A number, or text")
    again = serializers.BooleanField(required=False)
    participant = serializers.CharField(
        required=False, allow_null=True, help_text="Of who takes part already, in place of the name"
    )


class JoinFields(EnterFields):
    everybody = serializers.BooleanField(required=False)


class DeclareFields(serializers.Serializer):
    action = serializers.CharField(max_length=MAX_TEXT)
    category = serializers.ChoiceField(list(CATEGORIES), required=False, allow_null=True)
    participant = serializers.CharField(required=False, allow_null=True)


class MoveFields(serializers.Serializer):
    move = serializers.ChoiceField([*MOVES, REWIND])
    participant = serializers.CharField(required=False, allow_null=True)
    mark = serializers.CharField(required=False, allow_null=True)


class ParticipantChanges(serializers.Serializer):
    name = serializers.CharField(max_length=MAX_NAME, required=False)
    hidden = serializers.BooleanField(required=False)
    extra_actions = serializers.IntegerField(min_value=0, max_value=5, required=False)


class ChangeFields(serializers.Serializer):
    participant = serializers.CharField()
    changes = ParticipantChanges()


class LeaveFields(serializers.Serializer):
    participant = serializers.CharField(required=False, allow_null=True)


class EffectFields(serializers.Serializer):
    text = serializers.CharField(max_length=MAX_TEXT)
    until = serializers.ChoiceField(list(UNTIL))
    participant = serializers.CharField(required=False, allow_null=True)
    turns = serializers.IntegerField(min_value=1, max_value=MAX_TURNS, required=False, allow_null=True)


class LiftFields(serializers.Serializer):
    effect = serializers.CharField()
