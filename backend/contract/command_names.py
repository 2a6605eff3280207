"""What the commands of the bot and their options are called in the current language, as Discord shows them.

The catalogue has them in the contexts `command` and `option`. An option that is a trait, or an option of a roll, is
called by its label.
"""

import re

from contract.translation import ENGLISH, _, language, p_

COMMANDS, OPTIONS = "command", "option"
LONGEST = 32
_ODD = re.compile(r"[^\w'-]+")


def parted(name: str) -> tuple[str, str]:
    """`player2` is `player`, and a number."""
    stem = name.rstrip("0123456789")
    return stem, name[len(stem) :]


def name_in(kind: str, name: str) -> str:
    """What a command or an option, by its kind, is called; a number at its end stays."""
    stem, number = parted(name)
    return p_(kind, stem) + number


def called(command: str) -> str:
    """What a command, such as `/server edition`, is called."""
    return "/" + " ".join(name_in(COMMANDS, name) for name in command.removeprefix("/").split())


def option_called(name: str, label: str = "") -> str:
    """What an option is called; `label` is that of its trait or roll, in English or translated already."""
    if not label or language() == ENGLISH:
        return name_in(OPTIONS, name)
    return _ODD.sub("_", _(label).lower()).strip("_")[:LONGEST]
