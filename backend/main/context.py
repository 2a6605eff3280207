"""Template context of every page: the signed-in user, the build, and the local sandbox's address if there is one."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from contract.discord_permissions import invite_url
from contract.translation import ENGLISH
from main import word_lists
from main.listening import LIVE, asks_for_main, follows, looks_every

NAME = "Chronicle Keeper"


def site(request: HttpRequest) -> dict[str, object]:
    language = get_language() or ENGLISH
    user = getattr(request, "user", None)  # a request that broke early has none
    return {
        "site": {
            "name": NAME,
            "version": settings.VERSION,
            "user": user.as_json() if user is not None and user.is_authenticated else None,
            "leaving": getattr(user, "delete_at", None),
            "login_url": f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}",
            "sandbox_url": sandbox_url(),
            "invite_url": bot_invite(),
            "language": language,
            "words_url": word_lists.address(language),
            "direction": "rtl" if get_language_bidi() else "ltr",
        },
        "refused": getattr(request, "refused", None),
        "live": getattr(request, LIVE, None),
        "follows": follows(request),
        "looks_every": looks_every(request),
        "frame": "main/alone.html" if asks_for_main(request) else "main/whole.html",
    }


def bot_invite() -> str:
    """Return the address that adds the bot to a server of Discord, or "" where no bot is set up."""
    if not settings.DISCORD_APP_ID:
        return ""
    return invite_url(
        settings.DISCORD_OAUTH_AUTHORIZE, settings.DISCORD_APP_ID, bridges=settings.DISCORD_MESSAGE_CONTENT
    )


def sandbox_url() -> str:
    """Return the address of the sandbox's page, or "" if the real Discord is used."""
    parts = urlsplit(settings.DISCORD_OAUTH_AUTHORIZE)
    if parts.hostname not in ("localhost", "127.0.0.1"):
        return ""
    return f"{parts.scheme}://{parts.netloc}/"
