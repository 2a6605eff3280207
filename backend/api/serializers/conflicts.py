"""Bodies of conflicts; the answers are in `conflicts.shapes`."""

from rest_framework import serializers

from conflicts import shapes


class StartIn(shapes.StartFields):
    channel_id = serializers.CharField(
        required=False, allow_null=True, help_text="Discord's id of a channel of the server"
    )
