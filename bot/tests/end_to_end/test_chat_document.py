"""What docs/CHAT.md tells people to type works as it stands: the calls in a shell, the socket in a browser."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page

from scripts.common import BACKEND, ROOT
from tests.end_to_end.conftest import Stack

DOCUMENT = (ROOT / "docs" / "CHAT.md").read_text()
PASSWORD = "correct-horse-battery"
TOOLS = ("curl", "jq")


def blocks(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    assert found
    return "\n".join(found)


def in_backend(stack: Stack, code: str) -> str:
    """Run a few lines with the models of the platform."""
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=BACKEND,
        env=dict(stack.env),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip().splitlines()[-1] if made.stdout.strip() else ""


@pytest.mark.req("S003-65", "S003-27")
def test_every_call_in_the_document_works(stack: Stack) -> None:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    assert not missing, f"the examples need {', '.join(missing)}"
    in_backend(
        stack,
        "from discordauth.models import CustomUser\n"
        f"CustomUser.objects.create_user('ann', password={PASSWORD!r})",
    )
    given = {"SITE": stack.backend, "NAME": "ann", "PASSWORD": PASSWORD}
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks("sh")],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"Good evening."' in run.stdout


@pytest.mark.browser
@pytest.mark.req("S003-65")
async def test_the_socket_of_the_document_speaks_in_a_browser(
    stack: Stack, person: Callable[[str], Awaitable[Any]], new_page: Callable[..., Awaitable[Page]]
) -> None:
    await person("mira")
    page = await new_page()
    await stack.log_in(page, "mira")
    place = await asyncio.to_thread(
        in_backend,
        stack,
        "from chronicle.models import ServerChannel\n"
        "import json\n"
        "row = ServerChannel.objects.get(server__name='Night Court', name='out-of-character')\n"
        "print(json.dumps({'serverId': str(row.server_id), 'channelId': str(row.pk)}))",
    )
    async with page.expect_console_message(lambda said: "Good evening." in said.text) as heard:
        await page.evaluate(f"async ({{serverId, channelId}}) => {{ {blocks('js')} }}", json.loads(place))
    assert "new_message" in (await heard.value).text
