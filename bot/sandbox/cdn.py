"""Avatars, icons and attachments under /cdn."""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.images import identicon

if TYPE_CHECKING:
    from sandbox.server import Sandbox

SIZES = (16, 256)
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Cdn:
    def __init__(self, box: "Sandbox") -> None:
        self.box = box

    def routes(self) -> list[web.RouteDef]:
        pictures = (
            "/cdn/avatars/{owner}/{name}",
            "/cdn/icons/{owner}/{name}",
            "/cdn/app-icons/{owner}/{name}",
            "/cdn/embed/avatars/{name}",
            "/cdn/emojis/{name}",
            "/cdn/guilds/{guild}/users/{owner}/avatars/{name}",
        )
        attachment = web.get("/cdn/attachments/{channel}/{id}/{name}", self.attachment)
        return [web.get(path, self.picture) for path in pictures] + [attachment]

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """PNG, whatever ending is asked for: browsers go by the type."""
        asked = request.query.get("size", "128")
        size = min(max(int(asked), SIZES[0]), SIZES[1]) if asked.isdecimal() and len(asked) < 6 else 128
        seed = request.match_info.get("owner", "") + request.match_info["name"].rpartition(".")[0]
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=identicon(seed, size), content_type="image/png", headers=headers)

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """Pictures are shown, everything else is only offered for download: it shares the page's origin."""
        data = self.box.files.get(request.match_info["id"])
        if data is None:
            raise web.HTTPNotFound
        kind = picture_type(data)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        if kind not in SHOWN:
            kind = "application/octet-stream"
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=data, content_type=kind, headers=headers)


def picture_type(data: bytes) -> str:
    """By the first bytes; what the sender calls it does not count."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""
