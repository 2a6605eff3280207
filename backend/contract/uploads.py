"""A picture that comes with an operation: its bytes, until a door has stored them."""

from typing import Self

from pydantic import PrivateAttr

from contract.base import Input


class WithPicture(Input):
    """The picture itself is the body of the request."""

    picture: bytes = b""
    # Where it was stored, before the transaction. No request can name a path of its own.
    _path: str = PrivateAttr("")

    def stored_at(self, path: str) -> Self:
        """The same without the bytes, once they are stored."""
        stored = self.model_copy(update={"picture": b""})
        stored._path = path
        return stored

    @property
    def path(self) -> str:
        return self._path
