"""The webhook: Patreon says what became of a pledge.

Patreon repeats a call until it is answered below 300 and pauses the webhook after a while, so what is signed and of no
use to us is answered with 200 and changes nothing.
"""

import hashlib
import hmac
import logging

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contract.translation import _
from monitoring.metrics import WEBHOOKS
from patreon import services
from patreon.documents import EVENTS, of_webhook
from rules.errors import GameError, Invalid, NotAllowed, NotFound, TooLarge
from timeline.database_outage import retry_lost_transactions

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
EVENT, SIGNATURE = "X-Patreon-Event", "X-Patreon-Signature"
IGNORED = "ignored"


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> JsonResponse:
    try:
        outcome = _receive(request)
    except GameError as error:
        WEBHOOKS.add(error.code)
        log.warning("a call of Patreon was refused: %s", error.code)
        return JsonResponse(error.as_json(), status=error.status)
    WEBHOOKS.add(outcome)
    log.info("a call of Patreon: %s", outcome)
    return JsonResponse({"outcome": outcome})


def _receive(request: HttpRequest) -> str:
    secret: str = settings.PATREON_WEBHOOK_SECRET
    if not secret:
        raise NotFound(_("Patreon isn’t set up here (PATREON_WEBHOOK_SECRET)."), code="not_set_up")
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise TooLarge(_("A call can have up to {most} KB.", most=MAX_BODY // 1024))
    # MD5 is Patreon's choice; as HMAC it is good enough.
    expected = hmac.new(secret.encode(), body, "md5").hexdigest()
    if not hmac.compare_digest(
        expected.encode(), request.headers.get(SIGNATURE, "").encode(errors="replace")
    ):
        raise NotAllowed(_("The signature doesn’t fit."), code="bad_signature")
    event = request.headers.get(EVENT, "")
    if not event:
        raise Invalid.field(EVENT, _("Name the event."))
    if event not in EVENTS:
        return IGNORED
    patron_id, membership = of_webhook(body)
    digest = hashlib.sha256(event.encode() + b"\n" + body).hexdigest()
    return retry_lost_transactions(
        lambda: services.receive(patron_id, membership, event, EVENTS[event], digest)
    )
