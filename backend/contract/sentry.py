"""Unexpected errors go to Sentry where `SENTRY_DSN` names one, without secrets and without what people typed."""

from typing import TYPE_CHECKING, Any, cast

from contract.logs import INTERACTION, REQUEST
from contract.redaction import Redactor, secrets_of
from contract.variables import Variables

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Bodies, headers and cookies hold what people typed, and who they are.
NEVER_SENT = ("request", "user", "breadcrumbs", "server_name", "modules")


def start(variables: Variables) -> bool:
    """Return whether there is a Sentry; without one the library is not even imported."""
    if not variables.SENTRY_DSN:
        return False
    import sentry_sdk

    sentry_sdk.init(**options(variables))
    return True


def options(variables: Variables) -> dict[str, Any]:
    redact = Redactor(secrets_of(variables))
    return {
        "dsn": variables.SENTRY_DSN,
        "environment": variables.ENV,
        "release": variables.VERSION,
        "send_default_pii": False,
        "include_local_variables": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "before_send": lambda event, hint: scrubbed(event, hint, redact),
    }


def scrubbed(event: "Event", hint: "Hint", redact: Redactor) -> "Event":
    """The report without secrets. Messages lose their values, in which is what people typed."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name not in NEVER_SENT}
    entry = kept.get("logentry")
    if isinstance(entry, dict):
        kept["logentry"] = {"message": entry.get("message", "")}
    for error in kept.get("exception", {}).get("values", ()):
        error["value"] = ""
    kept["tags"] = {"request": REQUEST.get(), "interaction": INTERACTION.get()}
    return cast("Event", _without(kept, redact))


def _without(part: object, redact: Redactor) -> object:
    if isinstance(part, str):
        return redact(part)
    if isinstance(part, dict):
        return {name: _without(value, redact) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_without(value, redact) for value in part]
    return part
