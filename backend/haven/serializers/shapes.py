"""The shapes of characters, events and operations, for the OpenAPI files. Both APIs share them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contract.notices import Notice


@extend_schema_field({"anyOf": [{"type": "string"}, Notice.model_json_schema()]})
class NoticeOut(serializers.JSONField):
    """A code with its data; of what happened before there were codes, the sentence."""


class OperationIn(serializers.Serializer):
    path = serializers.CharField(help_text="Such as hunger, health.superficial or merits.<id>.rating")
    op = serializers.ChoiceField(["set", "adjust", "add", "remove", "text"], default="set")
    value = serializers.JSONField(required=False, allow_null=True)


class PersonOut(serializers.Serializer):
    id = serializers.CharField(allow_null=True)
    discord_id = serializers.CharField(allow_null=True, required=False)
    name = serializers.CharField()
    avatar_url = serializers.CharField()


class RightsOut(serializers.Serializer):
    edit = serializers.BooleanField()
    delete = serializers.BooleanField()
    lock = serializers.BooleanField()
    history = serializers.BooleanField()
    level = serializers.ChoiceField(["public", "table", "private", "secret"])
    trackers_only = serializers.BooleanField(help_text="Locked: only trackers may change")


class ChronicleOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class BriefCharacterOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    owner = PersonOut()
    chronicle = ChronicleOut(allow_null=True)
    stream = serializers.CharField(help_text="chronicle:<uuid> or user:<uuid>")
    splat = serializers.CharField()
    splat_label = serializers.CharField()
    edition = serializers.CharField()
    version = serializers.IntegerField()
    deleted = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    fields = serializers.DictField(help_text="Trait → value, those that the reader may see")  # type: ignore[assignment]


class CharacterOut(BriefCharacterOut):
    rights = RightsOut()
    visibility = serializers.DictField(help_text="Trait → level, where it differs from the declaration")


class ForOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class EventOut(serializers.Serializer):
    id = serializers.CharField()
    stream = serializers.CharField()
    seq = serializers.IntegerField()
    type = serializers.CharField()
    entity = serializers.CharField()
    entity_id = serializers.CharField()
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    door = serializers.ChoiceField(["discord", "web", "api", "system"])
    actor = PersonOut()
    acting_for = ForOut(allow_null=True, help_text="An absent player, for whom the actor did it")
    command = serializers.CharField()
    changes = serializers.DictField(help_text="Path → [before, after]")
    labels = serializers.DictField(child=serializers.CharField())
    notices = serializers.ListField(child=NoticeOut())
    undoes = serializers.CharField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)


class CardRowOut(serializers.Serializer):
    path = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    draw = serializers.CharField()
    value = serializers.JSONField()
    text = serializers.CharField()


class CardOut(serializers.Serializer):
    title = serializers.CharField()
    url = serializers.CharField()
    colour = serializers.CharField()
    owner = serializers.DictField()
    thumbnail = serializers.CharField(allow_null=True)
    splat = serializers.CharField()
    rows = CardRowOut(many=True)
    footer = serializers.CharField()


class ChangeOut(serializers.Serializer):
    event = EventOut(allow_null=True, help_text="Null when nothing had to change")
    character = CharacterOut()
    card = CardOut()
    chosen = serializers.CharField(required=False)
    notices = serializers.ListField(
        child=NoticeOut(), required=False, help_text="Of a change that changed nothing"
    )
    text_mode = serializers.BooleanField(required=False)


class SchemaOut(serializers.Serializer):
    hash = serializers.CharField()
    splats = serializers.ListField(child=serializers.DictField())
    rolls = serializers.ListField(child=serializers.DictField())
    any_roll = serializers.ListField(child=serializers.DictField())
    checks = serializers.ListField(child=serializers.DictField())
