"""What can be done with badges and helpful acts, by name, with its input, answer and right."""

from uuid import UUID

from django.conf import settings

from chronicle.call import Call, person
from chronicle.principal import Principal
from contract import badges as shapes
from contract import endpoints
from progress import honours
from progress.models import HelpfulAct
from progress.services import helpful, rewards
from timeline.operations import Addresses, Operation


def _badges(call: Call, given: shapes.GetBadges) -> shapes.Badges:
    """Your badges, and those that you can still win."""
    found = honours.badges_of(call.user)
    return shapes.Badges(
        badges=found,
        won=sum(badge.state == "given" for badge in found),
        open=sum(badge.state == "open" for badge in found),
        waiting=sum(count for _, count in honours.waiting_for(call.principal)),
        url=f"{settings.SITE_URL}/progress/badges/",
    )


def _report(call: Call, given: shapes.ReportHelp) -> shapes.HelpfulAct:
    """Say that somebody helped; a storyteller confirms it."""
    chronicle = call.chronicle_for(given.chronicle)
    return honours.act(helpful.report(call.principal, chronicle, person(given.user), given.text, call.cause))


def _list(call: Call, given: shapes.ListHonours) -> shapes.Honours:
    """What waits for a storyteller: badges of prestige and reports of help, the oldest first."""
    chronicle = call.chronicle_for(given.chronicle)
    return shapes.Honours(
        results=honours.waiting_in(call.principal, chronicle), url=honours.page_of(chronicle)
    )


def _get(call: Call, given: shapes.NamedHonour) -> shapes.Honour:
    """A badge of prestige or a report of help, for storytellers."""
    return _one(call.principal, given.honour)


def _confirm(call: Call, given: shapes.NamedHonour) -> shapes.Honour:
    """Approve a badge of prestige, or confirm that somebody helped."""
    decide = helpful.confirm if _is_act(given.honour) else rewards.approve
    decide(call.principal, given.honour, call.cause)
    return _one(call.principal, given.honour)


def _refuse(call: Call, given: shapes.RefuseHonour) -> shapes.Honour:
    """Refuse a badge of prestige, or a report of help."""
    decide = helpful.refuse if _is_act(given.honour) else rewards.refuse
    decide(call.principal, given.honour, call.cause, given.reason or "")
    return _one(call.principal, given.honour)


def _one(principal: Principal, honour: UUID) -> shapes.Honour:
    if _is_act(honour):
        return honours.honour_of_act(helpful.waiting_one(principal, honour))
    return honours.honour_of_reward(*rewards.waiting_one(principal, honour))


def _is_act(honour: UUID) -> bool:
    return HelpfulAct.objects.filter(pk=honour).exists()


GET_BADGES = Operation("progress.badges", endpoints.GET_BADGES, _badges, reads=True)
REPORT_HELP = Operation("progress.report_help", endpoints.REPORT_HELP, _report, "chronicle.view", status=201)
LIST_HONOURS = Operation("progress.honours", endpoints.LIST_HONOURS, _list, "chronicle.honour", reads=True)
GET_HONOUR = Operation("progress.honour", endpoints.GET_HONOUR, _get, "chronicle.honour", reads=True)
CONFIRM_HONOUR = Operation("progress.confirm_honour", endpoints.CONFIRM_HONOUR, _confirm, "chronicle.honour")
REFUSE_HONOUR = Operation("progress.refuse_honour", endpoints.REFUSE_HONOUR, _refuse, "chronicle.honour")
REST: Addresses = {
    "users/me/badges/": {"GET": GET_BADGES},
    "chronicles/<uuid:chronicle>/helpful-acts/": {"POST": REPORT_HELP},
    "chronicles/<uuid:chronicle>/honours/": {"GET": LIST_HONOURS},
    "honours/<uuid:honour>/": {"GET": GET_HONOUR},
    "honours/<uuid:honour>/confirm/": {"POST": CONFIRM_HONOUR},
    "honours/<uuid:honour>/refuse/": {"POST": REFUSE_HONOUR},
}
