"""What every body of the bot API holds, for the documentation."""

from rest_framework import serializers


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
