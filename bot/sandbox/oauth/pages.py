"""The consent page and the token endpoints, over HTTP."""

from collections.abc import Callable, Mapping
from html import escape

from aiohttp import web

from sandbox.errors import Json
from sandbox.oauth.flow import Authorization, BadClient, BadRequest, OAuth, bits_of
from sandbox.web.http import json_response

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: Canvas }
main { width: min(26rem, 92vw); padding: 1.5rem; border: 1px solid GrayText; border-radius: .75rem }
fieldset { border: 0; padding: 0; margin: 1rem 0 }
label { display: flex; gap: .75rem; align-items: center; padding: .5rem }
label:hover { background: color-mix(in srgb, Highlight 15%, transparent) } img { border-radius: 50% }
h1 { font: 600 1.5rem/1.3 Georgia, serif; margin-top: 0 }
small { opacity: .75 } .buttons { display: flex; gap: .75rem; justify-content: flex-end }
button { font: inherit; padding: .5rem 1.25rem; border-radius: .5rem; border: 1px solid GrayText; cursor: pointer }
button[value=allow] { background: #a82c46; color: white; border-color: #a82c46 }
"""
# What the consent page carries along from the request.
KEPT = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "permissions",
]
NEW_SERVER = "new"
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def _page(title: str, body: str, status: int = 200) -> web.Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return web.Response(text=text, content_type="text/html", status=status, headers=PAGE_HEADERS)


class OAuthPages:
    """Handlers of the login. `touch` marks the state as changed."""

    def __init__(
        self,
        oauth: OAuth,
        touch: Callable[[], None],
        add_bot: Callable[[Json, int], None],
        add_guild: Callable[[str, str], Json],
    ) -> None:
        """`add_guild(name, owner)` makes a server without the bot."""
        self.oauth = oauth
        self.add_bot = add_bot
        self.add_guild = add_guild
        self.world = oauth.world
        self.touch = touch

    async def ask(self, request: web.Request) -> web.StreamResponse:
        if self.oauth.asks_for_bot(request.query):
            return self._invite(request.query)
        checked = self._checked(request.query)
        return checked if isinstance(checked, web.Response) else self._consent(request.query, checked)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        if self.oauth.asks_for_bot(form):
            return self._invite(form)
        checked = self._checked(form)
        if isinstance(checked, web.Response):
            return checked
        if form.get("decision") != "allow":
            reason = "The resource owner or authorization server denied the request"
            return _redirect(checked.back(error="access_denied", error_description=reason))
        user = self.world.users.get(form.get("user", ""))
        if user is None or user["bot"]:
            return self._consent(form, checked, "Choose who you are.")
        code = self.oauth.grant_code(checked, user["id"])
        if "bot" not in checked.scopes:
            return _redirect(checked.back(code=code))
        guild = self._server_for(form, user["id"])
        if guild is None:
            return self._consent(form, checked, "Choose a server that this person may manage.")
        self.add_bot(guild, bits_of(form))
        return _redirect(
            checked.back(code=code, guild_id=guild["id"], permissions=form.get("permissions", "0"))
        )

    def _server_for(self, form: Mapping[str, str], user_id: str) -> Json | None:
        """Return the chosen server, made first if it is to be a new one."""
        if form.get("guild") != NEW_SERVER:
            return self.oauth.chosen_guild(form, user_id)
        name = form.get("name", "").strip()
        return self.add_guild(name, user_id) if 2 <= len(name) <= 100 else None

    def _invite(self, form: Mapping[str, str]) -> web.Response:
        """Ask for the server, then add the bot to it with the permissions of the link."""
        try:
            guilds = self.oauth.open_guilds(form)
        except BadClient as error:
            return _page("This link is broken", f"<p>{escape(str(error))}</p>", 400)
        chosen = next((guild for guild in guilds if guild["id"] == form.get("guild")), None)
        if chosen is not None and form.get("decision") == "allow":
            self.add_bot(chosen, int(form.get("permissions", "0")))
            return _page(
                "Added", f"<p>The bot is in {escape(chosen['name'])} now. You can close this page.</p>"
            )
        rows = "".join(
            f'<label><input type="radio" name="guild" value="{guild["id"]}">'
            f"<span>{escape(guild['name'])}</span></label>"
            for guild in guilds
        )
        kept = ("client_id", "scope", "permissions")
        hidden = "".join(
            f'<input type="hidden" name="{key}" value="{escape(form.get(key, ""))}">' for key in kept
        )
        body = (
            f'<form method="post" action="/oauth2/authorize">{hidden}'
            f"<fieldset><legend>Which server?</legend>{rows or '<p>The bot is in every server.</p>'}</fieldset>"
            '<div class="buttons"><button name="decision" value="allow">Add</button></div></form>'
        )
        return _page("Add the bot to a server", body)

    def _checked(self, params: Mapping[str, str]) -> Authorization | web.Response:
        """Check a request. A faulty client gets a page, never a redirect; a faulty request goes back to the client."""
        try:
            address = self.oauth.redirect_uri(params)
        except BadClient as error:
            return _page("This link is broken", f"<p>{escape(str(error))}</p>", 400)
        try:
            bits_of(params)
            return self.oauth.authorization(params)
        except BadClient as error:
            return _page("This link is broken", f"<p>{escape(str(error))}</p>", 400)
        except BadRequest as error:
            refused = Authorization(address, (), params.get("state", "")[:2000], "")
            return _redirect(refused.back(**error.answer()))

    def _consent(self, params: Mapping[str, str], checked: Authorization, problem: str = "") -> web.Response:
        people = [user for user in self.world.users.values() if not user["bot"]]
        chosen = params.get("user") or people[0]["id"]
        rows = "".join(
            f'<label><input type="radio" name="user" value="{user["id"]}"{" checked" * (user["id"] == chosen)}>'
            f'<img src="/cdn/avatars/{user["id"]}/{user["avatar"]}.png" width="40" height="40" alt="">'
            f'<span>{escape(user["global_name"] or user["username"])}<br><small>{escape(user["username"])}</small>'
            "</span></label>"
            for user in people
        )
        hidden = "".join(
            f'<input type="hidden" name="{key}" value="{escape(params[key])}">'
            for key in KEPT
            if key in params
        )
        warning = f'<p role="alert"><strong>{escape(problem)}</strong></p>' if problem else ""
        body = (
            f"<p>{escape(self.world.app['name'])} asks for: {escape(', '.join(checked.scopes))}.</p>{warning}"
            f'<form method="post" action="/oauth2/authorize">{hidden}'
            f"<fieldset><legend>Who are you in the sandbox?</legend>{rows}</fieldset>"
            f"{self._servers(params) if 'bot' in checked.scopes else ''}"
            '<div class="buttons"><button name="decision" value="deny">Deny</button>'
            '<button name="decision" value="allow">Allow</button></div></form>'
        )
        return _page("Log in with the sandbox", body)

    def _servers(self, params: Mapping[str, str]) -> str:
        """Ask for the server that the bot is added to: one without it, or a new one."""
        chosen = params.get("guild", NEW_SERVER)
        rows = "".join(
            f'<label><input type="radio" name="guild" value="{guild["id"]}"{" checked" * (guild["id"] == chosen)}>'
            f"<span>{escape(guild['name'])}</span></label>"
            for guild in self.oauth.open_guilds(params)
        )
        name = escape(params.get("name", "My server"))
        return (
            f"<fieldset><legend>Which server gets the bot?</legend>{rows}"
            f'<label><input type="radio" name="guild" value="{NEW_SERVER}"{" checked" * (chosen == NEW_SERVER)}>'
            f'<span>A new one: <input name="name" value="{name}" maxlength="100" aria-label="Name of the new server">'
            "</span></label></fieldset>"
        )

    async def token(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.oauth.token)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.oauth.revoke)

    async def _answer(
        self, request: web.Request, act: Callable[[Mapping[str, str]], Json]
    ) -> web.StreamResponse:
        form = await _form(request)
        try:
            self.oauth.check_client(form, request.headers.get("Authorization", ""))
            answer = act(form)
        except BadRequest as error:
            return json_response(error.answer(), error.status)
        self.touch()
        return json_response(answer)


async def _form(request: web.Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.post()).items()}


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})
