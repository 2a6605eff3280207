"""Shapes of users and tokens, for the documentation."""

from rest_framework import serializers


class ProfileIn(serializers.Serializer):
    bio = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    status_message = serializers.CharField(max_length=140, required=False, allow_blank=True)
    avatar_url = serializers.URLField(
        max_length=300, required=False, allow_blank=True, help_text="https only"
    )
    user_settings = serializers.DictField(required=False)


class ProfileOut(ProfileIn):
    id = serializers.UUIDField()
    name = serializers.CharField()
    username = serializers.CharField()
    discord_id = serializers.CharField(allow_null=True)
    discord_username = serializers.CharField()
    picture_url = serializers.CharField(help_text="The own picture, else Discord's, else empty")
    is_staff = serializers.BooleanField()
    date_joined = serializers.DateTimeField()


class TokenPair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
