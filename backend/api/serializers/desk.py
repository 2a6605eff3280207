"""Bodies of the desk; the answers are in `desk.shapes`."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from desk import shapes

DESK_QUERY = [
    OpenApiParameter("search", str, description="Part of the character's or the player's name"),
    OpenApiParameter("splat", str),
    OpenApiParameter("state", str, description="locked, unlocked, waiting, or a status"),
    OpenApiParameter("page", int),
]
NOTES_QUERY = [OpenApiParameter("character", str, description="Id")]


class SubmissionIn(shapes.ProposalFields):
    character = serializers.UUIDField()


class AwardIn(shapes.AwardFields):
    characters = serializers.ListField(child=serializers.UUIDField(), max_length=200)


class NoteIn(shapes.NoteFields):
    character = serializers.UUIDField(required=False, allow_null=True)
