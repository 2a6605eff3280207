"""Downloads of what somebody owns. Only `privacy.download` writes here."""

from django.conf import settings
from django.db import models

from rules.ids import uuid7


class Download(models.Model):
    """A ZIP of what one person owns, from when they asked for it until it expires. One for each person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    # NULL while it is made.
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "downloads"

    def __str__(self) -> str:
        return f"Download of {self.user}"


class DownloadPart(models.Model):
    """A piece of the ZIP. In the database it is as private as what it was made of, wherever uploads lie."""

    id = models.BigAutoField(primary_key=True)
    download = models.ForeignKey(Download, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "download_parts"
        constraints = [models.UniqueConstraint(fields=["download", "number"], name="download_part")]

    def __str__(self) -> str:
        return f"{self.download_id} {self.number}"
