"""Portraits and backgrounds by the API for shows: pictures, checked and encoded again; the one before goes."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from companion.tests.shows import Api
from uploads.models import StoredFile
from uploads.tests.kit import png

KINDS = ["portrait", "background"]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def aria(api: Api, made: dict[str, Any]) -> str:
    found = api.ok("POST", f"/{made['id']}/characters", {"name": "Aria"}, 201)
    return f"/{made['id']}/characters/{found['id']}"


def send(api: Api, path: str, content: bytes, part: str = "file", name: str = "aria.png") -> Any:
    form = {part: SimpleUploadedFile(name, content, "image/png")}
    return api.client.post(f"/campaigns{path}", form, headers={"X-Admin-Token": api.token})


def stored(tmp_path: Any) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.req("S002-04", "S002-42", "S002-43", "S002-45")
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_set_and_the_one_before_is_removed(
    api: Api, aria: str, kind: str, tmp_path: Any
) -> None:
    first = send(api, f"{aria}/{kind}", png((300, 200)))
    assert (first.status_code, list(first.json())) == (200, [f"{kind}_url"])
    address = first.json()[f"{kind}_url"]
    assert api.ok("GET", aria)[f"{kind}_url"] == address
    before = stored(tmp_path)
    second = send(api, f"{aria}/{kind}", png((200, 300))).json()[f"{kind}_url"]
    assert second != address
    assert api.ok("GET", aria)[f"{kind}_url"] == second
    assert not set(before) & set(stored(tmp_path))
    assert StoredFile.objects.count() == 1
    newest = api.ok("GET", f"{aria.partition('/characters')[0]}/events")[0]
    assert newest["data"]["character"][f"{kind}_url"] == second


@pytest.mark.req("S002-45")
def test_a_background_goes_with_its_character(api: Api, aria: str, tmp_path: Any) -> None:
    send(api, f"{aria}/background", png((300, 200)))
    api.ok("DELETE", aria, status=204)
    assert stored(tmp_path) == []


@pytest.mark.req("S002-44")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "no_picture"),
        (b"GIF89a<script>alert(1)</script>", 422, "no_picture"),
        (b"", 422, "no_picture"),
        (b"x" * (9 * 1024 * 1024), 422, "file_too_large"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    api: Api, aria: str, kind: str, content: bytes, status: int, code: str, tmp_path: Any
) -> None:
    answer = send(api, f"{aria}/{kind}", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert stored(tmp_path) == []
    assert api.ok("GET", aria)[f"{kind}_url"] is None


def test_the_form_has_one_part_named_file(api: Api, aria: str) -> None:
    answer = send(api, f"{aria}/portrait", png((30, 30)), part="picture")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
