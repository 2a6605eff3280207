"""Which of several things a person named, or the error that helps them to name it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from contract.lookup import AND, did_you_mean, either, matches
from contract.translation import N_, _
from rules.errors import Conflict, GameError, Invalid, NotFound
from rules.text import clean

Key = TypeVar("Key", bound=Hashable)
# So many are listed in a sentence.
LISTED = 10
# What somebody typed is repeated up to this length.
SHOWN = 50
# By what is looked for.
NOT_FOUND = {
    "channel": N_("There is no channel called “{typed}” here."),
    "character": N_("There is no character called “{typed}” here."),
    "choice": N_("There is no choice called “{typed}” here."),
    "chronicle": N_("There is no chronicle called “{typed}” here."),
    "feature": N_("There is no feature called “{typed}” here."),
    "house rule": N_("There is no house rule called “{typed}” here."),
    "macro": N_("There is no macro called “{typed}” here."),
    "role": N_("There is no role called “{typed}” here."),
    "trait": N_("There is no trait called “{typed}” here."),
}


def which(typed: str, named: Mapping[Key, Sequence[str]], what: str, *, field: str = "") -> Key:
    """Return the key that is meant; `named` has each one's spellings, the one for people last. `what`: of `NOT_FOUND`.

    Raises for none NotFound, or Invalid for `field` where one is named; for several Conflict (`ambiguous`, with the
    `candidates`).
    """
    found = matches(typed, named)
    if len(found) == 1:
        return found[0]
    if found:
        labels = [named[key][-1] for key in found[:LISTED]]
        sentence = _(
            "“{typed}” may mean {names}. Write a little more.",
            typed=clean(typed, SHOWN),
            names=either(labels),
        )
        raise Conflict(sentence, code="ambiguous", candidates=[str(key) for key in found[:LISTED]])
    raise none_found(typed, list(named.values()), what, field=field)


def none_found(typed: str, named: Sequence[Sequence[str]], what: str, *, field: str = "") -> GameError:
    """Return the error for a name that fits nothing: the nearest are suggested, else a few are all listed.

    `named` has the spellings of each thing, the one for people last.
    """
    hint = did_you_mean(typed, named)
    if not hint and 0 < len(named) <= LISTED and field:
        hint = " " + _("There is {names}.", names=either([names[-1] for names in named], AND))
    sentence = _(NOT_FOUND[what], typed=clean(typed, SHOWN)) + hint
    return Invalid.field(field, sentence) if field else NotFound(sentence)
