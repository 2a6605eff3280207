"""Bodies of the desk; the answers are in `desk.shapes`."""

from rest_framework import serializers

from bot.serializers.server import ActingIn
from desk import shapes


class SubmissionIn(shapes.ProposalFields, ActingIn):
    character = serializers.CharField(
        required=False, allow_null=True, help_text="Id or name; null: the default"
    )


class NamedSubmissionIn(ActingIn):
    submission = serializers.UUIDField()


class CommentIn(shapes.TextFields, NamedSubmissionIn):
    pass


class ReturnIn(shapes.ReasonFields, NamedSubmissionIn):
    pass


class AwardIn(shapes.AwardFields, ActingIn):
    characters = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Ids or names; left out: all active ones"
    )


class NoteIn(shapes.NoteFields, ActingIn):
    character = serializers.CharField(required=False, allow_null=True)


class NamedNoteIn(ActingIn):
    note = serializers.UUIDField()


class NotesIn(ActingIn):
    character = serializers.CharField(required=False, allow_null=True, help_text="Id or name")


class DeskIn(ActingIn):
    search = serializers.CharField(required=False)
    splat = serializers.CharField(required=False)
    state = serializers.CharField(required=False)
