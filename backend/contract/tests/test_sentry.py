"""Reports of errors hold no secret and nothing that anybody typed; without a DSN there are none."""

import json

from contract import sentry
from contract.redaction import Redactor
from contract.variables import Variables

SECRET = "a-secret-of-ours"
EVENT = {
    "level": "error",
    "logger": "rod.errors",
    "logentry": {
        "message": "unexpected error on %s",
        "params": ["/?q=typed"],
        "formatted": "error on /?q=typed",
    },
    "extra": {"reference": "ab12", "header": "Api-Key 1234567890abcdefXXXX", "list": [SECRET]},
    "exception": {
        "values": [{"type": "ValueError", "value": "typed by somebody", "stacktrace": {"frames": []}}]
    },
    "request": {"data": "typed", "cookies": {"sessionid": "typed"}},
    "user": {"ip_address": "typed"},
    "breadcrumbs": {"values": ["typed"]},
}


def test_a_report_has_the_place_and_the_reference_and_nothing_else_of_anybody() -> None:
    report = sentry.scrubbed(EVENT, {}, Redactor([SECRET]))
    text = json.dumps(report)
    assert "typed" not in text
    assert SECRET not in text
    assert "XXXX" not in text
    assert report["exception"]["values"][0]["type"] == "ValueError"
    assert (report["extra"]["reference"], report["logentry"]) == (
        "ab12",
        {"message": "unexpected error on %s"},
    )


def test_without_a_dsn_there_is_no_sentry() -> None:
    assert sentry.start(Variables()) is False


def test_with_one_nothing_personal_is_gathered_in_the_first_place() -> None:
    options = sentry.options(
        Variables(SENTRY_DSN="https://key@sentry.example/1", VERSION="1.2", ENV="production")
    )
    assert (options["dsn"], options["release"], options["environment"]) == (
        "https://key@sentry.example/1",
        "1.2",
        "production",
    )
    assert (options["send_default_pii"], options["include_local_variables"]) == (False, False)
