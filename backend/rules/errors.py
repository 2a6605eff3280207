"""What can be wrong, for every door.

    GameError
    ├── NotFound       404  no such thing, or none that this person may know of
    ├── NotAllowed     403  a right is missing
    ├── Invalid        400  a value is wrong; data["fields"] maps each path to its sentences
    ├── Conflict       409  the world moved on meanwhile; data says what is there now
    ├── Unprocessable  422  well-formed, but it makes no sense here
    ├── Limit          429  too many, too often
    └── Unavailable    503  the database does not answer; data["maybe_done"] when it left in the middle of saving

Each carries a code for programs, a sentence for people and data. They are turned into answers in four places:
REST handler, page, gateway frame, Discord reply.
"""

from typing import Any, ClassVar


class GameError(Exception):
    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"

    def __init__(self, detail: str, code: str | None = None, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.data = data

    def as_json(self) -> dict[str, Any]:
        """`{"code", "detail", …data}`, the body of every error."""
        return {"code": self.code, "detail": self.detail, **self.data}


class NotFound(GameError):
    status = 404
    default_code = "not_found"


class NotAllowed(GameError):
    status = 403
    default_code = "not_allowed"


class Invalid(GameError):
    status = 400
    default_code = "invalid"

    def __init__(
        self, detail: str, code: str | None = None, fields: dict[str, list[str]] | None = None, **data: Any
    ):
        super().__init__(detail, code, fields=fields or {}, **data)

    @classmethod
    def field(cls, path: str, sentence: str) -> "Invalid":
        return cls(sentence, fields={path: [sentence]})


class Conflict(GameError):
    status = 409
    default_code = "conflict"


class Unprocessable(GameError):
    status = 422
    default_code = "unprocessable"


class Limit(GameError):
    status = 429
    default_code = "limit"


class Unavailable(GameError):
    status = 503
    default_code = "unavailable"
