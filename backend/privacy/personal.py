"""How one model is declared: what of it is whose, what a download shows of it, what a deletion does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from discordauth.models import CustomUser
from privacy import erasing, showing
from privacy.erasing import stays

Rows = Callable[[CustomUser], "QuerySet[Any]"]


@dataclass(frozen=True)
class Personal:
    """`rows`: what of the model is somebody's. `files`: what of it is in their download, by the name of the file; or
    else `hidden` says why nothing is. `erase` makes nothing of the person be left; the steps come in the order of the
    table. Afterwards `left` finds nothing, which is all `rows` if it is not said.
    """

    model: type[Model]
    holds: str
    rows: Rows
    erase: erasing.Erase
    files: dict[str, showing.Show] | None = None
    hidden: str = ""
    left: Rows | None = None

    def remaining(self, person: CustomUser) -> "QuerySet[Any]":
        if self.erase is stays:
            return self.model._default_manager.none()
        return (self.left or self.rows)(person)


def of(model: type[Model], name: str = "user", *related: str) -> Rows:
    """Its rows that a column names the person in."""
    return lambda person: model._default_manager.filter(**{name: person}).select_related(*related)
