"""Uploads in a bucket that speaks S3: how `STORAGES` names it."""

from typing import Any
from urllib.parse import urlsplit

from contract.variables import Variables

# Nobody waits longer for a bucket: a change holds a lock meanwhile.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 4, 2
# Each file has a name of its own, and never changes.
FOR_EVER = "public, max-age=31536000, immutable"


# How long the address of a private file leads to it: long enough to follow it once.
SIGNED_SECONDS = 60


def s3_storage(variables: Variables) -> dict[str, Any]:
    """Pictures in public use, each at an address of its own."""
    public = urlsplit(variables.S3_PUBLIC_URL)
    served = {
        "custom_domain": f"{public.netloc}{public.path}",
        "url_protocol": f"{public.scheme}:",
        "querystring_auth": False,
        "object_parameters": {"CacheControl": FOR_EVER},
    }
    return _s3(_bucket(variables, variables.S3_BUCKET) | served)


def private_storage(variables: Variables) -> dict[str, Any]:
    """Files that a view hands out after it has asked for the rights."""
    if not variables.S3_PRIVATE_BUCKET:
        return {"BACKEND": "uploads.storage.PrivateFiles"}
    signed = {"querystring_auth": True, "querystring_expire": SIGNED_SECONDS}
    return _s3(_bucket(variables, variables.S3_PRIVATE_BUCKET) | signed)


def _bucket(variables: Variables, name: str) -> dict[str, Any]:
    return {
        "bucket_name": name,
        "endpoint_url": variables.S3_ENDPOINT or None,
        "region_name": variables.S3_REGION or None,
        "access_key": variables.S3_ACCESS_KEY or None,
        "secret_key": variables.S3_SECRET_KEY or None,
        "file_overwrite": False,
    }


def _s3(options: dict[str, Any]) -> dict[str, Any]:
    return {"BACKEND": "rod.media.S3Media", "OPTIONS": options}
