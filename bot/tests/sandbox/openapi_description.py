"""Compares recorded requests and answers with Discord's published OpenAPI description.

The sandbox must not be its own judge: `Description(path).check(box.recorded)`.

Discord takes an integer where the description says snowflake text, and a numeric text where it says integer, so
requests are checked with these two loosened. `oneOf` becomes `anyOf`: the description's own alternatives overlap.
The codes inside `errors` are text ("BASE_TYPE_REQUIRED"), as Discord's reference shows; the description says integer.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema.exceptions import best_match

from sandbox.errors import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NUMERIC = r"^-?\d+$"
FIELD_ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
}


@dataclass(frozen=True)
class Finding:
    operation: str
    where: str  # "request" or "answer 200"
    problem: str

    def __str__(self) -> str:
        return f"{self.operation} ({self.where}): {self.problem}"


def loosened(value: Any, *, for_requests: bool) -> Any:
    """A copy of a schema with what Discord really accepts."""
    if isinstance(value, list):
        return [loosened(inner, for_requests=for_requests) for inner in value]
    if not isinstance(value, dict):
        return value
    schema = {key: loosened(inner, for_requests=for_requests) for key, inner in value.items()}
    if isinstance(schema.get("oneOf"), list):
        schema["anyOf"] = schema.pop("oneOf")
    if for_requests:
        kinds = schema.get("type")
        listed = kinds if isinstance(kinds, list) else [kinds]
        if schema.get("format") == "snowflake":
            schema["type"] = [*listed, "integer"]
        elif "integer" in listed and "string" not in listed:
            schema |= {"type": [*listed, "string"], "pattern": NUMERIC}
    return schema


class Description:
    """Discord's description with one compiled schema per operation and direction, made when first needed."""

    def __init__(self, path: Path) -> None:
        self.document: Json = json.loads(path.read_bytes())
        self._parts = {
            asks: loosened(self.document["components"], for_requests=asks) for asks in (True, False)
        }
        self._parts[False]["schemas"]["InnerErrors"]["properties"]["_errors"]["items"] = FIELD_ERROR
        self._compiled: dict[tuple[str, str], Any] = {}
        templates = sorted(self.document["paths"], key=lambda template: template.count("{"))
        self._paths = [(re.compile(_pattern(template)), template) for template in templates]

    def check(self, entries: Iterable[Json]) -> list[Finding]:
        """Each problem once, in the order it was met. What was refused (4xx) is checked for its answer only."""
        return list(dict.fromkeys(finding for entry in entries for finding in self._check_entry(entry)))

    def operation(self, method: str, path: str) -> tuple[str, Json] | None:
        for pattern, template in self._paths:
            operation = self.document["paths"][template].get(method.lower())
            if operation is not None and pattern.fullmatch(path):
                return f"{method} {template}", operation
        return None

    def _check_entry(self, entry: Json) -> list[Finding]:
        if entry["status"] >= 500:
            return []  # an error that was asked for
        known = self.operation(entry["method"], entry["path"])
        if known is None:
            return [Finding(f"{entry['method']} {entry['path']}", "request", "not in Discord's description")]
        name, operation = known
        findings = self._check_answer(name, operation, entry)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if entry["status"] < 400 and content is not None and entry["body"] is not None:
            findings += self._validate(name, "request", content["schema"], entry["body"], for_requests=True)
        return findings

    def _check_answer(self, name: str, operation: Json, entry: Json) -> list[Finding]:
        status = str(entry["status"])
        responses = operation["responses"]
        response = responses.get(status) or responses.get(f"{status[0]}XX")
        where = f"answer {status}"
        if response is None:
            return [Finding(name, where, "this status is not in Discord's description")]
        response = self._resolved(response)
        content = response.get("content", {}).get("application/json")
        if content is None:
            return [] if entry["answer"] is None else [Finding(name, where, "should have no body")]
        return self._validate(name, where, content["schema"], entry["answer"], for_requests=False)

    def _resolved(self, value: Json) -> Json:
        """Follows a `$ref` into the document."""
        target: Any = self.document
        if "$ref" not in value:
            return value
        for key in value["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return dict(target)

    def _validate(
        self, name: str, where: str, schema: Json, body: Any, *, for_requests: bool
    ) -> list[Finding]:
        key = (name, where)
        if key not in self._compiled:
            whole = {
                "$schema": DIALECT,
                "components": self._parts[for_requests],
                "allOf": [loosened(schema, for_requests=for_requests)],
            }
            self._compiled[key] = (jsonschema_rs.validator_for(whole), whole)
        validator, whole = self._compiled[key]
        if validator.is_valid(body):
            return []
        return [Finding(name, where, _explain(whole, body))]


def _explain(schema: Json, body: Any) -> str:
    """The slower library says best what is wrong."""
    error = best_match(jsonschema.Draft202012Validator(schema).iter_errors(body))
    if error is None:
        return "does not fit the schema"
    return f"{error.json_path}: {error.message[:300]}"


def _pattern(template: str) -> str:
    return "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template)
    )
