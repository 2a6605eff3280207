"""Addresses that are free in the whole platform."""

from django.db import models

from chronicle.models.slugs import numbered, slug_base


def free_slug(model: type[models.Model], name: str) -> str:
    """Return the name as a slug, numbered if it is taken; an id if the name has no letters."""
    base = slug_base(name)
    manager = model._default_manager
    return numbered(base, set(manager.filter(slug__startswith=base).values_list("slug", flat=True)))
