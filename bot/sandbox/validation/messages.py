"""What Discord says about a message that breaks its limits (50035 with nested `errors`)."""

from typing import Any

from sandbox import limits
from sandbox.errors import FormErrors, Json
from sandbox.validation import forms
from sandbox.validation.components import check_components

EPHEMERAL, LOADING, COMPONENTS_V2, SUPPRESS_EMBEDS = 1 << 6, 1 << 7, 1 << 15, 1 << 2


def check_message(body: Json, *, files: int = 0, path: tuple[str | int, ...] = (), v2: bool = False) -> None:
    """`path` stands before every key of the errors: ("data",) in an interaction's callback."""
    errors = FormErrors()
    forms.text(errors, (*path, "content"), body.get("content"), limits.CONTENT)
    flags = forms.integer(errors, (*path, "flags"), body.get("flags"), 0, 2**31 - 1)
    is_v2 = v2 or bool(flags & COMPONENTS_V2)
    check_embeds(errors, body.get("embeds"), (*path, "embeds"))
    check_components(errors, body.get("components"), (*path, "components"), v2=is_v2)
    if is_v2:
        _check_no_legacy(errors, body, path)
    if files > limits.FILES:
        errors.add((*path, "files"), "BASE_TYPE_MAX_LENGTH", f"Must be {limits.FILES} or fewer in length.")
    _check_mentions(errors, body.get("allowed_mentions"), (*path, "allowed_mentions"))
    if body.get("message_reference") is not None:
        reference = forms.mapping(errors, (*path, "message_reference"), body["message_reference"])
        forms.integer(
            errors, (*path, "message_reference", "message_id"), reference.get("message_id"), 0, 2**64
        )
    _check_attachments(errors, body.get("attachments"), (*path, "attachments"), files)
    errors.check()


def _check_no_legacy(errors: FormErrors, body: Json, path: tuple[str | int, ...]) -> None:
    for key in ("content", "embeds", "stickers", "poll"):
        if body.get(key):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            errors.add(
                (*path, key),
                code,
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_mentions(errors: FormErrors, value: Any, path: tuple[str | int, ...]) -> None:
    if value is None:
        return
    allowed = forms.mapping(errors, path, value)
    for index, kind in enumerate(forms.items(errors, (*path, "parse"), allowed.get("parse"), 3)):
        if kind not in ("users", "roles", "everyone"):
            message = "Value must be one of ('users', 'everyone', 'roles')."
            errors.add((*path, "parse", index), "BASE_TYPE_CHOICES", message)
    for key in ("users", "roles"):
        forms.snowflakes(errors, (*path, key), allowed.get(key), 100)


def _check_attachments(errors: FormErrors, value: Any, path: tuple[str | int, ...], files: int) -> None:
    for index, entry in enumerate(forms.items(errors, path, value, limits.FILES)):
        entry = forms.mapping(errors, (*path, index), entry)
        number = forms.integer(errors, (*path, index, "id"), entry.get("id"), 0, 2**64, default=-1)
        forms.text(errors, (*path, index, "description"), entry.get("description"), 1024)
        if number < 0:
            errors.add((*path, index, "id"), "BASE_TYPE_REQUIRED", "This field is required")
        elif number < limits.FILES and number >= files:
            errors.add((*path, index), "ATTACHMENT_NOT_FOUND", "Attachment data not found")


def check_embeds(errors: FormErrors, value: Any, path: tuple[str | int, ...]) -> None:
    embeds = forms.items(errors, path, value, limits.EMBEDS)
    total = sum(_check_embed(errors, embed, (*path, index)) for index, embed in enumerate(embeds))
    if total > limits.EMBED_TOTAL:
        message = f"Embed size exceeds maximum size of {limits.EMBED_TOTAL}"
        errors.add(path, "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(errors: FormErrors, embed: Any, path: tuple[str | int, ...]) -> int:
    """The number of characters that count towards the limit of all embeds together."""
    embed = forms.mapping(errors, path, embed)
    size = len(forms.text(errors, (*path, "title"), embed.get("title"), limits.EMBED_TITLE))
    size += len(
        forms.text(errors, (*path, "description"), embed.get("description"), limits.EMBED_DESCRIPTION)
    )
    forms.link(errors, (*path, "url"), embed.get("url"), longest=limits.URL)
    forms.integer(errors, (*path, "color"), embed.get("color"), 0, 0xFFFFFF)
    forms.moment(errors, (*path, "timestamp"), embed.get("timestamp"))
    for key in ("image", "thumbnail"):
        _check_picture(errors, embed.get(key), (*path, key), "url")
    if embed.get("footer"):
        footer = _check_picture(errors, embed["footer"], (*path, "footer"), "icon_url")
        size += len(forms.text(errors, (*path, "footer", "text"), footer.get("text"), limits.EMBED_FOOTER))
    if embed.get("author"):
        author = _check_picture(errors, embed["author"], (*path, "author"), "icon_url")
        size += len(forms.text(errors, (*path, "author", "name"), author.get("name"), limits.EMBED_AUTHOR, 1))
        forms.link(errors, (*path, "author", "url"), author.get("url"), longest=limits.URL)
    return size + _check_fields(errors, embed.get("fields"), (*path, "fields"))


def _check_picture(errors: FormErrors, value: Any, path: tuple[str | int, ...], key: str) -> Json:
    if value is None:
        return {}
    value = forms.mapping(errors, path, value)
    schemes = ("http", "https", "attachment")
    forms.link(errors, (*path, key), value.get(key), schemes=schemes, longest=limits.URL)
    return value


def _check_fields(errors: FormErrors, value: Any, path: tuple[str | int, ...]) -> int:
    size = 0
    for index, field in enumerate(forms.items(errors, path, value, limits.EMBED_FIELDS)):
        field = forms.mapping(errors, (*path, index), field)
        for key, longest in (("name", limits.EMBED_FIELD_NAME), ("value", limits.EMBED_FIELD_VALUE)):
            content = forms.text(errors, (*path, index, key), field.get(key), longest)
            size += len(content)
            if not content.strip():
                errors.add((*path, index, key), "BASE_TYPE_REQUIRED", "This field is required")
    return size
