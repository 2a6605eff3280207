"""Components as the bot sends them: in messages (old rows and Components V2) and in modals."""

from typing import Any

from sandbox import limits
from sandbox.errors import FormErrors, Json
from sandbox.validation import forms

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
V2_TOP = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
V2_INNER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
LINK_BUTTON, PREMIUM_BUTTON = 5, 6
IN_LABEL = (*SELECTS, TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)

Path = tuple[str | int, ...]


class Check:
    """One walk over a message's or a modal's components."""

    def __init__(self, errors: FormErrors) -> None:
        self.errors = errors
        self.custom_ids: set[str] = set()
        self.count = 0
        self.text = 0

    def custom_id(self, component: Json, path: Path) -> None:
        value = forms.text(self.errors, (*path, "custom_id"), component.get("custom_id"), limits.CUSTOM_ID, 1)
        if value and value in self.custom_ids:
            code = "COMPONENT_CUSTOM_ID_DUPLICATED"
            self.errors.add((*path, "custom_id"), code, "Component custom id cannot be duplicated")
        self.custom_ids.add(value)

    def component(self, value: Any, path: Path, allowed: tuple[int, ...]) -> None:
        component = forms.mapping(self.errors, path, value)
        self.count += 1
        forms.integer(self.errors, (*path, "id"), component.get("id"), 0, 2**31 - 1)
        kind = component.get("type")
        if not forms.choice(self.errors, (*path, "type"), kind, allowed):
            return
        if kind == ROW:
            self.row(component, path)
        elif kind == BUTTON:
            self.button(component, path)
        elif kind in SELECTS:
            self.select(component, path)
        else:
            self.layout(component, path)

    def row(self, component: Json, path: Path) -> None:
        path = (*path, "components")
        inner = forms.items(self.errors, path, component.get("components"), limits.BUTTONS_IN_ROW, 1)
        for index, child in enumerate(inner):
            self.component(child, (*path, index), (BUTTON, *SELECTS))
        kinds = [child.get("type") for child in inner if isinstance(child, dict)]
        if len(inner) > 1 and any(kind in SELECTS for kind in kinds):
            code = "COMPONENT_LAYOUT_WIDTH_EXCEEDED"
            self.errors.add(path, code, "Components displayed horizontally cannot exceed 5 in width")

    def button(self, component: Json, path: Path) -> None:
        styles = (1, 2, 3, 4, LINK_BUTTON, PREMIUM_BUTTON)
        if not forms.choice(self.errors, (*path, "style"), component.get("style"), styles):
            return
        style = component["style"]
        label = forms.text(self.errors, (*path, "label"), component.get("label"), limits.BUTTON_LABEL)
        if style == PREMIUM_BUTTON:
            forms.text(self.errors, (*path, "sku_id"), component.get("sku_id"), 20, 1)
            return
        forms.emoji(self.errors, (*path, "emoji"), component.get("emoji"))
        if not label.strip() and not component.get("emoji"):
            self.errors.add(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")
        if style != LINK_BUTTON:
            self.custom_id(component, path)
            if component.get("url"):
                self.errors.add(path, "BUTTON_COMPONENT_INVALID_STYLE", "Only link buttons may have a url")
        elif component.get("custom_id"):
            code = "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE"
            self.errors.add(path, code, "A custom id and url cannot both be specified")
        elif not forms.link(self.errors, (*path, "url"), component.get("url"), longest=512):
            self.errors.add((*path, "url"), "BASE_TYPE_REQUIRED", "This field is required")

    def select(self, component: Json, path: Path) -> None:
        self.custom_id(component, path)
        placeholder = component.get("placeholder")
        forms.text(self.errors, (*path, "placeholder"), placeholder, limits.SELECT_PLACEHOLDER)
        low = forms.integer(self.errors, (*path, "min_values"), component.get("min_values"), 0, 25, default=1)
        high = forms.integer(
            self.errors, (*path, "max_values"), component.get("max_values"), 1, 25, default=1
        )
        if low > high:
            message = "min_values must be less than or equal to max_values"
            self.errors.add((*path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_GREATER_THAN_MAX", message)
        forms.items(self.errors, (*path, "channel_types"), component.get("channel_types"), 25)
        for index, default in enumerate(
            forms.items(self.errors, (*path, "default_values"), component.get("default_values"), high)
        ):
            default = forms.mapping(self.errors, (*path, "default_values", index), default)
            forms.text(self.errors, (*path, "default_values", index, "id"), str(default.get("id", "")), 20, 1)
        if component["type"] == STRING_SELECT:
            self.options(component, (*path, "options"), high)

    def options(self, component: Json, path: Path, most_defaults: int) -> None:
        options = forms.items(self.errors, path, component.get("options"), limits.SELECT_OPTIONS, 1)
        seen: set[str] = set()
        for index, option in enumerate(options):
            option = forms.mapping(self.errors, (*path, index), option)
            forms.text(self.errors, (*path, index, "label"), option.get("label"), limits.OPTION_TEXT, 1)
            value = forms.text(
                self.errors, (*path, index, "value"), option.get("value"), limits.OPTION_TEXT, 1
            )
            forms.emoji(self.errors, (*path, index, "emoji"), option.get("emoji"))
            description = option.get("description")
            forms.text(self.errors, (*path, index, "description"), description, limits.OPTION_TEXT)
            if value in seen:
                code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
                self.errors.add((*path, index, "value"), code, "The specified option value is already used")
            seen.add(value)
        if sum(bool(option.get("default")) for option in options if isinstance(option, dict)) > most_defaults:
            self.errors.add(path, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many default options")

    def layout(self, component: Json, path: Path) -> None:
        kind = component["type"]
        if kind == TEXT:
            content = component.get("content")
            self.text += len(forms.text(self.errors, (*path, "content"), content, limits.V2_TEXT, 1))
        elif kind == SECTION:
            inner = forms.items(self.errors, (*path, "components"), component.get("components"), 3, 1)
            for index, child in enumerate(inner):
                self.component(child, (*path, "components", index), (TEXT,))
            self.component(component.get("accessory"), (*path, "accessory"), (BUTTON, THUMBNAIL))
        elif kind == CONTAINER:
            colour = component.get("accent_color")
            forms.integer(self.errors, (*path, "accent_color"), colour, 0, 0xFFFFFF)
            inner = forms.items(self.errors, (*path, "components"), component.get("components"), 40, 1)
            for index, child in enumerate(inner):
                self.component(child, (*path, "components", index), V2_INNER)
        elif kind == GALLERY:
            for index, item in enumerate(
                forms.items(self.errors, (*path, "items"), component.get("items"), 10, 1)
            ):
                item = forms.mapping(self.errors, (*path, "items", index), item)
                self.media(item.get("media"), (*path, "items", index, "media"))
        elif kind in (THUMBNAIL, FILE):
            key = "media" if kind == THUMBNAIL else "file"
            self.media(component.get(key), (*path, key))

    def media(self, value: Any, path: Path) -> None:
        media = forms.mapping(self.errors, path, value)
        schemes = ("http", "https", "attachment")
        if not forms.link(self.errors, (*path, "url"), media.get("url"), schemes=schemes, longest=limits.URL):
            self.errors.add((*path, "url"), "BASE_TYPE_REQUIRED", "This field is required")


def check_components(errors: FormErrors, value: Any, path: Path, *, v2: bool) -> None:
    check = Check(errors)
    most = limits.V2_COMPONENTS if v2 else limits.ROWS
    for index, component in enumerate(forms.items(errors, path, value, most)):
        check.component(component, (*path, index), V2_TOP if v2 else (ROW,))
    if v2 and check.count > limits.V2_COMPONENTS:
        errors.add(
            path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Total number of components cannot exceed 40"
        )
    if check.text > limits.V2_TEXT:
        errors.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total text cannot exceed 4000")


def check_modal(data: Json) -> None:
    """`data` of a callback of type 9: old rows with one text input each, or labels."""
    errors = FormErrors()
    forms.text(errors, ("data", "custom_id"), data.get("custom_id"), limits.CUSTOM_ID, 1)
    forms.text(errors, ("data", "title"), data.get("title"), limits.MODAL_TITLE, 1)
    check = Check(errors)
    path: Path = ("data", "components")
    for index, value in enumerate(
        forms.items(errors, path, data.get("components"), limits.MODAL_COMPONENTS, 1)
    ):
        component = forms.mapping(errors, (*path, index), value)
        if forms.choice(errors, (*path, index, "type"), component.get("type"), (ROW, TEXT, LABEL)):
            _check_modal_part(check, component, (*path, index))
    errors.check()


def _check_modal_part(check: Check, component: Json, path: Path) -> None:
    if component["type"] == TEXT:
        forms.text(check.errors, (*path, "content"), component.get("content"), limits.V2_TEXT, 1)
    elif component["type"] == ROW:
        inner = forms.items(check.errors, (*path, "components"), component.get("components"), 1, 1)
        for index, child in enumerate(inner):
            child = forms.mapping(check.errors, (*path, "components", index), child)
            if forms.choice(
                check.errors, (*path, "components", index, "type"), child.get("type"), (TEXT_INPUT,)
            ):
                forms.text(
                    check.errors, (*path, "components", index, "label"), child.get("label"), limits.LABEL, 1
                )
                _check_text_input(check, child, (*path, "components", index))
    else:
        forms.text(check.errors, (*path, "label"), component.get("label"), limits.LABEL, 1)
        forms.text(
            check.errors, (*path, "description"), component.get("description"), limits.LABEL_DESCRIPTION
        )
        inner_path = (*path, "component")
        child = forms.mapping(check.errors, inner_path, component.get("component"))
        if forms.choice(check.errors, (*inner_path, "type"), child.get("type"), IN_LABEL):
            _check_field(check, child, inner_path)


def _check_field(check: Check, field: Json, path: Path) -> None:
    if field["type"] == TEXT_INPUT:
        _check_text_input(check, field, path)
    elif field["type"] in SELECTS:
        check.select(field, path)
    else:
        check.custom_id(field, path)
        if field["type"] in (RADIO_GROUP, CHECKBOX_GROUP):
            check.options(field, (*path, "options"), limits.SELECT_OPTIONS)


def _check_text_input(check: Check, field: Json, path: Path) -> None:
    check.custom_id(field, path)
    forms.choice(check.errors, (*path, "style"), field.get("style"), (1, 2))
    forms.text(check.errors, (*path, "placeholder"), field.get("placeholder"), limits.TEXT_INPUT_PLACEHOLDER)
    low = forms.integer(check.errors, (*path, "min_length"), field.get("min_length"), 0, limits.TEXT_INPUT)
    high = forms.integer(
        check.errors,
        (*path, "max_length"),
        field.get("max_length"),
        1,
        limits.TEXT_INPUT,
        default=limits.TEXT_INPUT,
    )
    value = forms.text(check.errors, (*path, "value"), field.get("value"), high)
    if low > high:
        check.errors.add((*path, "min_length"), "NUMBER_TYPE_MAX", "min_length must not exceed max_length.")
    elif value and len(value) < low:
        check.errors.add(
            (*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length."
        )
