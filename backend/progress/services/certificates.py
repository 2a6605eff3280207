"""Certificates of passed exams: one for a person and exam, which anybody can verify who has its code.

They name no sitting: a reset takes the sittings, and certificates stay (S001-24, S001-27).
"""

import secrets
from datetime import datetime

from django.db import transaction

from chronicle.principal import Principal
from contract.events import EventType, SittingSubject
from contract.exams import MAX_NAME
from contract.translation import N_, _
from discordauth.models import CustomUser
from progress.models import Certificate, Paper
from progress.services import papers
from rules.errors import Invalid, NotFound
from rules.text import clean, has_ink
from timeline.services import Cause, record

# Crockford's: without I, L, O and U, which are taken for something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011")
GROUP, GROUPS = 4, 4  # 80 bits
NO_SUCH = N_("There’s no certificate with this code.")


def new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _number in range(GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """A code as it is kept, however somebody typed it."""
    signs = [sign for sign in typed.upper().translate(ALIKE) if sign in ALPHABET]
    return "-".join("".join(signs[start : start + GROUP]) for start in range(0, len(signs), GROUP))


def grant(user: CustomUser, paper: Paper, score: int, now: datetime) -> Certificate:
    """The certificate of this (locked) person for any version of an exam: new, or the old one with the best score."""
    mine = Certificate.objects.filter(papers.of_first(paper, "paper__"), user=user).first()
    if mine is None:
        return Certificate.objects.create(
            code=new_code(),
            user=user,
            paper=paper,
            name=clean(user.display_name, MAX_NAME),
            title=paper.title,
            system=paper.system,
            score=score,
            issued_at=now,
        )
    if score > mine.score:
        mine.score = score
        mine.save(update_fields=["score"])
    return mine


def find(code: str) -> Certificate:
    """For everybody. Raises NotFound."""
    row = Certificate.objects.select_related("paper").filter(code=read_code(code[:100])).first()
    if row is None:
        raise NotFound(_(NO_SUCH))
    return row


def of_user(user: CustomUser) -> list[Certificate]:
    return list(Certificate.objects.select_related("paper").filter(user=user).order_by("-issued_at", "-pk"))


@transaction.atomic
def rename(principal: Principal, code: str, name: str, cause: Cause) -> Certificate:
    """Its owner chooses under which name it stands. Raises NotFound, Invalid."""
    user_id = principal.id
    row = Certificate.objects.select_for_update().filter(code=read_code(code), user_id=user_id).first()
    if row is None or user_id is None:
        raise NotFound(_("You have no certificate with this code."))
    before, row.name = row.name, clean(name, MAX_NAME)
    if not has_ink(row.name):
        raise Invalid.field("name", _("A name has 1 to {most} characters.", most=MAX_NAME))
    row.save(update_fields=["name"])
    record(
        stream=("user", user_id),
        type=EventType.CERTIFICATE_RENAMED,
        subject=SittingSubject(owner=user_id, name=row.title),
        entity_id=row.pk,
        version=0,
        cause=cause,
        changes={"name": [before, row.name]},
    )
    return row
