"""A file that comes with an operation: its bytes, until a door has stored them."""

from typing import Self

from pydantic import PrivateAttr

from contract.base import Input


class StoredFirst(Input):
    """What is uploaded is stored before the transaction begins, so that no lock waits for a disk or a network."""

    # Where it was stored. No request can name a path of its own.
    _path: str = PrivateAttr("")

    def stored_at(self, path: str, **changed: str) -> Self:
        stored = self.model_copy(update=changed)
        stored._path = path
        return stored

    @property
    def path(self) -> str:
        return self._path


class WithPicture(StoredFirst):
    """The picture itself is the body of the request."""

    picture: bytes = b""
