"""Bodies and answers about guilds."""

from rest_framework import serializers

from chronicle.shapes import Grace, TrackerShows


class ActorIn(serializers.Serializer):
    id = serializers.CharField(help_text="Discord's id, as text")
    username = serializers.CharField()
    global_name = serializers.CharField(allow_null=True, required=False)
    avatar = serializers.CharField(allow_null=True, required=False, help_text="Discord's hash of the picture")


class ActingMemberIn(serializers.Serializer):
    nick = serializers.CharField(allow_null=True, required=False)
    avatar = serializers.CharField(allow_null=True, required=False)
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.CharField(help_text="A number, as text")


class ActingGuildIn(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    owner_id = serializers.CharField()
    icon = serializers.CharField(allow_null=True, required=False)
    member = ActingMemberIn()


class InteractionIn(serializers.Serializer):
    id = serializers.CharField()
    command = serializers.CharField()


class ActingIn(serializers.Serializer):
    """What every body holds: who acts, where, by which command. `guild` is null in direct messages."""

    actor = ActorIn()
    guild = ActingGuildIn(allow_null=True)
    channel_id = serializers.CharField(allow_null=True)
    interaction = InteractionIn()


class RoleIn(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    color = serializers.IntegerField()
    position = serializers.IntegerField()
    permissions = serializers.CharField()


class ChannelIn(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    type = serializers.IntegerField()
    position = serializers.IntegerField(help_text="Its place in the whole list, as Discord shows it")
    category = serializers.CharField(required=False, help_text="The name of what it stands under")


class GuildIn(serializers.Serializer):
    name = serializers.CharField()
    icon = serializers.CharField(allow_null=True)
    owner_id = serializers.CharField()
    roles = RoleIn(many=True, required=False)
    channels = ChannelIn(many=True, required=False)


class ServerSettingsIn(ActingIn):
    tracker_channel = serializers.CharField(allow_null=True, required=False)
    tracker = TrackerShows(required=False)
    storyteller_channel = serializers.CharField(allow_null=True, required=False)
    storyteller_roles = serializers.ListField(child=serializers.CharField(), required=False)
    edition = serializers.ChoiceField(["5th", "20th", "cod"], required=False)
    features = serializers.DictField(
        child=serializers.BooleanField(), required=False, help_text="Feature → whether it is on"
    )


class MemberIn(ActorIn):
    nick = serializers.CharField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.CharField(required=False)
    bot = serializers.BooleanField(required=False)


class MembersIn(serializers.Serializer):
    members = serializers.ListField(child=MemberIn(), max_length=1000)
    complete = serializers.BooleanField(required=False)
    after = serializers.CharField(required=False)
    until = serializers.CharField(required=False, allow_null=True)


class ServerSummary(serializers.Serializer):
    id = serializers.CharField()
    discord_id = serializers.CharField()
    name = serializers.CharField()
    edition = serializers.CharField()
    tracker_channel = serializers.CharField(allow_null=True)
    left = serializers.BooleanField()
    version = serializers.IntegerField()


class ServerSynced(serializers.Serializer):
    server = ServerSummary()
    changed = serializers.BooleanField()


class ServerLeft(serializers.Serializer):
    server = ServerSummary()


class MembersSynced(serializers.Serializer):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    refused = serializers.IntegerField()


class MemberRemoved(serializers.Serializer):
    removed = serializers.BooleanField()


class ChronicleLine(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    default = serializers.BooleanField()
    characters = serializers.IntegerField()
    storytellers = serializers.ListField(child=serializers.CharField())


class NamedRole(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class You(serializers.Serializer):
    roles = serializers.ListField(child=serializers.CharField())
    storyteller = serializers.BooleanField()
    admin = serializers.BooleanField()


class FeatureLine(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own
    switches = serializers.CharField()
    on = serializers.BooleanField()


class ServerInfo(serializers.Serializer):
    grace = Grace()
    id = serializers.CharField()
    discord_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    banner_url = serializers.CharField()
    is_private = serializers.BooleanField()
    is_verified = serializers.BooleanField()
    url = serializers.CharField()
    edition = serializers.CharField()
    members = serializers.IntegerField()
    characters = serializers.IntegerField()
    chronicles = ChronicleLine(many=True)
    features = FeatureLine(many=True)
    tracker_channel = serializers.CharField(allow_null=True)
    tracker = TrackerShows()
    storyteller_channel = serializers.CharField(allow_null=True)
    storyteller_roles = NamedRole(many=True)
    you = You()


class ServerInfoOut(serializers.Serializer):
    server = ServerInfo()
