"""Shapes of messages that follow something."""

from rest_framework import serializers

from bot.serializers.server import ActingIn


class MessageIn(ActingIn):
    kind = serializers.CharField(help_text="`roll_request` or `conflict`")
    id = serializers.UUIDField()
    channel = serializers.CharField(help_text="Discord's id")
    message = serializers.CharField(help_text="Discord's id")


class GoneIn(serializers.Serializer):
    kind = serializers.CharField(help_text="`roll_request` or `conflict`")
    message = serializers.CharField(help_text="Discord's id")


class MessageOut(serializers.Serializer):
    kept = serializers.BooleanField()


class StoodOut(serializers.Serializer):
    channel = serializers.CharField(help_text="Discord's id")
    message = serializers.CharField(help_text="Discord's id")


class KeptOut(MessageOut):
    replaced = StoodOut(allow_null=True, help_text="The message that followed until now")
    shows = serializers.DictField(help_text="What the message is to show now, as in the feed")
