"""Post a message in a channel of Discord as the bot, from the backend: what only operators ask for, and seldom."""

import httpx
from django.conf import settings

TIMEOUT = httpx.Timeout(10, connect=3)


def post(channel: str, content: str) -> None:
    """Post it, and notify nobody. Raises httpx.HTTPError."""
    answer = httpx.post(
        f"{settings.DISCORD_API_BASE}/channels/{channel}/messages",
        headers={"Authorization": f"Bot {settings.DISCORD_BOT_TOKEN}"},
        json={"content": content, "allowed_mentions": {"parse": []}},
        timeout=TIMEOUT,
    )
    answer.raise_for_status()
