"""Turns what the bot sent into what Discord shows: embeds, components, attachments, mentions."""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.errors import Json
from sandbox.state.store import Files
from sandbox.state.world import CDN, World
from sandbox.validation.components import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    SECTION,
    SELECTS,
    SEPARATOR,
    THUMBNAIL,
)

USER_MENTION = re.compile(r"<@!?(\d{1,20})>")
ROLE_MENTION = re.compile(r"<@&(\d{1,20})>")
# The parts of an embed that have a picture, and the key of its address.
PICTURES = {"image": "url", "thumbnail": "url", "footer": "icon_url", "author": "icon_url"}
UNKNOWN_TYPE = "application/octet-stream"
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Upload:
    filename: str
    content_type: str
    data: bytes


def attach(
    world: World, files: Files, upload: Upload, channel_id: str, about: Json, *, ephemeral: bool
) -> Json:
    """Store the bytes and return the attachment object, its address still without the sandbox's own."""
    attachment_id = world.ids.next()
    files.put(attachment_id, upload.data)
    name = UNSAFE.sub("_", str(about.get("filename") or upload.filename or "file"))[:100] or "file"
    content_type = upload.content_type
    if content_type == UNKNOWN_TYPE:
        content_type = mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    address = f"{CDN}/attachments/{channel_id}/{attachment_id}/{name}"
    attachment: Json = {
        "id": attachment_id,
        "filename": name,
        "size": len(upload.data),
        "url": address,
        "proxy_url": address,
        "content_type": content_type,
    }
    if about.get("description"):
        attachment["description"] = about["description"]
    if ephemeral:
        attachment["ephemeral"] = True
    return attachment | _picture_size(upload.data)


def _picture_size(data: bytes) -> Json:
    """Read width and height where that takes no library: PNG and GIF."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return {"width": int.from_bytes(data[16:20], "big"), "height": int.from_bytes(data[20:24], "big")}
    if data[:4] == b"GIF8" and len(data) >= 10:
        return {"width": int.from_bytes(data[6:8], "little"), "height": int.from_bytes(data[8:10], "little")}
    return {}


def embeds(value: list[Json] | None, attachments: list[Json]) -> list[Json]:
    shown = [_embed(embed, attachments) for embed in value or []]
    return [embed for embed in shown if set(embed) - {"type", "flags", "color"}]


def _embed(embed: Json, attachments: list[Json]) -> Json:
    shown: Json = {"type": "rich"}
    shown |= {key: embed[key].strip() for key in ("title", "description") if embed.get(key)}
    shown |= {key: embed[key] for key in ("url", "timestamp") if embed.get(key)}
    if embed.get("color") is not None:
        shown["color"] = int(embed["color"])
    for key, source in PICTURES.items():
        if embed.get(key):
            shown[key] = _with_picture(embed[key], source, attachments)
    if embed.get("fields"):
        shown["fields"] = [
            {key: field[key].strip() for key in ("name", "value")} | {"inline": bool(field.get("inline"))}
            for field in embed["fields"]
        ]
    return shown


def _with_picture(part: Json, key: str, attachments: list[Json]) -> Json:
    shown = {name: value for name, value in part.items() if value}
    if key in shown:
        shown[key] = shown[f"proxy_{key}"] = resolve(shown[key], attachments)
    return shown


def resolve(address: str, attachments: list[Json]) -> str:
    """Replace `attachment://name` by the address of the stored file."""
    if not address.startswith("attachment://"):
        return address
    name = address.removeprefix("attachment://")
    return next((entry["url"] for entry in attachments if entry["filename"] == name), address)


def components(value: list[Json] | None, attachments: list[Json], world: World) -> list[Json]:
    """Fill in ids and defaults as Discord does, and drop explicit nulls."""
    taken = set(_given_ids(value or []))
    numbers = (number for number in range(1, 10_000) if number not in taken)

    def show(component: Json) -> Json:
        shown: Json = {key: inner for key, inner in component.items() if inner is not None}
        shown["id"] = int(shown.get("id") or 0) or next(numbers)
        if isinstance(component.get("components"), list):
            shown["components"] = [show(inner) for inner in component["components"]]
        if isinstance(component.get("accessory"), dict):
            shown["accessory"] = show(component["accessory"])
        return shown | _defaults(shown, attachments, world)

    return [show(component) for component in value or []]


def _given_ids(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), int) and "type" in value:
            yield value["id"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _given_ids(inner)


def _defaults(component: Json, attachments: list[Json], world: World) -> Json:
    kind = component["type"]
    if kind == BUTTON or kind in SELECTS:
        defaults: Json = {"disabled": bool(component.get("disabled"))}
        if kind in SELECTS:
            defaults |= {key: int(component.get(key, 1)) for key in ("min_values", "max_values")}
        if component.get("default_values"):
            # A client may send these ids as numbers; Discord shows every id as text.
            defaults["default_values"] = [
                {**entry, "id": str(entry["id"])} for entry in component["default_values"]
            ]
        return defaults
    if kind == SEPARATOR:
        return {"spacing": component.get("spacing", 1), "divider": component.get("divider", True)}
    if kind == CONTAINER:
        return {"accent_color": component.get("accent_color"), "spoiler": bool(component.get("spoiler"))}
    if kind in (THUMBNAIL, FILE, GALLERY):
        return _media_defaults(component, attachments, world)
    return {"accessory": component["accessory"]} if kind == SECTION else {}


def _media_defaults(component: Json, attachments: list[Json], world: World) -> Json:
    if component["type"] == GALLERY:
        return {"items": [_media_item(item, attachments, world) for item in component["items"]]}
    if component["type"] == THUMBNAIL:
        return _media_item(component, attachments, world)
    file = _media(component["file"], attachments, world)
    entry: Json = next((entry for entry in attachments if entry["url"] == file["url"]), {})
    spoiler = bool(component.get("spoiler"))
    return {"file": file, "spoiler": spoiler, "name": entry.get("filename"), "size": entry.get("size")}


def _media_item(item: Json, attachments: list[Json], world: World) -> Json:
    media = _media(item["media"], attachments, world)
    return {"media": media, "description": item.get("description"), "spoiler": bool(item.get("spoiler"))}


def _media(media: Json, attachments: list[Json], world: World) -> Json:
    address = resolve(media["url"], attachments)
    return {"id": world.ids.next(), "url": address, "proxy_url": address}


def mentions(world: World, content: str, allowed: Json | None, guild: Json | None) -> Json:
    """List whom the text mentions, as far as `allowed_mentions` lets it."""
    users = [user_id for user_id in dict.fromkeys(USER_MENTION.findall(content)) if user_id in world.users]
    roles = [r for r in dict.fromkeys(ROLE_MENTION.findall(content)) if guild and r in guild["roles"]]
    everyone = guild is not None and ("@everyone" in content or "@here" in content)
    if allowed is not None:
        parse = allowed.get("parse") or []
        named_users, named_roles = (_ids(allowed.get(key)) for key in ("users", "roles"))
        users = [user_id for user_id in users if "users" in parse or user_id in named_users]
        roles = [role_id for role_id in roles if "roles" in parse or role_id in named_roles]
        everyone = everyone and "everyone" in parse
    return {
        "mentions": [world.users[user_id] for user_id in users],
        "mention_roles": roles,
        "mention_everyone": everyone,
    }


def _ids(value: object) -> set[str]:
    return {str(entry) for entry in value} if isinstance(value, list) else set()
