"""Shapes of tokens."""

from typing import Any

from rest_framework import serializers

from discordauth import tokens


class TokenPair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class Refresh(serializers.Serializer):
    refresh = serializers.CharField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Raises TokenError, which the view answers with 401."""
        return tokens.renew(attrs["refresh"])
