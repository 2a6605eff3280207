"""The answer to a permission question: allowed or not, and why."""

from dataclasses import dataclass

from rules.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str = ""
    hidden: bool = False
    code: str | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        if self.hidden:
            raise NotFound(self.reason)
        if not self.allowed:
            raise NotAllowed(self.reason, self.code)


YES = Decision(True)


def no(reason: str) -> Decision:
    return Decision(False, reason)


def hidden(what: str) -> Decision:
    return Decision(False, f"There is no such {what}.", hidden=True)
