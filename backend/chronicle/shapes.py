"""Shapes of chronicles, roles and explanations, for the documentation of both APIs."""

from rest_framework import serializers

CHRONICLE_ROLES = ["STORYTELLER", "CO_STORYTELLER", "OBSERVER"]


class ServerRef(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ChronicleRights(serializers.Serializer):
    manage = serializers.BooleanField()
    storyteller = serializers.BooleanField()


class ChronicleBrief(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    slug = serializers.CharField()
    default = serializers.BooleanField()
    edition = serializers.CharField()
    server = ServerRef()
    version = serializers.IntegerField()
    stream = serializers.CharField()
    rights = ChronicleRights()


class ChroniclesOut(serializers.Serializer):
    results = ChronicleBrief(many=True)


class MemberName(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class RuleChoice(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own


class HouseRule(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own
    changes = serializers.CharField()
    value = serializers.CharField()
    choices = RuleChoice(many=True)


class Narrator(MemberName):
    role = serializers.ChoiceField(CHRONICLE_ROLES)


class ChronicleDetail(ChronicleBrief):
    members = serializers.IntegerField()
    characters = serializers.IntegerField()
    storytellers = MemberName(many=True)
    archived = serializers.BooleanField()
    rules = HouseRule(many=True)
    tenets = serializers.ListField(child=serializers.CharField())
    people = Narrator(many=True)


class Role(serializers.Serializer):
    id = serializers.UUIDField()
    discord_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    color = serializers.CharField()
    position = serializers.IntegerField()
    system = serializers.CharField(allow_null=True)
    permissions = serializers.DictField(child=serializers.CharField())
    members = serializers.IntegerField()


class RolesOut(serializers.Serializer):
    results = Role(many=True)


class Link(serializers.Serializer):
    by = serializers.ChoiceField(["platform", "owner", "role", "nobody", "character"])
    name = serializers.CharField()
    permission = serializers.CharField()
    says = serializers.CharField()
    role = serializers.UUIDField(required=False)
    position = serializers.IntegerField(required=False)
    chronicle = serializers.UUIDField(required=False, allow_null=True)


class WhyOut(serializers.Serializer):
    user = MemberName()
    action = serializers.CharField()
    words = serializers.CharField(help_text="The action, after “may”")
    allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    chain = Link(many=True)


class Grace(serializers.Serializer):
    left = serializers.BooleanField()
    kept = serializers.BooleanField()
    resting = serializers.BooleanField()
    rests_from = serializers.DateTimeField(allow_null=True)


class TrackerShows(serializers.Serializer):
    changes = serializers.BooleanField(required=False)
    rolls = serializers.ChoiceField(["none", "web", "all"], required=False)
    digest = serializers.BooleanField(required=False)
