"""Uploads in a bucket that speaks S3: how `STORAGES` names it."""

from typing import Any
from urllib.parse import urlsplit

from contract.variables import Variables

# Nobody waits longer for a bucket: a change holds a lock meanwhile.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 4, 2
# Each file has a name of its own, and never changes.
FOR_EVER = "public, max-age=31536000, immutable"


def s3_storage(variables: Variables) -> dict[str, Any]:
    public = urlsplit(variables.S3_PUBLIC_URL)
    options = {
        "bucket_name": variables.S3_BUCKET,
        "endpoint_url": variables.S3_ENDPOINT or None,
        "region_name": variables.S3_REGION or None,
        "access_key": variables.S3_ACCESS_KEY or None,
        "secret_key": variables.S3_SECRET_KEY or None,
        "custom_domain": f"{public.netloc}{public.path}",
        "url_protocol": f"{public.scheme}:",
        "querystring_auth": False,
        "file_overwrite": False,
        "object_parameters": {"CacheControl": FOR_EVER},
    }
    return {"BACKEND": "rod.media.S3Media", "OPTIONS": options}
