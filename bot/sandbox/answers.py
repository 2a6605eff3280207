"""JSON answers in the one form that discord.py understands."""

from typing import Any

import orjson
from aiohttp import web


def json_response(body: Any, status: int = 200) -> web.Response:
    # Exactly this content type: with a charset behind it discord.py takes the body for plain text.
    return web.Response(body=orjson.dumps(body), status=status, headers={"Content-Type": "application/json"})
