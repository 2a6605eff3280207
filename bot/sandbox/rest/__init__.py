"""Discord's REST API v10, as far as discord.py and the backend use it."""

from sandbox.rest import (
    applications,
    channels,
    emojis,
    guilds,
    interactions,
    messages,
    roles,
    threads,
    users,
    webhook_messages,
    webhooks,
)
from sandbox.rest.call import Route

ROUTES: list[Route] = [
    *applications.ROUTES,
    *emojis.ROUTES,
    *users.ROUTES,
    *guilds.ROUTES,
    *roles.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *threads.ROUTES,
    *interactions.ROUTES,
    *webhooks.ROUTES,
    *webhook_messages.ROUTES,
]
