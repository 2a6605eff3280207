"""Buttons, selects and modals as a person uses them: checked as Discord's own client would."""

from collections.abc import Iterator

from sandbox.errors import Json, PersonError, refuse_fields, refused
from sandbox.interactions.options import read_upload
from sandbox.interactions.resolved import Resolved
from sandbox.validation.components import (
    BUTTON,
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    MENTIONABLE_SELECT,
    RADIO_GROUP,
    ROLE_SELECT,
    ROW,
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
)


def walk(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if isinstance(component.get("accessory"), dict):
            yield component["accessory"]


def find(message: Json, custom_id: str) -> Json:
    component = next((c for c in walk(message["components"]) if c.get("custom_id") == custom_id), None)
    if component is None:
        raise refused("There is no such button or menu on this message any more.")
    if component.get("disabled"):
        raise refused("This button or menu is disabled.")
    return component


def component_data(component: Json, values: list[object] | None, resolved: Resolved) -> Json:
    """Build the `data` of a component interaction."""
    data: Json = {key: component[key] for key in ("custom_id", "id")}
    data["component_type"] = component["type"]
    if component["type"] != BUTTON:
        data["values"] = select(component, values or [], resolved)
    elif values:
        raise refused("A button takes no values.")
    return data | resolved.part()


def select(
    component: Json, values: list[object], resolved: Resolved, *, least: int | None = None
) -> list[str]:
    """Check the chosen values: each once, as many as the menu takes, each among those it offers."""
    chosen = [str(value) for value in values]
    low = int(component.get("min_values", 1)) if least is None else least
    high = int(component.get("max_values", 1))
    if not low <= len(chosen) <= high:
        raise refused(f"Choose {low} to {high} of them." if low != high else f"Choose {low}.")
    if len(set(chosen)) != len(chosen):
        raise refused("Each can be chosen only once.")
    if not all(_offered(component, value, resolved) for value in chosen):
        raise refused("This is not among the choices.")
    return chosen


def _offered(component: Json, value: str, resolved: Resolved) -> bool:
    kind = component["type"]
    if kind in (STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP):
        return value in [option["value"] for option in component["options"]]
    user, role = kind in (USER_SELECT, MENTIONABLE_SELECT), kind in (ROLE_SELECT, MENTIONABLE_SELECT)
    return resolved.find(value, user, role, kind == CHANNEL_SELECT, component.get("channel_types"))


class ModalForm:
    """A filled-in modal: problems are collected by custom_id."""

    def __init__(self, values: Json, resolved: Resolved) -> None:
        self.values = values
        self.resolved = resolved
        self.problems: dict[str, list[str]] = {}
        self.seen: set[str] = set()

    def submit(self, modal: Json) -> Json:
        """Build the `data` of a modal interaction."""
        parts = [self._part(part, number) for number, part in enumerate(modal["components"], 1)]
        for unknown in set(self.values) - self.seen:
            self.problems[unknown] = ["There is no such field."]
        refuse_fields(self.problems)
        return {"custom_id": modal["custom_id"], "components": parts, **self.resolved.part()}

    def _part(self, part: Json, number: int) -> Json:
        shown: Json = {"type": part["type"], "id": part.get("id") or number}
        if part["type"] == ROW:
            shown["components"] = [self._field(field, 100 + number) for field in part["components"]]
        elif part["type"] == LABEL:
            shown["component"] = self._field(part["component"], 100 + number)
        return shown

    def _field(self, field: Json, number: int) -> Json:
        # Bots send nulls for "not set".
        field = {key: value for key, value in field.items() if value is not None}
        kind, custom_id = field["type"], field["custom_id"]
        self.seen.add(custom_id)
        value = self.values.get(custom_id)
        shown: Json = {"type": kind, "id": field.get("id") or number, "custom_id": custom_id}
        if kind == TEXT_INPUT:
            shown["value"] = self._text(field, value)
        elif kind == CHECKBOX:
            shown["value"] = bool(field.get("default")) if value is None else bool(value)
        elif kind == FILE_UPLOAD:
            shown["values"] = self._files(field, value)
        elif kind == RADIO_GROUP:
            shown["value"] = next(iter(self._choice(field, value)), None)
        else:
            shown["values"] = self._choice(field, value)
        return shown

    def _text(self, field: Json, value: object) -> str:
        text = str(field.get("value") or "") if value is None else str(value)
        low, high = field.get("min_length") or 0, field.get("max_length") or 4000
        if not text.strip() and field.get("required", True) is not False:
            self.problems[field["custom_id"]] = ["This field is required."]
        elif text and not low <= len(text) <= high:
            self.problems[field["custom_id"]] = [f"Between {low} and {high} characters."]
        return text

    def _choice(self, field: Json, value: object) -> list[str]:
        if value is None:
            defaults = [option["value"] for option in field.get("options") or [] if option.get("default")]
            value = defaults + [entry["id"] for entry in field.get("default_values") or []]
        chosen = value if isinstance(value, list) else [value]
        optional = field.get("required", True) is False
        most = len(field["options"]) if field["type"] == CHECKBOX_GROUP else 1
        component = {"max_values": most, **field}
        try:
            return select(component, chosen, self.resolved, least=0 if optional and not chosen else None)
        except PersonError as error:
            self.problems[field["custom_id"]] = [str(error)]
            return []

    def _files(self, field: Json, value: object) -> list[str]:
        listed = value if isinstance(value, list) else []
        uploads = [read_upload(entry) for entry in listed if isinstance(entry, dict)]
        low = int(field.get("min_values", 1)) if field.get("required", True) is not False or uploads else 0
        if not low <= len(uploads) <= int(field.get("max_values", 1)) or None in uploads:
            self.problems[field["custom_id"]] = ["Choose the files this field takes, 10 MB at most."]
            return []
        return [self.resolved.attachment(upload) for upload in uploads if upload is not None]
