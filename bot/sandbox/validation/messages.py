"""Messages as the bot sends them."""

from sandbox import limits
from sandbox.errors import Json, Path
from sandbox.validation.components import check_components
from sandbox.validation.forms import WEB, Form

EPHEMERAL, LOADING, COMPONENTS_V2, SUPPRESS_EMBEDS = 1 << 6, 1 << 7, 1 << 15, 1 << 2


def check_message(body: Json, *, files: int = 0, path: Path = (), v2: bool = False) -> None:
    """Check a message. `path` stands before every key of the errors: ("data",) in an interaction's callback."""
    form = Form(body, path)
    form.text("content", limits.CONTENT)
    v2 = v2 or bool(form.integer("flags", 0, 2**31 - 1) & COMPONENTS_V2)
    _check_embeds(form)
    check_components(form, v2=v2)
    for key in ("content", "embeds", "stickers", "poll"):
        if v2 and body.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.error("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message, key)
    if files > limits.FILES:
        form.error("BASE_TYPE_MAX_LENGTH", f"Must be {limits.FILES} or fewer in length.", "files")
    if body.get("allowed_mentions") is not None:
        _check_mentions(form.part("allowed_mentions"))
    if body.get("message_reference") is not None:
        form.part("message_reference").integer("message_id", 0, 2**64)
    _check_attachments(form, files)
    form.check()


def check_webhook_name(form: Form, key: str, *, required: bool = False) -> str:
    """Check the name that a webhook has or posts under: Discord takes none that could pass for its own."""
    name = form.text(key, limits.WEBHOOK_NAME, 1 if required else 0)
    for word in ("discord", "clyde"):
        if word in name.lower():
            form.error("USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"', key)
    return name.strip()


def _check_mentions(allowed: Form) -> None:
    for index, kind in enumerate(allowed.items("parse", 3)):
        if kind not in ("users", "roles", "everyone"):
            message = "Value must be one of ('users', 'everyone', 'roles')."
            allowed.error("BASE_TYPE_CHOICES", message, "parse", index)
    for key in ("users", "roles"):
        allowed.snowflakes(key, 100)


def _check_attachments(form: Form, files: int) -> None:
    """Check attachments, which are named by the index of their file or, when kept, by their id."""
    for attachment in form.parts("attachments", limits.FILES):
        number = attachment.integer("id", 0, 2**64, default=-1)
        attachment.text("description", 1024)
        if number < 0:
            attachment.missing("id")
        elif files <= number < limits.FILES:
            attachment.error("ATTACHMENT_NOT_FOUND", "Attachment data not found")


def _check_embeds(form: Form) -> None:
    if sum(_check_embed(embed) for embed in form.parts("embeds", limits.EMBEDS)) > limits.EMBED_TOTAL:
        message = f"Embed size exceeds maximum size of {limits.EMBED_TOTAL}"
        form.error("MAX_EMBED_SIZE_EXCEEDED", message, "embeds")


def _check_embed(embed: Form) -> int:
    """Check an embed; returns the characters that count towards the limit of all embeds together."""
    size = len(embed.text("title", limits.EMBED_TITLE))
    size += len(embed.text("description", limits.EMBED_DESCRIPTION))
    embed.link("url", limits.URL)
    embed.integer("color", 0, 0xFFFFFF)
    embed.timestamp("timestamp")
    for key in ("image", "thumbnail"):
        if embed.body.get(key) is not None:
            _check_picture(embed.part(key), "url")
    if embed.body.get("footer"):
        footer = embed.part("footer")
        _check_picture(footer, "icon_url")
        size += len(footer.text("text", limits.EMBED_FOOTER))
    if embed.body.get("author"):
        author = embed.part("author")
        _check_picture(author, "icon_url")
        author.link("url", limits.URL)
        size += len(author.text("name", limits.EMBED_AUTHOR, 1))
    return size + _check_fields(embed)


def _check_picture(form: Form, key: str) -> None:
    form.link(key, limits.URL, (*WEB, "attachment"))


def _check_fields(embed: Form) -> int:
    size = 0
    for field in embed.parts("fields", limits.EMBED_FIELDS):
        for key, longest in (("name", limits.EMBED_FIELD_NAME), ("value", limits.EMBED_FIELD_VALUE)):
            content = field.text(key, longest)
            size += len(content)
            if not content.strip():
                field.missing(key)
    return size
