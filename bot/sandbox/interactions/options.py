"""A slash command as a person sends it: checked as Discord's own client checks before it sends."""

import base64
import binascii
from typing import Any

from sandbox import limits
from sandbox.changes import content
from sandbox.changes.content import Upload
from sandbox.errors import Json, refused
from sandbox.ids import is_snowflake
from sandbox.interactions.resolved import Resolved
from sandbox.state.store import Files
from sandbox.validation.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)


def find_leaf(command: Json, path: list[str]) -> Json:
    """The part of the command whose options the person fills in."""
    leaf = command
    for name in path:
        inner = [option for option in leaf.get("options", []) if option["type"] in (SUBCOMMAND, GROUP)]
        leaf = next((option for option in inner if option["name"] == name), {})
        if not leaf:
            raise refused(f"/{command['name']} has no part named {name[:40]!r}.")
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in leaf.get("options", [])):
        names = ", ".join(option["name"] for option in leaf["options"])
        raise refused(f"/{command['name']} needs one of: {names}.")
    return leaf


def nest(command: Json, path: list[str], options: list[Json]) -> list[Json]:
    """Discord wraps the options in their subcommand and group."""
    kinds = {1: [SUBCOMMAND], 2: [GROUP, SUBCOMMAND]}.get(len(path), [])
    for name, kind in reversed(list(zip(path, kinds, strict=True))):
        options = [{"name": name, "type": kind, "options": options}]
    return options


class Options:
    """Collects problems by option name; the whole command is refused when there is one."""

    def __init__(self, resolved: Resolved, files: Files, uploads: Json) -> None:
        self.resolved = resolved
        self.files = files
        self.uploads = uploads
        self.problems: dict[str, list[str]] = {}

    def check(self, leaf: Json, given: list[Json], focused: str | None = None) -> list[Json]:
        """What Discord sends to the bot. While completing, the focused option may be unfinished and others absent."""
        declared = {option["name"]: option for option in leaf.get("options", [])}
        values = self._values(given, declared)
        if focused is None:
            for name, option in declared.items():
                if option.get("required") and name not in values:
                    self._problem(name, "This option is required.")
        elif not declared.get(focused, {}).get("autocomplete"):
            self._problem(focused, "This option offers no completion.")
        shown = []
        for name, value in values.items():
            if name == focused:
                shown.append(self._typed(declared[name], value))
            elif name in declared:
                shown.append(self._shown(declared[name], value))
        if self.problems:
            name, sentences = next(iter(self.problems.items()))
            raise refused(f"{name}: {sentences[0]}", self.problems)
        return shown

    def _problem(self, name: str, sentence: str) -> None:
        self.problems.setdefault(name, []).append(sentence)

    def _values(self, given: list[Json], declared: dict[str, Json]) -> Json:
        values: Json = {
            name: name for name in self.uploads if declared.get(name, {}).get("type") == ATTACHMENT
        }
        for entry in given:
            name = str(entry.get("name", ""))
            if name not in declared:
                self._problem(name, "There is no such option.")
            elif name in self.uploads and declared[name]["type"] == ATTACHMENT:
                continue  # the file itself came under `attachments`
            elif name in values:
                self._problem(name, "This option is given twice.")
            elif "type" in entry and entry["type"] != declared[name]["type"]:
                self._problem(name, "This option is of another type.")
            values[name] = entry.get("value")
        return values

    def _typed(self, option: Json, value: Any) -> Json:
        """Discord passes on what stands in the field, numbers as text too."""
        text = "" if value is None else str(value)
        return {
            "name": option["name"],
            "type": option["type"],
            "value": text[: limits.OPTION_STRING],
            "focused": True,
        }

    def _shown(self, option: Json, value: Any) -> Json:
        kind = option["type"]
        if kind == STRING:
            value = self._string(option, value)
        elif kind in (INTEGER, NUMBER):
            value = self._number(option, value)
        elif kind == BOOLEAN:
            if not isinstance(value, bool):
                self._problem(option["name"], "Choose true or false.")
        elif kind == ATTACHMENT:
            value = self._attachment(option, value)
        else:
            value = self._named(option, value)
        return {"name": option["name"], "type": kind, "value": value}

    def _string(self, option: Json, value: Any) -> str:
        name = option["name"]
        text = value.strip() if isinstance(value, str) else ""
        if not isinstance(value, str):
            self._problem(name, "Type a text.")
        elif not text:
            self._problem(name, "Type something.")
        elif self._is_choice(option, text):
            low, high = option.get("min_length", 0), option.get("max_length", limits.OPTION_STRING)
            if not low <= len(text) <= high:
                self._problem(name, f"Between {low} and {high} characters.")
        return text

    def _number(self, option: Json, value: Any) -> int | float:
        whole = option["type"] == INTEGER
        right = isinstance(value, int) if whole else isinstance(value, int | float)
        if not right or isinstance(value, bool):
            self._problem(option["name"], "Type a whole number." if whole else "Type a number.")
            return 0
        if self._is_choice(option, value):
            low = option.get("min_value", -limits.SAFE_INTEGER)
            high = option.get("max_value", limits.SAFE_INTEGER)
            if not low <= value <= high:
                self._problem(option["name"], f"Between {low} and {high}.")
        number: int | float = value
        return number

    def _is_choice(self, option: Json, value: Any) -> bool:
        choices = option.get("choices")
        if not choices:
            return True
        if value not in [choice["value"] for choice in choices]:
            self._problem(option["name"], "Pick one of the choices.")
            return False
        return True

    def _named(self, option: Json, value: Any) -> str:
        """A user, channel, role or either of user and role, by id."""
        target = str(value) if is_snowflake(value) else ""
        kind = option["type"]
        known = kind in (USER, MENTIONABLE) and self.resolved.user(target)
        known = known or (kind in (ROLE, MENTIONABLE) and self.resolved.role(target))
        known = known or (kind == CHANNEL and self.resolved.channel(target, option.get("channel_types")))
        if not known:
            self._problem(option["name"], "There is none such here.")
        return target

    def _attachment(self, option: Json, value: Any) -> str:
        upload = self.uploads.get(str(value))
        if not isinstance(upload, dict):
            self._problem(option["name"], "Choose a file.")
            return ""
        file = read_upload(upload)
        if file is None:
            self._problem(option["name"], "The file is broken or larger than 10 MB.")
            return ""
        return self.resolved.attachment(self.files, file)


def read_upload(given: Json) -> Upload | None:
    """`{"filename", "content_type", "data": base64}`."""
    try:
        data = base64.b64decode(str(given.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) > limits.FILE_BYTES:
        return None
    kind = str(given.get("content_type") or "application/octet-stream")
    return Upload(content.UNSAFE.sub("_", str(given.get("filename") or "file")), kind, data)
