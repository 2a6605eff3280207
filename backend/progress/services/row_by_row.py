"""Settle what is due row by row: one that cannot be settled is logged, stays due, and holds up no other."""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet

from rules.errors import GameError
from timeline.database_outage import is_outage

log = logging.getLogger(__name__)

BATCH = 500
# What code raises over content that is not as it expects: of another version, or of a rule that is gone.
CONTENT_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
ROW_ERRORS = (*CONTENT_ERRORS, DatabaseError, GameError, ObjectDoesNotExist, ValidationError)


def settle_each(due: "QuerySet[Any]", settle: Callable[[UUID], bool]) -> int:
    """Call `settle`, a transaction, with the id of each row; return how many were settled."""
    return sum(_is_settled(due.model.__name__, pk, settle) for pk in _ids(due))


def _ids(due: "QuerySet[Any]") -> Iterator[UUID]:
    """Some at a time, and each once: what fails stays in the table."""
    ordered = due.order_by("pk").values_list("pk", flat=True)
    batch = list(ordered[:BATCH])
    while batch:
        yield from batch
        batch = list(ordered.filter(pk__gt=batch[-1])[:BATCH])


def _is_settled(what: str, pk: UUID, settle: Callable[[UUID], bool]) -> bool:
    try:
        return settle(pk)
    except ROW_ERRORS as error:
        if is_outage(error):  # no row’s fault: the next run finds all that is left
            raise
        log.exception("%s %s cannot be settled", what, pk)
        return False
