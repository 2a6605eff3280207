"""Components as the bot sends them: in messages (old rows and Components V2) and in modals."""

from sandbox import limits
from sandbox.errors import Json
from sandbox.validation.forms import WEB, Form

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
V2_INNER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
V2_TOP = (*V2_INNER, CONTAINER)
LINK_BUTTON, PREMIUM_BUTTON = 5, 6
IN_LABEL = (*SELECTS, TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)


class Check:
    """Walks over the components of a message or a modal, and counts what is limited in all of them together."""

    def __init__(self) -> None:
        self.custom_ids: set[str] = set()
        self.count = 0
        self.text = 0

    def component(self, form: Form, allowed: tuple[int, ...]) -> None:
        self.count += 1
        form.integer("id", 0, 2**31 - 1)
        kind = form.choice("type", allowed)
        if kind == ROW:
            self.row(form)
        elif kind == BUTTON:
            self.button(form)
        elif kind in SELECTS:
            self.select(form)
        elif kind is not None:
            self.layout(form, kind)

    def inner(self, form: Form, most: int, allowed: tuple[int, ...]) -> list[Form]:
        children = form.parts("components", most, 1)
        for child in children:
            self.component(child, allowed)
        return children

    def custom_id(self, form: Form) -> None:
        value = form.text("custom_id", limits.CUSTOM_ID, 1)
        if value and value in self.custom_ids:
            message = "Component custom id cannot be duplicated"
            form.error("COMPONENT_CUSTOM_ID_DUPLICATED", message, "custom_id")
        self.custom_ids.add(value)

    def row(self, form: Form) -> None:
        children = self.inner(form, limits.BUTTONS_IN_ROW, (BUTTON, *SELECTS))
        if len(children) > 1 and any(child.body.get("type") in SELECTS for child in children):
            message = "Components displayed horizontally cannot exceed 5 in width"
            form.error("COMPONENT_LAYOUT_WIDTH_EXCEEDED", message, "components")

    def button(self, form: Form) -> None:
        style = form.choice("style", (1, 2, 3, 4, LINK_BUTTON, PREMIUM_BUTTON))
        if style is None:
            return
        label = form.text("label", limits.BUTTON_LABEL)
        if style == PREMIUM_BUTTON:
            form.text("sku_id", 20, 1)
            return
        form.emoji("emoji")
        if not label.strip() and not form.body.get("emoji"):
            form.error("BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")
        if style != LINK_BUTTON:
            self.custom_id(form)
            if form.body.get("url"):
                form.error("BUTTON_COMPONENT_INVALID_STYLE", "Only link buttons may have a url")
        elif form.body.get("custom_id"):
            code = "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE"
            form.error(code, "A custom id and url cannot both be specified")
        elif not form.link("url", 512):
            form.missing("url")

    def select(self, form: Form) -> None:
        self.custom_id(form)
        form.text("placeholder", limits.SELECT_PLACEHOLDER)
        low = form.integer("min_values", 0, limits.SELECT_OPTIONS, default=1)
        high = form.integer("max_values", 1, limits.SELECT_OPTIONS, default=1)
        if low > high:
            message = "min_values must be less than or equal to max_values"
            form.error("SELECT_COMPONENT_MIN_VALUES_GREATER_THAN_MAX", message, "min_values")
        form.items("channel_types", 25)
        for default in form.parts("default_values", high):
            default.snowflake("id")
        if form.body["type"] == STRING_SELECT:
            self.options(form, high)

    def options(self, form: Form, most_defaults: int) -> None:
        options = form.parts("options", limits.SELECT_OPTIONS, 1)
        seen: set[str] = set()
        for option in options:
            option.text("label", limits.OPTION_TEXT, 1)
            option.text("description", limits.OPTION_TEXT)
            option.emoji("emoji")
            value = option.text("value", limits.OPTION_TEXT, 1)
            if value in seen:
                message = "The specified option value is already used"
                option.error("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message, "value")
            seen.add(value)
        if sum(bool(option.body.get("default")) for option in options) > most_defaults:
            form.error("SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many default options", "options")

    def layout(self, form: Form, kind: int) -> None:
        if kind == TEXT:
            self.text += len(form.text("content", limits.V2_TEXT, 1))
        elif kind == SECTION:
            self.inner(form, 3, (TEXT,))
            self.component(form.part("accessory"), (BUTTON, THUMBNAIL))
        elif kind == CONTAINER:
            form.integer("accent_color", 0, 0xFFFFFF)
            self.inner(form, limits.V2_COMPONENTS, V2_INNER)
        elif kind == GALLERY:
            for item in form.parts("items", 10, 1):
                _check_media(item.part("media"))
        elif kind in (THUMBNAIL, FILE):
            _check_media(form.part("media" if kind == THUMBNAIL else "file"))

    # Modals

    def modal_part(self, part: Form) -> None:
        """Check an old row with one text input, a label with any field, or text."""
        kind = part.choice("type", (ROW, TEXT, LABEL))
        if kind == TEXT:
            part.text("content", limits.V2_TEXT, 1)
        elif kind == ROW:
            for field in part.parts("components", 1, 1):
                if field.choice("type", (TEXT_INPUT,)):
                    field.text("label", limits.LABEL, 1)
                    self.text_input(field)
        elif kind == LABEL:
            part.text("label", limits.LABEL, 1)
            part.text("description", limits.LABEL_DESCRIPTION)
            self.field(part.part("component"))

    def field(self, form: Form) -> None:
        kind = form.choice("type", IN_LABEL)
        if kind == TEXT_INPUT:
            self.text_input(form)
        elif kind in SELECTS:
            self.select(form)
        elif kind is not None:
            self.custom_id(form)
            if kind in (RADIO_GROUP, CHECKBOX_GROUP):
                self.options(form, limits.SELECT_OPTIONS)

    def text_input(self, form: Form) -> None:
        self.custom_id(form)
        form.choice("style", (1, 2))
        form.text("placeholder", limits.TEXT_INPUT_PLACEHOLDER)
        low = form.integer("min_length", 0, limits.TEXT_INPUT)
        high = form.integer("max_length", 1, limits.TEXT_INPUT, default=limits.TEXT_INPUT)
        value = form.text("value", high)
        if low > high:
            form.error("NUMBER_TYPE_MAX", "min_length must not exceed max_length.", "min_length")
        elif value and len(value) < low:
            form.error("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.", "value")


def _check_media(media: Form) -> None:
    if not media.link("url", limits.URL, (*WEB, "attachment")):
        media.missing("url")


def check_components(form: Form, *, v2: bool) -> None:
    """Check the `components` of a message."""
    check = Check()
    for component in form.parts("components", limits.V2_COMPONENTS if v2 else limits.ROWS):
        check.component(component, V2_TOP if v2 else (ROW,))
    if v2 and check.count > limits.V2_COMPONENTS:
        code, message = (
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            "Total number of components cannot exceed 40",
        )
        form.error(code, message, "components")
    if check.text > limits.V2_TEXT:
        code, message = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total text cannot exceed 4000"
        form.error(code, message, "components")


def check_modal(data: Json) -> None:
    """Check the `data` of a callback of type 9."""
    form = Form(data, ("data",))
    form.text("custom_id", limits.CUSTOM_ID, 1)
    form.text("title", limits.MODAL_TITLE, 1)
    check = Check()
    for part in form.parts("components", limits.MODAL_COMPONENTS, 1):
        check.modal_part(part)
    form.check()
