"""The storage of uploads in a bucket (`rod.media_options`). It is imported where one is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from rod.media_options import CONNECT_SECONDS, READ_SECONDS, TRIES


class S3Media(S3Storage):  # type: ignore[misc]  # of a package without types
    """Its failures are those of a disk (OSError): who stores something knows no other."""

    def get_default_settings(self) -> dict[str, Any]:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES},
            signature_version="s3v4",
            s3={"addressing_style": "path"},
        )
        return {**super().get_default_settings(), "client_config": config}

    def _save(self, name: str, content: object) -> str:
        with _as_a_disk():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _as_a_disk():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _as_a_disk():
            super().delete(name)

    def signed_url(self, name: str, media_type: str, disposition: str) -> str:
        """An address that leads to a private file for a minute, and says to the browser what it is."""
        said = {"ResponseContentType": media_type, "ResponseContentDisposition": disposition}
        with _as_a_disk():
            return str(self.url(name, parameters=said))


@contextmanager
def _as_a_disk() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
