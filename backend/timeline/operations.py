"""Operations: what can be done, as literal tables. Each app has one in its `operations.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from inspect import getdoc
from typing import Any, Generic, TypeVar

from contract.base import Answer, Input
from contract.endpoints import Endpoint, Shape
from timeline.keys import Kept

CallT = TypeVar("CallT", contravariant=True)
InputT = TypeVar("InputT", bound=Input)
AnswerT = TypeVar("AnswerT", bound=Answer)


class Door(StrEnum):
    """Ways in: the public REST API, the bot API, the pages; and the Discord process, of its own accord."""

    REST = "rest"
    BOT = "bot"
    PAGE = "page"
    PROCESS = "process"


EVERY_DOOR = frozenset({Door.REST, Door.BOT, Door.PAGE})
PROCESS_ALONE = frozenset({Door.PROCESS})


@dataclass(frozen=True)
class Operation(Generic[CallT, InputT, AnswerT]):
    """One thing that can be done, whichever door it is asked through.

    `shape` is its endpoint, where the bot API offers it as it is: `bot.urls` follows from that.
    `right` is the action of `chronicle.rights` that `run` requires (the service asks, under its lock); empty where
    anyone signed in may. `reads`: changes nothing, so it needs no idempotency key. `replay` makes the parts of an
    answer that are not kept with a key (`Answer.rebuilt`) again. `prepare` does what takes long, as a download, before
    the transaction begins, and changes nothing; `finish` completes an answer after the commit.
    """

    name: str
    shape: Endpoint[InputT, AnswerT] | Shape[InputT, AnswerT]
    run: Callable[[CallT, InputT], AnswerT]
    right: str = ""
    doors: frozenset[Door] = EVERY_DOOR
    reads: bool = False
    status: int = 200
    replay: Callable[[CallT, Kept], AnswerT] | None = None
    prepare: Callable[[CallT, InputT], InputT] | None = None
    finish: Callable[[AnswerT], AnswerT] | None = None

    def __post_init__(self) -> None:
        if bool(self.answer.rebuilt) != bool(self.replay) and not self.reads:
            raise TypeError(f"{self.name}: an answer with rebuilt fields needs replay, and no other does")

    @property
    def input(self) -> type[InputT]:
        return self.shape.input

    @property
    def answer(self) -> type[AnswerT]:
        return self.shape.answer

    @property
    def summary(self) -> str:
        """What it does: the first paragraph of the docstring of `run`."""
        return (getdoc(self.run) or "").partition("\n\n")[0]

    @cached_property
    def rebuilt(self) -> set[str]:
        """The answer's fields that a key does not keep."""
        return set(self.answer.rebuilt)


# Addresses of the public API: path → HTTP method → operation. Parts of a path are fields of the input.
Addresses = Mapping[str, Mapping[str, Operation[Any, Any, Any]]]
