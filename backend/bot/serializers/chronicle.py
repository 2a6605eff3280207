"""The shape of a move between chronicles, for the documentation."""

from rest_framework import serializers

from bot.serializers.server import ActingIn


class MoveIn(ActingIn):
    chronicle = serializers.CharField(
        required=False, help_text="Id or name; what is played in the channel if left out"
    )
    character = serializers.CharField(allow_null=True, help_text="Id or name; null for the default")
    player = serializers.CharField(required=False, help_text="Discord's id, for storytellers")
