"""Shapes of what a person wants, and of what they are written."""

from rest_framework import serializers


class TakeIn(serializers.Serializer):
    letter = serializers.UUIDField()


class TakeOut(serializers.Serializer):
    taken = serializers.BooleanField(help_text="True for exactly one request: send it")
