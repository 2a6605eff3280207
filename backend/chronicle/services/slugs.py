"""Addresses made from names."""

from django.db import models
from django.utils.text import slugify

from rules.ids import uuid7


def free_slug(model: type[models.Model], name: str) -> str:
    """Return the name as a slug, numbered if it is taken; an id if the name has no letters."""
    base = slugify(name)[:100].strip("-") or str(uuid7())
    manager = model._default_manager
    taken = set(manager.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
