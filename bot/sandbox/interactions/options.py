"""A slash command as a person sends it: checked as Discord's own client checks before it sends."""

import base64
import binascii

from sandbox import limits
from sandbox.changes import content
from sandbox.changes.content import Upload
from sandbox.errors import Json, refuse_fields, refused
from sandbox.interactions.resolved import Resolved
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
    """Return the part of the command whose options the person fills in."""
    leaf = command
    for name in path:
        leaf = next((part for part in _subcommands(leaf) if part["name"] == name), {})
        if not leaf:
            raise refused(f"/{command['name']} has no part named {name[:40]!r}.")
    if _subcommands(leaf):
        names = ", ".join(option["name"] for option in leaf["options"])
        raise refused(f"/{command['name']} needs one of: {names}.")
    return leaf


def _subcommands(part: Json) -> list[Json]:
    return [option for option in part.get("options", []) if option["type"] in (SUBCOMMAND, GROUP)]


def nest(path: list[str], options: list[Json]) -> list[Json]:
    """Wrap the options in their subcommand and group, as Discord does."""
    kinds = {1: [SUBCOMMAND], 2: [GROUP, SUBCOMMAND]}.get(len(path), [])
    for name, kind in reversed(list(zip(path, kinds, strict=True))):
        options = [{"name": name, "type": kind, "options": options}]
    return options


class Options:
    """Collects problems by option name; the whole command is refused when there is one."""

    def __init__(self, resolved: Resolved, uploads: Json) -> None:
        self.resolved = resolved
        self.uploads = uploads
        self.problems: dict[str, list[str]] = {}

    def check(self, leaf: Json, entered: list[Json], focused: str | None = None) -> list[Json]:
        """Return the options for the bot. While completing, the focused one may be unfinished and others absent."""
        declared = {option["name"]: option for option in leaf.get("options", [])}
        values = self._values(entered, declared)
        if focused is None:
            for name, option in declared.items():
                if option.get("required") and name not in values:
                    self._problem(option["name"], "This option is required.")
        elif not declared.get(focused, {}).get("autocomplete"):
            self._problem(focused, "This option offers no completion.")
        shown = [
            _typed(declared[name], value) if name == focused else self._shown(declared[name], value)
            for name, value in values.items()
            if name in declared
        ]
        refuse_fields(self.problems)
        return shown

    def _problem(self, name: str, sentence: str) -> None:
        self.problems.setdefault(name, []).append(sentence)

    def _values(self, entered: list[Json], declared: dict[str, Json]) -> Json:
        files = {name for name in self.uploads if declared.get(name, {}).get("type") == ATTACHMENT}
        values: Json = {name: name for name in self.uploads if name in files}
        for entry in entered:
            name = str(entry.get("name", ""))
            if name in files:
                continue  # the file itself came under `attachments`
            if name not in declared:
                self._problem(name, "There is no such option.")
            elif name in values:
                self._problem(name, "This option is given twice.")
            elif "type" in entry and entry["type"] != declared[name]["type"]:
                self._problem(name, "This option is of another type.")
            values[name] = entry.get("value")
        return values

    def _shown(self, option: Json, value: object) -> Json:
        kind = option["type"]
        if kind == STRING:
            value = self._string(option, value)
        elif kind in (INTEGER, NUMBER):
            self._check_number(option, value)
        elif kind == BOOLEAN:
            if not isinstance(value, bool):
                self._problem(option["name"], "Choose true or false.")
        elif kind == ATTACHMENT:
            value = self._attachment(option, value)
        else:
            self._check_id(option, value)
            value = str(value)
        return {"name": option["name"], "type": kind, "value": value}

    def _string(self, option: Json, value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            self._problem(option["name"], "Type something." if isinstance(value, str) else "Type a text.")
        elif self._is_choice(option, text):
            low, high = option.get("min_length", 0), option.get("max_length", limits.OPTION_STRING)
            if not low <= len(text) <= high:
                self._problem(option["name"], f"Between {low} and {high} characters.")
        return text

    def _check_number(self, option: Json, value: object) -> None:
        whole = option["type"] == INTEGER
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or (whole and isinstance(value, float))
        ):
            self._problem(option["name"], "Type a whole number." if whole else "Type a number.")
        elif self._is_choice(option, value):
            low = option.get("min_value", -limits.SAFE_INTEGER)
            high = option.get("max_value", limits.SAFE_INTEGER)
            if not low <= value <= high:
                self._problem(option["name"], f"Between {low} and {high}.")

    def _is_choice(self, option: Json, value: object) -> bool:
        """Tell whether a value is among the choices, if there are any."""
        choices = option.get("choices")
        if not choices or value in [choice["value"] for choice in choices]:
            return True
        self._problem(option["name"], "Pick one of the choices.")
        return False

    def _check_id(self, option: Json, value: object) -> None:
        """Check the id of a user, a channel, a role, or either of user and role."""
        kind, channel_types = option["type"], option.get("channel_types")
        user, role = kind in (USER, MENTIONABLE), kind in (ROLE, MENTIONABLE)
        if not self.resolved.find(value, user, role, kind == CHANNEL, channel_types):
            self._problem(option["name"], "Nothing with this id is here.")

    def _attachment(self, option: Json, value: object) -> str:
        upload = self.uploads.get(str(value))
        if not isinstance(upload, dict):
            self._problem(option["name"], "Choose a file.")
            return ""
        file = read_upload(upload)
        if file is None:
            self._problem(option["name"], "The file is broken or larger than 10 MB.")
            return ""
        return self.resolved.attachment(file)


def _typed(option: Json, value: object) -> Json:
    """Build the option that is being typed. Discord passes on what stands in the field, numbers as text too."""
    text = "" if value is None else str(value)[: limits.OPTION_STRING]
    return {"name": option["name"], "type": option["type"], "value": text, "focused": True}


def read_upload(upload: Json) -> Upload | None:
    """Read `{"filename", "content_type", "data": base64}`; None when it is broken or too large."""
    try:
        data = base64.b64decode(str(upload.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) > limits.FILE_BYTES:
        return None
    kind = str(upload.get("content_type") or "application/octet-stream")
    return Upload(content.UNSAFE.sub("_", str(upload.get("filename") or "file")), kind, data)
