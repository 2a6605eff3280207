"""What can be wrong, for every door.

    GameError
    ├── NotFound       404  no such thing, or none that this person may know of
    ├── NotAllowed     403  a right is missing
    ├── Invalid        400  a value is wrong; data["fields"] maps each path to its sentences
    ├── Conflict       409  the world moved on meanwhile; data says what is there now
    ├── TooLarge       413  too much at once
    ├── Unprocessable  422  well-formed, but it makes no sense here
    ├── Limit          429  too many, too often
    └── Unavailable    503  the database does not answer; data["maybe_done"] when it left in the middle of saving

Each carries a code for programs, a sentence for people and data. They are turned into answers in four places:
REST handler, page, gateway frame, Discord reply.
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from contract.translation import _


class GameError(Exception):
    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"

    def __init__(self, detail: str, code: str | None = None, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.data = data

    def as_json(self) -> dict[str, object]:
        """`{"code", "detail", …data}`, the body of every error."""
        return {"code": self.code, "detail": self.detail, **self.data}

    @property
    def headers(self) -> dict[str, str]:
        """Of the HTTP answer: when to come back, where that is known."""
        return {"Retry-After": str(self.data["retry_after"])} if "retry_after" in self.data else {}


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


class TooLarge(GameError):
    status = 413
    default_code = "too_large"


class Unprocessable(GameError):
    status = 422
    default_code = "unprocessable"


class Limit(GameError):
    status = 429
    default_code = "limit"


class Unavailable(GameError):
    status = 503
    default_code = "unavailable"


def whole_problem(label: str, value: object, low: int, high: int) -> str:
    """What is wrong with a value that should be a whole number; empty where nothing is. So are the others below."""
    if isinstance(value, bool) or not isinstance(value, int):
        return _("{label} must be a whole number.", label=_(label))
    return (
        ""
        if low <= value <= high
        else _("{label} goes from {low} to {high}.", label=_(label), low=low, high=high)
    )


def text_problem(label: str, value: object, most: int) -> str:
    if not isinstance(value, str):
        return _("{label} must be text.", label=_(label))
    if len(value) <= most:
        return ""
    return _(
        "{label} may have {most} characters; this has {length}.", label=_(label), most=most, length=len(value)
    )


def flag_problem(label: str, value: object) -> str:
    return "" if isinstance(value, bool) else _("{label} is either yes or no.", label=_(label))


def choice_problem(label: str, value: object, choices: Collection[str]) -> str:
    if isinstance(value, str) and value in choices:
        return ""
    names = ", ".join(choice or "none" for choice in choices)
    return _("{label} must be one of: {names}.", label=_(label), names=names)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


class Problems:
    """Collects what is wrong with options; `settle` raises one Invalid that names every field."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}

    def add(self, name: str, sentence: str) -> None:
        self.fields.setdefault(name, []).append(sentence)

    def add_if(self, name: str, sentence: str) -> None:
        """Adds a sentence unless it is empty."""
        if sentence:
            self.add(name, sentence)

    def whole(self, name: str, value: object, low: int, high: int, none: bool = False) -> None:
        """Wants a whole number from `low` to `high`; with `none`, None too."""
        if value is not None or not none:
            self.add_if(name, whole_problem(_label(name), value, low, high))

    def words(self, name: str, value: object, max_length: int) -> None:
        self.add_if(name, text_problem(_label(name), value, max_length))

    def flag(self, name: str, value: object) -> None:
        self.add_if(name, flag_problem(_label(name), value))

    def one_of(self, name: str, value: object, choices: Iterable[str]) -> None:
        self.add_if(name, choice_problem(_label(name), value, tuple(choices)))

    def settle(self) -> None:
        if self.fields:
            raise Invalid(
                " ".join(sentence for sentences in self.fields.values() for sentence in sentences),
                fields=self.fields,
            )
