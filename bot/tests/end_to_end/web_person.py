"""Somebody on the web, over the public API: signed in as in a browser, without one."""

from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from yarl import URL

Json = dict[str, Any]


class WebPerson:
    """`async with WebPerson(stack.backend, stack.sandbox, user) as mira`: `user` is the sandbox's."""

    def __init__(self, backend: str, sandbox: str, user: Json) -> None:
        self.backend, self.sandbox, self.user = backend, sandbox, user
        self.session = aiohttp.ClientSession()
        self.token = ""

    async def __aenter__(self) -> Self:
        try:
            await self._sign_in()
        except BaseException:
            await self.session.close()
            raise
        return self

    async def _sign_in(self) -> None:
        async with self.session.get(f"{self.backend}/auth/login/?next=/healthz") as consent:
            asked = dict(parse_qsl(urlsplit(str(consent.url)).query))
        form = asked | {"user": self.user["id"], "decision": "allow"}
        async with self.session.post(f"{self.sandbox}/oauth2/authorize", data=form) as answer:
            assert str(answer.url) == f"{self.backend}/healthz", answer.url
        # The page of the account brings the cookie of the form's token.
        async with self.session.get(f"{self.backend}/account/") as page:
            assert page.status == 200
        cookies = self.session.cookie_jar.filter_cookies(URL(self.backend))
        csrf = next(cookie.value for name, cookie in cookies.items() if "csrf" in name)
        headers = {"X-CSRFToken": csrf, "Referer": f"{self.backend}/"}
        async with self.session.post(f"{self.backend}/api/token/session/", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            self.token = (await answer.json())["access"]

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def upload(self, room: str, name: str, content: bytes) -> str:
        """Upload a file for a message; returns its id."""
        form = aiohttp.FormData({"room": room})
        form.add_field("file", content, filename=name)
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.backend}/api/chat/files/"
        async with self.session.post(address, data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            return str((await answer.json())["file"]["id"])

    async def download(self, address: str) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.get(address, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.read()

    async def call(self, method: str, path: str, body: Json | None = None, status: int = 0) -> Any:
        """Call an address below /api/; the answer must have this status, or be no refusal."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.backend}/api/{path}"
        async with self.session.request(method, address, json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status if status else answer.status < 400, (answer.status, text)
            return await answer.json() if text else None
