"""The answer to a permission question: allowed or not, and why."""

from dataclasses import dataclass

from contract.translation import N_, _
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
# What there is none of, as far as somebody may know.
_HIDDEN = {
    "channel": N_("There’s no such channel."),
    "character": N_("There’s no such character."),
    "chronicle": N_("There’s no such chronicle."),
    "conversation": N_("There’s no such channel."),
    "message": N_("There’s no such message."),
    "role": N_("There’s no such role."),
    "roll": N_("There’s no such roll."),
    "scene": N_("There’s no such scene."),
    "server": N_("There’s no such server."),
    "stream": N_("There’s no such stream."),
}


def no(reason: str) -> Decision:
    return Decision(False, reason)


def hidden(what: str) -> Decision:
    return Decision(False, _(_HIDDEN[what]), hidden=True)
