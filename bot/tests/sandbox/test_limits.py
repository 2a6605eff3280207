"""Discord's limits, each refused with 50035 at its own place in `errors`."""

import io
from typing import Any

import aiohttp
import pytest

from sandbox import defaults
from sandbox.errors import ApiError
from sandbox.server import Sandbox
from sandbox.validation.components import check_modal
from sandbox.validation.messages import check_message


def problems(tree: Any, path: str = "") -> dict[str, str]:
    """Nested errors as {dotted path: code}."""
    codes: dict[str, str] = {}
    for key, inner in tree.items():
        if key == "_errors":
            codes[path] = inner[0]["code"]
        else:
            codes |= problems(inner, f"{path}.{key}" if path else key)
    return codes


def refusal(check: Any, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(ApiError) as refused:
        check(*args, **more)
    assert refused.value.code == 50035
    assert refused.value.errors
    return problems(refused.value.errors)


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **more}


def row(*inner: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(inner)}


def menu(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "menu", "options": [{"label": "A", "value": "a"}], **more}


FIELD = {"name": "n", "value": "v"}
OPTION = {"label": "A", "value": "a"}


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
        ({"embeds": [{}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": "x"}, "embeds", "LIST_TYPE_CONVERT"),
        ({"embeds": ["x"]}, "embeds.0", "DICT_TYPE_CONVERT"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [FIELD] * 26}]}, "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
        (
            {"embeds": [{"fields": [FIELD, {"name": "", "value": "v"}]}]},
            "embeds.0.fields.1.name",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"embeds": [{"fields": [{"name": "n", "value": " "}]}]},
            "embeds.0.fields.0.value",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
            "embeds.0.fields.0.value",
            "BASE_TYPE_MAX_LENGTH",
        ),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"author": {"name": "x" * 257}}]}, "embeds.0.author.name", "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"color": 0x1000000}]}, "embeds.0.color", "NUMBER_TYPE_MAX"),
        ({"embeds": [{"url": "javascript:x"}]}, "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
        ({"embeds": [{"image": {"url": "http://"}}]}, "embeds.0.image.url", "URL_TYPE_INVALID_URL"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        ({"components": [row(button())] * 6}, "components", "BASE_TYPE_MAX_LENGTH"),
        ({"components": [button()]}, "components.0.type", "BASE_TYPE_CHOICES"),
        ({"components": [row()]}, "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [row(*(button(custom_id=str(n)) for n in range(6)))]},
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(menu(), button())]},
            "components.0.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            {"components": [row(button(label="x" * 81))]},
            "components.0.components.0.label",
            "BASE_TYPE_MAX_LENGTH",
        ),
        ({"components": [row(button(label=""))]}, "components.0.components.0", "BUTTON_COMPONENT_INVALID"),
        (
            {"components": [row(button(custom_id=None))]},
            "components.0.components.0.custom_id",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"components": [row(button(custom_id="x" * 101))]},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(button(), button())]},
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        ({"components": [row(button(style=9))]}, "components.0.components.0.style", "BASE_TYPE_CHOICES"),
        (
            {"components": [row({"type": 2, "style": 5, "label": "x"})]},
            "components.0.components.0.url",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"components": [row(menu(options=[]))]},
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(menu(options=[OPTION, OPTION]))]},
            "components.0.components.0.options.1.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            {"components": [row(menu(options=[{"label": "x" * 101, "value": "a"}]))]},
            "components.0.components.0.options.0.label",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(menu(placeholder="x" * 151))]},
            "components.0.components.0.placeholder",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"components": [row(menu(min_values=3, max_values=2))]},
            "components.0.components.0.min_values",
            "SELECT_COMPONENT_MIN_VALUES_GREATER_THAN_MAX",
        ),
        ({"attachments": [{"id": 0}]}, "attachments.0", "ATTACHMENT_NOT_FOUND"),
        ({"flags": "x"}, "flags", "NUMBER_TYPE_COERCE"),
        (
            {"flags": 1 << 15, "content": "x"},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": ""}]},
            "components.0.content",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 3000}] * 2},
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            {
                "flags": 1 << 15,
                "components": [{"type": 17, "components": [{"type": 10, "content": "x"}] * 40}],
            },
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
    ],
)
def test_messages(body: dict[str, Any], place: str, code: str) -> None:
    assert refusal(check_message, body).get(place) == code


def test_what_just_fits() -> None:
    embed = {
        "title": "x" * 256,
        "description": "x" * 4096,
        "fields": [{"name": "x" * 256, "value": "x" * 1024}],
    }
    buttons = [button(custom_id=str(number)) for number in range(5)]
    options = [{"label": "x" * 100, "value": str(number)} for number in range(25)]
    check_message(
        {"content": "x" * 2000, "embeds": [embed], "components": [row(*buttons), row(menu(options=options))]}
    )
    check_message({"components": [row(button(custom_id=str(number))) for number in range(5)]})


def test_where_the_errors_of_a_callback_stand() -> None:
    codes = refusal(check_message, {"content": "x" * 2001}, path=("data",))
    assert codes == {"data.content": "BASE_TYPE_MAX_LENGTH"}


def field(**more: Any) -> dict[str, Any]:
    return row({"type": 4, "custom_id": "f", "label": "Field", "style": 1, **more})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": ""}, "data.title"),
        ({"title": "x" * 46}, "data.title"),
        ({"custom_id": None}, "data.custom_id"),
        ({"components": []}, "data.components"),
        ({"components": [field()] * 6}, "data.components"),
        ({"components": [row(button())]}, "data.components.0.components.0.type"),
        ({"components": [field(label="x" * 46)]}, "data.components.0.components.0.label"),
        ({"components": [field(style=3)]}, "data.components.0.components.0.style"),
        ({"components": [field(max_length=4001)]}, "data.components.0.components.0.max_length"),
        ({"components": [field(value="long", max_length=3)]}, "data.components.0.components.0.value"),
        (
            {"components": [{"type": 18, "label": "", "component": menu()}]},
            "data.components.0.label",
        ),
        (
            {"components": [{"type": 18, "label": "L", "component": button()}]},
            "data.components.0.component.type",
        ),
    ],
)
def test_modals(changes: dict[str, Any], place: str) -> None:
    modal = {"title": "T", "custom_id": "m", "components": [field()]} | changes
    assert place in refusal(check_modal, modal)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", f"/channels/{defaults.TABLE}/messages", b"{broken", 400, 50109),
        ("POST", f"/channels/{defaults.TABLE}/messages", b"[]", 400, 50109),
        ("POST", f"/channels/{defaults.TABLE}/messages", b"{}", 400, 50006),
        ("GET", "/channels/abc", None, 400, 50035),
        ("GET", f"/channels/{defaults.TABLE}/messages?limit=101", None, 400, 50035),
        ("GET", f"/channels/{defaults.TABLE}/messages?limit=x", None, 400, 50035),
        ("GET", "/nowhere", None, 404, 0),
        ("PUT", "/users/@me", b"{}", 404, 0),
        ("GET", "/applications/5/commands", None, 403, 20012),
        ("GET", f"/applications/{defaults.APPLICATION_ID}/guilds/5/commands", None, 403, 50001),
        ("POST", "/interactions/1/x/callback", b'{"type": 4}', 404, 10062),
        ("POST", f"/webhooks/{defaults.APPLICATION_ID}/x", b'{"content": "x"}', 401, 50027),
        ("POST", "/users/@me/channels", b"{}", 400, 50035),
    ],
)
async def test_malformed_requests(
    box: Sandbox, method: str, path: str, body: bytes | None, status: int, code: int
) -> None:
    headers = {"Authorization": f"Bot {box.token}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, box.api_base + path, data=body) as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json"
        assert (answer.status, (await answer.json())["code"]) == (status, code)


async def test_without_a_token_and_with_too_much(box: Sandbox) -> None:
    path = f"{box.api_base}/channels/{defaults.TABLE}/messages"
    async with aiohttp.ClientSession() as session:
        for header in ({}, {"Authorization": "Bot wrong"}, {"Authorization": f"Bearer {box.token}"}):
            async with session.get(path, headers=header) as answer:
                assert answer.status == 401
        headers = {"Authorization": f"Bot {box.token}"}
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", "{}")
        form.add_field("files[0]", io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), filename="big")
        async with session.post(path, headers=headers, data=form) as answer:
            assert (answer.status, (await answer.json())["code"]) == (413, 40005)
        async with session.post(path, headers=headers, data=io.BytesIO(b"x" * (27 * 1024 * 1024))) as answer:
            assert (answer.status, (await answer.json())["code"]) == (413, 40005)
