"""What can be done with files of messages, by name, with its input, answer and right; `api.views.files` takes them."""

from chat.attachments import file_for
from chat.rooms import room_for
from chat.services import files
from chronicle.call import Call
from contract import chat_files as shapes
from contract.endpoints import Shape
from timeline.operations import Operation


def _store(call: Call, given: shapes.UploadFile) -> shapes.UploadFile:
    """Check and store the file before the transaction: no lock waits for a disk or a bucket."""
    room_for(call.principal, given.room, "send")
    stored, checked = files.store(given.content, given.name, call.principal)
    return given.stored_at(stored.path, name=checked.name)


def _upload(call: Call, given: shapes.UploadFile) -> shapes.UploadedFile:
    """Upload a file for a message: a picture (encoded again), PDF, plain text, MP3 or Ogg of at most 8 MB."""
    room_for(call.principal, given.room, "send")
    return shapes.UploadedFile(file=file_for(files.add(given.path, given.name, call.principal)))


def _forget(call: Call, given: shapes.FileInput) -> shapes.FileRemoved:
    """Remove one's own file that goes with no message yet."""
    files.forget(given.file, call.principal)
    return shapes.FileRemoved()


UPLOAD = Operation(
    "chat.upload",
    Shape(shapes.UploadFile, shapes.UploadedFile),
    _upload,
    "channel.send",
    status=201,
    prepare=_store,
)
FORGET = Operation("chat.forget_file", Shape(shapes.FileInput, shapes.FileRemoved), _forget)
