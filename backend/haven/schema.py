"""The schema of the splats: what the Discord process and the pages build commands and sheets from."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from contract.translation import ENGLISH, N_, _, language, named, speaking
from haven.models import Character
from haven.models.common import GROUPS
from haven.registry import SPLATS
from rules.traits import Trait

# What labels of events are made of besides those of traits, and what notices call kinds of damage.
MORE_WORDS = (
    N_("Visibility"),
    N_("superficial"),
    N_("aggravated"),
    N_("bashing"),
    N_("lethal"),
    # Who sees a trait, in the history.
    N_("public"),
    N_("table"),
    N_("private"),
    N_("secret"),
)


def schema() -> dict[str, Any]:
    """`{"splats": […]}`, in the order of the registry; its labels in the current language."""
    return _schema_in(language())


@cache
def _schema_in(_spoken: str) -> dict[str, Any]:
    return {"splats": [splat_schema(slug, model) for slug, model in SPLATS.items()]}


def splat_schema(slug: str, model: type[Character]) -> dict[str, Any]:
    used = {trait.group for trait in model.traits.values()}
    return {
        "slug": slug,
        "label": _(model.splat_label),
        "edition": model.edition,
        "command": model.command,
        "groups": [{"slug": name, "label": _(label)} for name, label in GROUPS.items() if name in used],
        "traits": [trait.schema() for trait in model.traits.values()],
    }


def label_words(splat: str) -> dict[str, str]:
    """What the labels in frames are made of, with each word in the current language; of English nothing.

    A word that only one trait has stands under that trait's slug: `nature_realm|Nature`.
    """
    return {} if language() == ENGLISH else _label_words(splat, language())


@cache
def _label_words(splat: str, _spoken: str) -> dict[str, str]:
    words = {word: _(word) for word in MORE_WORDS}
    for trait in SPLATS[splat].traits.values():
        own = f"{trait.slug}|" if trait.context == trait.slug else ""
        words |= {own + text: named(text, trait.context) for text in _english(trait)}
    return {text: word for text, word in words.items() if text != word}


def _english(trait: Trait) -> Iterator[str]:
    with speaking(ENGLISH):
        schema = trait.schema()
    yield from _texts(schema)


def _texts(part: object, key: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _texts(value, name)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value, key)
    elif isinstance(part, str) and part and key in ("label", "choices", "levels"):
        yield part
