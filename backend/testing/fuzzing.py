"""Shared by the fuzz tests: how many examples they try, and what no answer may contain."""

import fcntl
import json
import os
import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from scripts.environment_for_tests import FOLDER

# `FUZZ=20` in the environment: twenty times as many examples, and others in every run.
FUZZ = int(os.environ.get("FUZZ", "1"))
INTERNALS = re.compile(
    r"Traceback|File \\?\"|site-packages|/backend/|\.py\b|0x[0-9a-f]{6}|<class|<function|\bSELECT |\bINSERT INTO"
    r"|sqlite|psycopg|mysql|mariadb|postgres|django|rest_framework|orjson|uvicorn|recursion"
    r"|\b(?-i:[A-Z][a-z]+\w*(Error|Exception|Warning))\b",
    re.IGNORECASE,
)

QUOTED = re.compile("“[^”]*”")


def tries(number: int, **options: Any) -> settings:
    """So many examples: the same ones in every run, unless somebody asks for more. Only then are failures made small,
    which takes minutes."""
    options.setdefault("phases", [Phase.explicit, Phase.generate] if FUZZ == 1 else tuple(Phase))
    return settings(
        max_examples=number * FUZZ,
        derandomize=FUZZ == 1,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **options,
    )


def described(app: str) -> Any:
    """What an app's OpenAPI document describes, for schemathesis. The cases that it derives from each schema, hundreds
    for a call, are for the long run."""
    import schemathesis  # takes a second, and only the modules that call this need it
    from schemathesis.config import SchemathesisConfig

    from rod.wsgi import application

    config = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": FUZZ > 1}}})
    schema = schemathesis.openapi.from_dict(_document(app), config=config)
    schema.app = application
    return schema


def _document(app: str) -> dict[str, Any]:
    """Made by the first process of a run, which takes a second for an app; the others wait and read it."""
    from rod.openapi import document

    kept = Path(os.environ[FOLDER]) / f"openapi-{app}.json"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(document(app)), encoding="utf-8")
    whole: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return whole


def assert_sane(status: int, headers: Any, content: bytes) -> None:
    """Assert that an answer is JSON, no server error, and reveals nothing internal."""
    text = content.decode()
    assert status < 500, text
    if status == 304 or not content:
        return
    assert headers["Content-Type"].partition(";")[0] == "application/json", headers["Content-Type"]
    body = json.loads(text)
    if status >= 400:
        assert_telling(body)


def assert_telling(error: dict[str, Any]) -> None:
    """Assert that an error has a code and a sentence, and reveals nothing internal."""
    assert re.fullmatch(r"[a-z_]+", error["code"]), error
    assert_sentence(error["detail"])
    # The names of fields are what was sent.
    fields = list(error.get("fields", {}).values())
    assert_keeps_secrets(json.dumps({**error, "fields": fields}, ensure_ascii=False))


def assert_keeps_secrets(text: str) -> None:
    """Assert that nothing internal is in a text, apart from what was sent, which stands in quotation marks."""
    assert not INTERNALS.search(QUOTED.sub("“”", text)), text


def assert_sentence(detail: Any) -> None:
    assert isinstance(detail, str)
    assert detail[:1].isprintable(), detail
    assert detail.rstrip().endswith((".", "?", ".)", "”")) or detail[-1:].isalnum(), detail
    assert len(detail) < 2000
    detail.encode("utf-8")
