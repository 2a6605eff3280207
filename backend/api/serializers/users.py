"""Shapes of tokens, for the documentation."""

from rest_framework import serializers


class TokenPair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
