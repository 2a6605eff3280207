"""Shapes of the desk, for the documentation of both APIs."""

from rest_framework import serializers

from haven.serializers.shapes import BriefCharacterOut, ChangeOut, OperationIn


class WriterOut(serializers.Serializer):
    id = serializers.UUIDField()
    discord_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    avatar_url = serializers.CharField()


class DifferenceOut(serializers.Serializer):
    path = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's own

    def get_fields(self) -> dict[str, serializers.Field]:
        any_value = {name: serializers.JSONField(allow_null=True) for name in ("from", "to")}
        return super().get_fields() | any_value


class CommentOut(serializers.Serializer):
    id = serializers.UUIDField()
    author = WriterOut()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class SheetNamedOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SubmittedCharacterOut(SheetNamedOut):
    version = serializers.IntegerField()


class SubmissionRightsOut(serializers.Serializer):
    decide = serializers.BooleanField()
    withdraw = serializers.BooleanField()


class SubmissionBody(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["new", "change"])
    state = serializers.ChoiceField(["open", "approved", "returned", "withdrawn"])
    text = serializers.CharField()
    character = SubmittedCharacterOut()
    chronicle = serializers.UUIDField()
    author = WriterOut()
    diff = DifferenceOut(many=True)
    problem = serializers.CharField()
    reason = serializers.CharField()
    decided_by = WriterOut(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    comments = CommentOut(many=True)
    rights = SubmissionRightsOut()


class SubmissionOut(serializers.Serializer):
    submission = SubmissionBody()


class SubmissionsOut(serializers.Serializer):
    results = SubmissionBody(many=True)


class DeskCharacterOut(BriefCharacterOut):
    submission = serializers.UUIDField(allow_null=True)
    locked = serializers.BooleanField()


class DeskOut(serializers.Serializer):
    url = serializers.CharField()
    characters = DeskCharacterOut(many=True)
    total = serializers.IntegerField()
    pages = serializers.IntegerField()
    submissions = SubmissionBody(many=True)


class NoteBody(serializers.Serializer):
    id = serializers.UUIDField()
    chronicle = serializers.UUIDField()
    character = SheetNamedOut(allow_null=True)
    author = WriterOut()
    title = serializers.CharField()
    text = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class NoteOut(serializers.Serializer):
    note = NoteBody()


class NotesOut(serializers.Serializer):
    results = NoteBody(many=True)


class AwardOut(serializers.Serializer):
    changes = ChangeOut(many=True)


class ProposalFields(serializers.Serializer):
    changes = OperationIn(many=True, required=False, help_text="None: the whole new character")
    text = serializers.CharField(max_length=1000, required=False)
    base_version = serializers.IntegerField(required=False, allow_null=True)


class TextFields(serializers.Serializer):
    text = serializers.CharField(max_length=1000)


class ReasonFields(serializers.Serializer):
    reason = serializers.CharField(max_length=1000)


class AwardFields(serializers.Serializer):
    amount = serializers.IntegerField(min_value=1, max_value=1000)
    reason = serializers.CharField(max_length=200)


class NoteFields(serializers.Serializer):
    title = serializers.CharField(max_length=100)
    text = serializers.CharField(max_length=6000, required=False, allow_blank=True)


class NoteChangeFields(serializers.Serializer):
    title = serializers.CharField(max_length=100, required=False)
    text = serializers.CharField(max_length=6000, required=False, allow_blank=True)
