"""The last handlers: a friendly page for people, JSON below the API's prefixes."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from rod import error_pages


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(raise_request_exception=False)


def test_an_unknown_page_is_a_page(visitor: Client) -> None:
    answer = visitor.get("/nowhere/")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "Nothing here but dust" in text
    assert "Back to the start" in text


@pytest.mark.parametrize("path", ["/api/nowhere/", "/bot/nowhere"])
def test_an_unknown_address_of_the_api_is_json(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("handler", "status"),
    [(error_pages.bad_request, 400), (error_pages.forbidden, 403), (error_pages.not_found, 404)],
)
def test_each_handler_speaks_both_ways(handler: object, status: int) -> None:
    for path, kind in (("/x/", "text/html"), ("/api/x/", "application/json")):
        answer = handler(RequestFactory().get(path), Exception("inside"))  # type: ignore[operator]
        assert answer.status_code == status
        assert answer["Content-Type"].startswith(kind)
        assert b"inside" not in answer.content


def test_a_crash_shows_a_reference_and_nothing_of_the_inside(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object) -> HttpResponse:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("main.views.dashboard.show", crash)
    answer = visitor.get("/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "Something broke" in text
    assert "secret inside" not in text
    reference = text.split("Reference: <code>")[1].split("<")[0]
    assert reference in caplog.text


@pytest.mark.parametrize("path", ["/", "/ws/gateway/", "/api/nowhere/"])
def test_a_host_that_is_not_ours_is_a_bad_request(visitor: Client, path: str) -> None:
    """The page of an error names its own host; this one has none that could be named."""
    answer = visitor.get(path, headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert b"elsewhere" not in answer.content


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
@pytest.mark.parametrize(
    "path",
    ["/api/nowhere/", "/api/nowhere", "/bot/nowhere", "/api/", "/api/join/a%00b/", "/api/characters/%0d%0a/"],
)
def test_run_12_an_unknown_address_of_an_api_has_our_shape(
    visitor: Client, settings: object, debug: bool, method: str, path: str
) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]
    answer = getattr(visitor, method)(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.engine
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/join/a%00b/", "/join/a%00b", "/characters/%00/", "/%00", "/admin/%00/"])
def test_run_12_nul_in_an_address_is_no_address(visitor: Client, method: str, path: str) -> None:
    answer = getattr(visitor, method)(path)
    assert answer.status_code == 404
    assert "Nothing here but dust" in answer.content.decode()
