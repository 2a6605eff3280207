"""Shapes of chronicles and servers, for the documentation."""

from rest_framework import serializers


class Page(serializers.Serializer):
    after = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100)


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


class Person(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ChronicleDetail(ChronicleBrief):
    members = serializers.IntegerField()
    characters = serializers.IntegerField()
    storytellers = Person(many=True)


class ChronicleIn(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ChronicleMember(serializers.Serializer):
    id = serializers.UUIDField(help_text="Of the membership; the next page begins after it")
    user = Person()
    nickname = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    joined_at = serializers.DateTimeField()


class MembersOut(serializers.Serializer):
    results = ChronicleMember(many=True)
    next = serializers.UUIDField(allow_null=True)


class NewServerIn(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    edition = serializers.ChoiceField(["5th", "20th", "cod"], required=False)
    is_private = serializers.BooleanField(required=False)


class TrackerShows(serializers.Serializer):
    changes = serializers.BooleanField(required=False)
    rolls = serializers.ChoiceField(["none", "web", "all"], required=False)
    digest = serializers.BooleanField(required=False)


class ServerIn(serializers.Serializer):
    edition = serializers.ChoiceField(["5th", "20th", "cod"], required=False)
    tracker_channel = serializers.CharField(allow_null=True, required=False)
    tracker = TrackerShows(required=False)
    storyteller_channel = serializers.CharField(allow_null=True, required=False)
    storyteller_roles = serializers.ListField(child=serializers.CharField(), required=False)


class ServerChronicle(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    default = serializers.BooleanField()
    characters = serializers.IntegerField()
    storytellers = serializers.ListField(child=serializers.CharField())


class ServerRole(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class ServerYou(serializers.Serializer):
    roles = serializers.ListField(child=serializers.CharField())
    storyteller = serializers.BooleanField()
    admin = serializers.BooleanField()


class ServerOut(serializers.Serializer):
    id = serializers.UUIDField()
    discord_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    is_verified = serializers.BooleanField()
    url = serializers.CharField()
    edition = serializers.CharField()
    members = serializers.IntegerField()
    characters = serializers.IntegerField()
    chronicles = ServerChronicle(many=True)
    tracker_channel = serializers.CharField(allow_null=True)
    tracker = TrackerShows()
    storyteller_channel = serializers.CharField(allow_null=True)
    storyteller_roles = ServerRole(many=True)
    you = ServerYou()
