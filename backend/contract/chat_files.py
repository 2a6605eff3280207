"""Files of messages: sent first, then named by the message that they go with."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input
from contract.chat import File, RoomInput
from contract.uploads import StoredFirst


class UploadFile(RoomInput, StoredFirst):
    """As a form of several parts: `room`, where it is to be posted, and `file`."""

    name: Annotated[str, Field(max_length=1000)] = ""
    content: bytes = b""


class FileInput(Input):
    file: UUID


class UploadedFile(Answer):
    """`file.id` goes into `attachments` of a message within an hour, or the file is removed again."""

    file: File


class FileRemoved(Answer):
    pass
