"""What somebody sent, checked for its kind: by content, size and pixels, before anything of it is stored."""

import hashlib
from dataclasses import dataclass, field

from contract.translation import _
from rules.errors import Unprocessable
from uploads import files, pictures
from uploads.kinds import MAX_BYTES, MEGABYTE, Kind
from uploads.names import safe_name

PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp")


@dataclass(frozen=True)
class Checked:
    """What is stored of a file, and under which name it is shown."""

    content: bytes
    media_type: str
    suffix: str
    name: str = ""
    width: int | None = None
    height: int | None = None
    thumbnails: dict[int, bytes] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check(kind: Kind, content: bytes, name: str = "") -> Checked:
    """Encode a picture again, or take another file as it is if its type is on the list.

    Raises Unprocessable: `picture_too_large`, `file_too_large`, `no_picture`, `file_type`, `file_empty`.
    """
    if len(content) > MAX_BYTES:
        raise too_large(kind)
    if kind.others and not _claims_to_be_a_picture(content):
        return _other(content, name)
    return _picture(kind, content, name)


def too_large(kind: Kind) -> Unprocessable:
    most = MAX_BYTES // MEGABYTE
    if kind.others:
        return Unprocessable(_("A file can have up to {most} MB.", most=most), code="file_too_large")
    return Unprocessable(_("A picture can have up to {most} MB.", most=most), code="picture_too_large")


def _claims_to_be_a_picture(content: bytes) -> bool:
    heads = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
    return content.startswith(heads) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def _picture(kind: Kind, content: bytes, name: str) -> Checked:
    made = pictures.reencode(content, kind.side, kind.thumbnails, moving=kind.moving)
    return Checked(
        made.content,
        pictures.MEDIA_TYPE,
        pictures.SUFFIX,
        safe_name(name, (pictures.SUFFIX,), PICTURE_ENDINGS),
        made.width,
        made.height,
        made.thumbnails,
    )


def _other(content: bytes, name: str) -> Checked:
    if not content:
        raise Unprocessable(_("That file is empty."), code="file_empty")
    found = files.type_of(content)
    return Checked(content, found.media_type, found.suffixes[0], safe_name(name, found.suffixes))
