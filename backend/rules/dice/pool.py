"""Parse pools such as `strength + brawl.grappling + 2 - 1` into named lines.

A trait may be shortened as long as it stays the only one meant, and an attribute goes before a skill; a specialty
stands after a dot. Pure over the traits that the caller hands in. A minus between two letters belongs to a name
(`self-control`), unless no such name exists. A sign that neither a pool nor the named trait has is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from contract import lookup
from contract.lookup import did_you_mean, either, fold
from contract.translation import N_, _, n_, named
from rules.dice.base import Record
from rules.errors import Invalid
from rules.text import clean

MAX_TEXT = 200
MAX_TERMS = 20
MAX_NUMBER = 100
MAX_NAMED = 10

# An operator. The minus of `self-control` is none at first; `_Reader` splits there when it must.
OPERATOR = re.compile(r"\+|(?<![^\W\d_])[-−–—]|[-−–—](?![^\W\d_])")
INNER_MINUS = re.compile("[-−–—]")
# Letters, digits and signs as wide as those of Chinese and Japanese, and the blank between them.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
NUMBER = re.compile(r"[0-9]{1,6}")


# What may stand in a name that was typed, though the trait itself is written without it.
FREE_SIGNS = frozenset("_-‐‑–—'’‘ʼ`´")
ATTRIBUTES = "attributes"


class PoolTrait(NamedTuple):
    """`group` is where the trait stands on its sheet, `context` that of its label's translation."""

    label: str
    dots: int
    specialties: tuple[str, ...] = ()
    group: str = ""
    context: str = ""

    @property
    def name(self) -> str:
        """The label in the current language."""
        return named(self.label, self.context)


# Slug → trait.
Traits = Mapping[str, PoolTrait]


@dataclass(frozen=True)
class PoolLine(Record):
    """`trait` is the slug where the line is a trait's, `specialty` the name where it is a specialty's."""

    label: str
    dice: int
    trait: str = ""
    specialty: str = ""


@dataclass(frozen=True)
class Pool(Record):
    """`dice` may be below one; what that means is the system's matter."""

    parts = {"lines": PoolLine}

    lines: tuple[PoolLine, ...]

    @property
    def dice(self) -> int:
        return sum(line.dice for line in self.lines)

    @property
    def specialties(self) -> tuple[str, ...]:
        return tuple(line.specialty for line in self.lines if line.specialty)

    def plus(self, *lines: PoolLine) -> "Pool":
        """With more lines at its end, such as a wound penalty."""
        return Pool((*self.lines, *lines))


class Completion(NamedTuple):
    """`text` is the whole pool with its last part completed; it reads back as what `label` says."""

    text: str
    label: str


class _Term(NamedTuple):
    sign: int
    text: str


def parse(text: str, traits: Traits, specialty_dice: int = 1) -> Pool:
    """The lines of a pool. `specialty_dice` is what a specialty adds: 1, or 0 where it makes tens count twice.

    Raises Invalid for `pool`; where several traits are meant, its data has them as `candidates`.
    """
    if len(text) > MAX_TEXT:
        raise _refuse(
            _("A pool may have {most} characters; this has {length}.", most=MAX_TEXT, length=len(text))
        )
    text = _plain(text)
    lines: list[PoolLine] = []
    for term in _terms(text, traits):
        lines.extend(_lines(term, traits, specialty_dice, first=not lines))
    return Pool(tuple(lines))


def complete(text: str, traits: Traits, limit: int = 25, max_length: int = 100) -> list[Completion]:
    """Complete the last part of a half-written pool; the likeliest first. Never raises."""
    if len(text) > MAX_TEXT:
        return []
    head, last = _split_last(_plain(text), traits)
    if NUMBER.fullmatch(last):
        endings: Iterable[tuple[str, str]] = [(last, last)]
    elif "." in last:
        endings = _specialty_endings(last, traits)
    else:
        endings = _trait_endings(last, traits)
    whole = (Completion(head + ending, clean(head + label, max_length)) for ending, label in endings)
    return [completion for completion in whole if len(completion.text) <= max_length][:limit]


def _plain(text: str) -> str:
    return lookup.WIDTHLESS.sub("", text).translate(WIDE)


def _terms(text: str, traits: Traits) -> list[_Term]:
    terms = list(_split(text, traits))
    if len(terms) > 1 and not terms[0].text:
        terms = terms[1:]  # a sign at the start
    if not any(term.text for term in terms):
        raise _refuse(_("Name a pool, such as strength + brawl or 5."))
    if not all(term.text for term in terms):
        raise _refuse(_("There is a + or − with nothing after it."))
    if len(terms) > MAX_TERMS:
        raise _refuse(
            _("A pool may have {most} parts; this has {length}.", most=MAX_TERMS, length=len(terms))
        )
    return terms


def _split(text: str, traits: Traits) -> Iterator[_Term]:
    for sign, part in _between(OPERATOR, text, 1):
        inner = INNER_MINUS.search(part)
        if inner and not _meant(part.split(".")[0], traits):
            yield from (
                _Term(inner_sign, piece.strip()) for inner_sign, piece in _between(INNER_MINUS, part, sign)
            )
        else:
            yield _Term(sign, part.strip())


def _between(pattern: re.Pattern[str], text: str, sign: int) -> Iterator[tuple[int, str]]:
    """The pieces between the operators, each with its sign."""
    start = 0
    for found in pattern.finditer(text):
        yield sign, text[start : found.start()]
        sign, start = (1 if found.group() == "+" else -1), found.end()
    yield sign, text[start:]


def _lines(term: _Term, traits: Traits, specialty_dice: int, first: bool) -> Iterator[PoolLine]:
    if NUMBER.fullmatch(term.text):
        yield _number_line(term, first)
        return
    name, *wanted = (piece.strip() for piece in term.text.split("."))
    if wanted and NUMBER.fullmatch(name) and name not in traits:
        raise _refuse(_("Dice come in whole numbers; “{typed}” isn’t one.", typed=clean(term.text, 40)))
    if wanted and not all((name, *wanted)):
        raise _refuse(_("Put a dot between a trait and its specialty, as in brawl.grappling."))
    slug = _resolve(name, traits)
    label, dots, specialties = traits[slug][:3]
    yield PoolLine(label, term.sign * (dots or 0), slug)
    seen: set[str] = set()
    for name in wanted:
        specialty = _resolve_specialty(name, traits[slug].name, specialties)
        if specialty in seen:
            raise _refuse(_("The specialty {specialty} is there twice.", specialty=specialty))
        seen.add(specialty)
        yield PoolLine(specialty, term.sign * specialty_dice, slug, specialty)


def _number_line(term: _Term, first: bool) -> PoolLine:
    number = int(term.text)
    if number > MAX_NUMBER:
        raise _refuse(_("A number in a pool can be up to {most}.", most=MAX_NUMBER))
    if term.sign < 0:
        return PoolLine(N_("Penalty"), -number)
    return PoolLine(N_("Dice") if first else N_("Bonus"), number)


def _resolve(name: str, traits: Traits) -> str:
    shown = clean(name, 40)
    found = _meant(name, traits)
    _refuse_signs(name, [traits[slug].label for slug in found])
    if not found:
        hint = did_you_mean(name, (_names(slug, trait) for slug, trait in traits.items()))
        raise _refuse(_("There is no trait “{typed}” here.", typed=shown) + hint)
    if len(found) > 1:
        labels = [traits[slug].name for slug in found]
        raise _refuse(
            _("“{typed}” may mean {names}. Write a little more.", typed=shown, names=_listed(labels)), found
        )
    return found[0]


def _refuse_signs(name: str, labels: Iterable[str]) -> None:
    """Raise at a sign that would be dropped: it was meant, and none of the named traits is written with it."""
    known = FREE_SIGNS.union(*labels)
    for char in name:
        if not (char.isalnum() or char.isspace() or char in known or unicodedata.category(char)[0] == "M"):
            raise _refuse(
                _(
                    "“{sign}” means nothing in a pool. Join traits and numbers with + and −, as in strength "
                    "+ 2.",
                    sign=char,
                )
            )


def _resolve_specialty(name: str, label: str, specialties: tuple[str, ...]) -> str:
    shown = clean(name, 40)
    found = lookup.matches(name, {specialty: (specialty,) for specialty in specialties})
    _refuse_signs(name, found)
    if not found and not specialties:
        raise _refuse(_("{label} has no specialties.", label=label))
    if not found:
        raise _refuse(
            _(
                "{label} has no specialty “{typed}”; there is {names}.",
                label=label,
                typed=shown,
                names=_listed(specialties, lookup.AND),
            )
        )
    if len(found) > 1:
        raise _refuse(
            _("“{typed}” may mean {names}. Write a little more.", typed=shown, names=_listed(found)), found
        )
    return found[0]


def _meant(name: str, traits: Traits) -> list[str]:
    """Return the slugs of the traits that a name may mean; one when it is unambiguous."""
    found = lookup.matches(name, {slug: _names(slug, traits[slug]) for slug in traits})
    attributes = [slug for slug in found if traits[slug].group == ATTRIBUTES]
    return attributes if len(attributes) == 1 else found


def _names(slug: str, trait: PoolTrait) -> tuple[str, ...]:
    """What a trait can be called: its slug, its label, and that in the reader's language."""
    return tuple(dict.fromkeys((slug, trait.label, trait.name)))


def _split_last(text: str, traits: Traits) -> tuple[str, str]:
    """Split a half-written pool into its finished part, evenly spaced, and the last one."""
    end = max((found.end() for found in OPERATOR.finditer(text)), default=0)
    last = text[end:]
    for found in INNER_MINUS.finditer(last):
        if not _meant(last.split(".")[0], traits):
            end, last = end + found.end(), text[end + found.end() :]
            break
    head = text[:end].strip()
    return (f"{head} " if head else ""), last.strip()


def _trait_endings(last: str, traits: Traits) -> Iterator[tuple[str, str]]:
    """Traits that fit, each followed by its specialties when it is the only one."""
    labels = {slug: trait.name for slug, trait in traits.items()}
    listed = sorted(traits, key=lambda slug: (traits[slug].group != ATTRIBUTES, fold(labels[slug])))
    found = lookup.fitting(last, listed, labels.__getitem__) or _meant(last, traits)
    for slug in found:
        yield slug, f"{labels[slug]} ({traits[slug].dots or 0})"
    if found and (len(found) == 1 or fold(last) in map(fold, _names(found[0], traits[found[0]]))):
        yield from _specialty_endings(f"{found[0]}.", traits)


def _specialty_endings(last: str, traits: Traits) -> Iterator[tuple[str, str]]:
    *before, wanted = last.split(".")
    slugs = _meant(before[0], traits)
    if len(slugs) != 1:
        return
    trait = traits[slugs[0]]
    given = {"", *map(fold, before[1:])}
    listed = [specialty for specialty in trait.specialties if fold(specialty) not in given]
    for specialty in lookup.fitting(wanted, listed, str):
        if typed := _typed(specialty, trait.specialties):
            yield ".".join([slugs[0], *before[1:], typed]), f"{trait.name} ({specialty})"


def _typed(specialty: str, among: Iterable[str]) -> str:
    """How it is written in a pool, so that it alone is meant; empty where its signs are those of a pool."""
    named = {name: (name,) for name in among}
    for typed in (fold(specialty), lookup.key(specialty)):
        signs = "." in _plain(typed) or OPERATOR.search(_plain(typed))
        if not signs and lookup.matches(typed, named) == [specialty]:
            return typed
    return ""


def _listed(names: Iterable[str], word: str = lookup.OR) -> str:
    shown = [clean(name, 40) for name in names]
    if len(shown) > MAX_NAMED:
        shown = [*shown[:MAX_NAMED], n_("{count} more", "{count} more", len(shown) - MAX_NAMED)]
    return either(shown, word)


def _refuse(sentence: str, candidates: Iterable[str] = ()) -> Invalid:
    named = list(candidates)[:MAX_NAMED]
    if not named:
        return Invalid.field("pool", sentence)
    return Invalid(sentence, fields={"pool": [sentence]}, candidates=named)
