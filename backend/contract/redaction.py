"""Takes secrets out of what is written down: log lines, and reports of errors."""

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from urllib.parse import unquote, urlsplit

from contract.variables import Variables

HIDDEN = "[hidden]"
# Shorter ones are words that stand in many a line; production refuses them.
SHORTEST = 8
_SIGN = r"[^\s\"'\\&,;<>)}\]]"
_QUOTE = r"\\?[\"']?"
# What a secret looks like wherever it stands: in a header, a setting or a form, a query, an address. No part of it may
# look far ahead from many places: a line may hold a word of any length.
_LOOKS = re.compile(
    rf"(\b(?:api-key|bearer|bot|basic)\s+)(?=\S*\d){_SIGN}{{16,}}"
    rf"|((?:token|secret|password|passwd|api_?key|secret_key|ticket|sessionid|signature|code_verifier)"
    rf"{_QUOTE}\s*[=:]\s*{_QUOTE}){_SIGN}+"
    rf"|([?&](?:code|state)=){_SIGN}+"
    rf"|(/(?:calendar|overlay)/){_SIGN}{{16,}}"
    r"|(://[^\s:/@]*:)[^\s@/]+(?=@)",
    re.IGNORECASE,
)


class Redactor:
    """Hides these secrets, and what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first: one may be part of another.
        long = {secret for secret in secrets if len(secret) >= SHORTEST}
        written = long | {json.dumps(secret)[1:-1] for secret in long}
        known = sorted(written, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return _LOOKS.sub(lambda found: f"{next(filter(None, found.groups()), '')}{HIDDEN}", text)


def secrets_of(variables: Variables) -> list[str]:
    """Every value that is declared secret, each key of a list by itself, and the passwords in addresses."""
    values = [
        getattr(variables, declared.name) for declared in fields(Variables) if declared.metadata["secret"]
    ]
    texts = [text for value in values for text in (value if isinstance(value, list) else [value]) if text]
    passwords = [urlsplit(text).password or "" for text in texts if "://" in text]
    return [*texts, *passwords, *map(unquote, passwords)]
