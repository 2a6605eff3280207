"""Pictures that come inside of a JSON body, as data URIs."""

import base64
import binascii
import re

from sandbox import limits
from sandbox.validation.forms import Form
from sandbox.web.cdn import picture_type

DATA = re.compile(r"data:image/[a-z]+;base64,(.*)", re.DOTALL)


def picture_of(form: Form, key: str, most_bytes: int) -> bytes:
    """Return the picture of a data URI; one that is none, or too large, becomes a problem of the form."""
    written = DATA.fullmatch(form.text(key, limits.BODY_BYTES, 1))
    try:
        image = base64.b64decode(written[1], validate=True) if written else b""
    except binascii.Error:
        image = b""
    if not picture_type(image):
        form.error("IMAGE_INVALID", "Invalid image data", key)
    elif len(image) > most_bytes:
        form.error("BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {most_bytes / 1024} kb.", key)
    return image
