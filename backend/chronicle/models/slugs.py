"""Addresses made from names."""

from collections.abc import Collection

from django.utils.text import slugify

from rules.ids import uuid7


def slug_base(name: str) -> str:
    """Return the name as a slug; an id if the name has no letters."""
    return slugify(name)[:100].strip("-") or str(uuid7())


def numbered(base: str, taken: Collection[str | None]) -> str:
    """Return the slug, with the lowest number behind it that makes it free."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
