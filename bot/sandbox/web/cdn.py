"""Avatars, icons, emoji and attachments under /cdn."""

import colorsys
import hashlib
import struct
import zlib

from aiohttp import web

from sandbox.state.store import Files

CELLS = 5  # an identicon has 5 × 5
SMALLEST, LARGEST = 16, 256  # pixels
KEPT_BY_BROWSERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Cdn:
    """`pictures` says where the avatars of webhooks are, by their hash: an address, or `file:<id>`."""

    def __init__(self, files: Files, emojis: Files, pictures: dict[str, str]) -> None:
        self.pictures = pictures
        self.files = files
        self.emojis = emojis

    def routes(self) -> list[web.RouteDef]:
        pictures = (
            "/cdn/avatars/{owner}/{name}",
            "/cdn/icons/{owner}/{name}",
            "/cdn/app-icons/{owner}/{name}",
            "/cdn/embed/avatars/{name}",
            "/cdn/guilds/{guild}/users/{owner}/avatars/{name}",
        )
        own = [
            web.get("/cdn/attachments/{channel}/{id}/{name}", self.attachment),
            web.get("/cdn/emojis/{name}", self.emoji),
        ]
        return [web.get(path, self.picture) for path in pictures] + own

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Answer with a PNG, whatever ending the address has: browsers go by the type."""
        place = self.pictures.get(request.match_info["name"].rpartition(".")[0], "")
        if place.startswith("http"):
            raise web.HTTPFound(place)
        data = self.files.get(place.removeprefix("file:")) if place else None
        if data is not None:
            return web.Response(body=data, content_type=picture_type(data), headers=KEPT_BY_BROWSERS)
        wanted = request.query.get("size", "")
        size = min(max(int(wanted), SMALLEST), LARGEST) if wanted.isdecimal() and len(wanted) < 6 else 128
        seed = request.match_info.get("owner", "") + request.match_info["name"].rpartition(".")[0]
        return web.Response(body=identicon(seed, size), content_type="image/png", headers=KEPT_BY_BROWSERS)

    async def emoji(self, request: web.Request) -> web.StreamResponse:
        """Answer with an emoji of the application, whatever ending the address has."""
        data = self.emojis.get(request.match_info["name"].partition(".")[0])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type=picture_type(data), headers=KEPT_BY_BROWSERS)

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """Show pictures, and offer everything else only for download: it shares the page's origin."""
        data = self.files.get(request.match_info["id"])
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
    """Tell the type of a picture by its first bytes, whatever the sender calls it; "" for other files."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def identicon(seed: str, size: int = 128) -> bytes:
    """Draw a square PNG of `size` pixels, always the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    hue = int.from_bytes(digest[:2], "big") / 0x10000
    colour, ground = _rgb(hue, 0.5, 0.9), _rgb(hue, 0.45, 0.22)
    rows = [_row(digest[6 + line], colour, ground, size) for line in range(CELLS)]
    pixels = b"".join(rows[line * CELLS // size] for line in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(pixels, 9)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _rgb(hue: float, saturation: float, value: float) -> bytes:
    return bytes(round(part * 255) for part in colorsys.hsv_to_rgb(hue, saturation, value))


def _row(bits: int, colour: bytes, ground: bytes, size: int) -> bytes:
    half = [bool(bits >> shift & 1) for shift in range(3)]
    cells = [*half, half[1], half[0]]
    pixels = b"".join(colour if cells[x * CELLS // size] else ground for x in range(size))
    return b"\x00" + pixels  # each line begins with its filter type


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
