"""Error answers.

ApiError      to the bot, in Discord's own shape
PersonError   to the page and the tests: what a real client would not have let a person do
"""

from typing import Any

# An object of JSON that has been checked, or that the sandbox itself made.
Json = dict[str, Any]
Path = tuple[str | int, ...]

# code: (HTTP status, Discord's own message)
KNOWN = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Permission Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30003: (400, "Maximum number of pins reached for the channel (50)"),
    30008: (400, "Maximum number of emojis reached (2000)"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (403, "Cannot execute action on this channel type"),
    50016: (
        400,
        "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages",
    ),
    50025: (401, "Invalid OAuth2 access token"),
    50026: (403, "Missing required OAuth2 scope"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid Role"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    50055: (400, "Invalid Guild"),
    50109: (400, "The request body contains invalid JSON."),
}


class ApiError(Exception):
    """An error answer of Discord's REST API."""

    def __init__(self, code: int, *, status: int = 0, message: str = "", errors: Json | None = None) -> None:
        known_status, known_message = KNOWN.get(code, (400, "Bad Request"))
        self.code = code
        self.status = status or known_status
        self.message = message or known_message
        self.errors = errors
        super().__init__(f"{self.code} {self.message}")

    def body(self) -> Json:
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def unauthorized() -> ApiError:
    return ApiError(0, status=401, message="401: Unauthorized")


def not_found() -> ApiError:
    return ApiError(0, status=404, message="404: Not Found")


class PersonError(Exception):
    """A refusal on the person's side: `{"code", "detail", "fields"?}`."""

    def __init__(
        self, status: int, code: str, detail: str, fields: dict[str, list[str]] | None = None
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = fields
        super().__init__(detail)

    def body(self) -> Json:
        body: Json = {"code": self.code, "detail": self.detail}
        if self.fields is not None:
            body["fields"] = self.fields
        return body


def refused(detail: str, fields: dict[str, list[str]] | None = None) -> PersonError:
    return PersonError(422, "invalid", detail, fields)


def refuse_fields(problems: dict[str, list[str]]) -> None:
    """Raise when any field has a problem; the first one is the sentence."""
    for name, sentences in problems.items():
        raise refused(f"{name}: {sentences[0]}", problems)


class FormErrors:
    """Collects the nested `errors` of a 50035 answer: path of keys → list of {code, message}."""

    def __init__(self) -> None:
        self.tree: Json = {}

    def add(self, path: Path, code: str, message: str) -> None:
        node = self.tree
        for key in path:
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        if self.tree:
            raise ApiError(50035, errors=self.tree)
