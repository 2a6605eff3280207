"""Shapes of what a person wants, and of what they are written."""

from rest_framework import serializers

from bot.serializers.server import ActingIn


class TakeIn(serializers.Serializer):
    letter = serializers.UUIDField()


class TakeOut(serializers.Serializer):
    taken = serializers.BooleanField(help_text="True for exactly one request: send it")


class PreferencesIn(ActingIn):
    direct_messages = serializers.BooleanField(required=False)
    text_mode = serializers.BooleanField(required=False)


class PreferencesOut(serializers.Serializer):
    direct_messages = serializers.BooleanField()
    text_mode = serializers.BooleanField()
