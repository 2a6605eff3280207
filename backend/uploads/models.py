"""Every object that was ever stored and is not yet removed."""

from django.conf import settings
from django.db import models

from rules.ids import uuid7


class StoredFile(models.Model):
    """An object in the storage. Its row is there before it, and goes after it: so none is ever forgotten.

    `claimed_at`: something points to it since then. What nobody claims, or what was released, is removed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=100, unique=True)
    # Paths of smaller pictures of it, by the length of their longer side.
    thumbnails = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "stored_files"
        indexes = [
            models.Index(fields=["claimed_at", "created_at"], name="stored_file_claimed"),
            models.Index(fields=["user", "created_at"], name="stored_file_of_person"),
            models.Index(fields=["kind", "id"], name="stored_file_kind"),
        ]

    def __str__(self) -> str:
        return self.path

    def paths(self) -> list[str]:
        """Of the object itself and of its thumbnails."""
        return [self.path, *self.thumbnails.values()]
