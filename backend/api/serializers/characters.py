"""What bodies of rolls have in common with those of characters."""

from rest_framework import serializers


class ForIn(serializers.Serializer):
    player = serializers.UUIDField(
        required=False, help_text="The character's player, for whom a storyteller does it"
    )
