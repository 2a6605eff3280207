"""Private files on this machine: in a folder that no proxy serves, at no address."""

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class PrivateFiles(FileSystemStorage):
    """Readable for this process alone, and without an address: `uploads.serving` hands them out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(location=settings.PRIVATE_MEDIA_ROOT, file_permissions_mode=0o600, **options)

    def url(self, name: str | None) -> str:
        raise ValueError("a private file has no address")
