"""The language of sentences: one catalogue (gettext), and the language in a context variable.

`_("Saved {name}.", name=name)` looks the sentence up in the current language and fills it. Threads and tasks have each
their own language; it is English until `speaking` says otherwise. docs/TRANSLATION.md says how to mark a sentence.
"""

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
# The pseudo-language wraps every sentence, so that a test (or a person) sees what is not marked.
PSEUDO = "qps"
OPENING, CLOSING = "⟦", "⟧"
CATALOGUES = Path(__file__).resolve().parents[2] / "locale"
DOMAIN = "django"

_RANGE = re.compile(r"([A-Za-z]{1,8})(?:[-_][A-Za-z0-9]{1,8})*(?:\s*;\s*q\s*=\s*([0-9.]{1,5}))?")
_LONGEST_HEADER = 500
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


class Pseudo(gettext.NullTranslations):
    """The pseudo-language: English in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPENING}{message}{CLOSING}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def _(sentence: str, /, **data: object) -> str:
    """Return the sentence in the current language, filled with the data. Without data its braces are left alone.

    What is in no catalogue, such as a text that a player typed, comes back as it is.
    """
    return _filled(_catalogue().gettext(sentence), data) if sentence else ""


def n_(one: str, many: str, count: int, /, **data: object) -> str:
    """Return the form for this number, filled with the data and with `count`."""
    return _filled(_catalogue().ngettext(one, many, count), {"count": count, **data})


def p_(context: str, sentence: str, /, **data: object) -> str:
    """Return the sentence as it is said in this context, where English has one word for two meanings."""
    return _filled(_catalogue().pgettext(context, sentence), data)


def named(label: str, *contexts: str) -> str:
    """Return a declared label; where one of these contexts, such as an edition, has its own word for it, that one."""
    for context in contexts:
        if context and label and (found := _catalogue().pgettext(context, label)) != label:
            return found
    return _(label)


def decimal(number: float, places: int) -> str:
    """Return the number as the current language writes it: `1.5` or `1,5`."""
    return f"{number:.{places}f}".replace(".", p_("decimal point", "."))


def N_(sentence: str, /) -> str:  # noqa: N802 - what gettext's users call it
    """Mark a sentence for the catalogue and return it as it is: where it is shown, `_()` translates it."""
    return sentence


# Every language that somebody can choose, by its own name.
LANGUAGES = {ENGLISH: N_("English"), "de": N_("Deutsch")}


def language_choices() -> list[tuple[str, str]]:
    """List (`de`, `Deutsch`) for menus."""
    return [(name, _(label)) for name, label in LANGUAGES.items()]


def _filled(sentence: str, data: dict[str, object]) -> str:
    return sentence.format(**data) if data else sentence


def language() -> str:
    return _language.get()


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak this language (`de`) until the end of the block; English where nobody speaks it."""
    before = _language.set(ENGLISH)
    speak(wanted)
    try:
        yield
    finally:
        _language.reset(before)


def speak(wanted: str) -> None:
    """Speak this language from here on, until the block of `speaking` ends or the task does."""
    _language.set(wanted if wanted in LANGUAGES or wanted == PSEUDO else ENGLISH)


def best(wanted: str | None, otherwise: str = ENGLISH) -> str:
    """Choose the language for an Accept-Language header (`de-AT,en;q=0.8`) or a locale of Discord's (`en-GB`)."""
    ranked: list[tuple[float, str]] = []
    for part in (wanted or "")[:_LONGEST_HEADER].split(","):
        if (found := _RANGE.fullmatch(part.strip())) and (name := found[1].lower()) in {*LANGUAGES, PSEUDO}:
            ranked.append((_weight(found[2]), name))
    ranked.sort(key=lambda pair: -pair[0])
    return next((name for weight, name in ranked if weight > 0), otherwise)


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:  # "1.2.3"
        return 0.0


def _catalogue() -> gettext.NullTranslations:
    return catalogue(_language.get())


@cache
def catalogue(name: str) -> gettext.NullTranslations:
    """Load the compiled catalogue of a language once; English where there is none."""
    if name == PSEUDO:
        return Pseudo()
    if name == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [name], fallback=True)
