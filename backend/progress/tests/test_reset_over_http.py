"""`POST /api/users/admin/reset-progress` and its undo: exact answers, and who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from discordauth.models import CustomUser
from progress.models import PracticeSession
from progress.tests import reset_kit as kit
from testing.personas import World, bot_body

ADDRESS = "/api/users/admin/reset-progress"
SUMMARY = {
    "practice_sessions_deleted": 4,
    "paper_attempts_deleted": 4,
    "rewards_deleted": 4,
    "users_reset": 2,
    "leaderboard_entries_reset": 10,
}


@pytest.fixture
def earned(world: World) -> World:
    kit.populate(world)
    CustomUser.objects.filter(pk=world.vesna.pk).update(role="admin")
    return world


def bearer(user: CustomUser) -> dict[str, str]:
    return {"Authorization": f"Bearer {AccessToken.for_user(CustomUser.objects.get(pk=user.pk))}"}


@pytest.mark.req("S001-49", "S001-50", "S001-51", "S001-56")
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/"])
def test_an_admin_resets_everything_with_a_token_and_no_body(earned: World, address: str) -> None:
    answer = Client().post(address, headers=bearer(earned.vesna))
    assert answer.status_code == 200
    body = answer.json()
    assert body["message"] == "All progress data reset successfully"
    assert body["summary"] == SUMMARY
    assert body["dry_run"] is False
    assert body["restore_point"]
    assert not PracticeSession.objects.exists()


@pytest.mark.req("S001-52", "S001-56")
def test_others_get_permission_denied(earned: World) -> None:
    before = kit.tables()
    for address in (ADDRESS, f"{ADDRESS}/undo", f"{ADDRESS}?dry_run=1"):
        refused = Client().post(address, headers=bearer(earned.mira))
        assert (refused.status_code, refused.json()["detail"]) == (403, "Permission denied")
        # Who manages a server is no admin of everybody's progress.
        assert Client().post(address, headers=bearer(earned.olga)).status_code == 403
    assert kit.tables() == before


@pytest.mark.req("S001-52")
def test_a_refusal_is_the_same_in_every_language(earned: World) -> None:
    earned.mira.user_settings["language"] = "de"
    earned.mira.save()
    for address in (ADDRESS, f"{ADDRESS}/undo"):
        refused = Client().post(address, headers=bearer(earned.mira))
        assert (refused.status_code, refused.json()["detail"]) == (403, "Permission denied")


@pytest.mark.req("S001-52")
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no.such.token"}])
def test_without_a_good_token_it_asks_for_one(earned: World, headers: dict[str, str]) -> None:
    assert Client().post(ADDRESS, headers=headers).status_code == 401
    assert PracticeSession.objects.exists()


@pytest.mark.req("S001-54")
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_no_other_method_is_taken(earned: World, method: str) -> None:
    answer = getattr(Client(), method)(ADDRESS, headers=bearer(earned.vesna))
    assert answer.status_code == 405
    assert PracticeSession.objects.exists()


@pytest.mark.req("S001-55", "S001-51")
def test_a_dry_run_answers_in_the_same_shape_and_changes_nothing(earned: World) -> None:
    before = kit.tables()
    body = Client().post(f"{ADDRESS}?dry_run=1", headers=bearer(earned.vesna)).json()
    assert kit.tables() == before
    assert body["summary"] == SUMMARY
    assert body["dry_run"] is True
    assert body["restore_point"] is None
    assert body.keys() == Client().post(ADDRESS, headers=bearer(earned.vesna)).json().keys()


@pytest.mark.parametrize("query", ["dry_run=maybe", "dryrun=1", "scope=galaxy", "scope=server", "id=1"])
def test_a_query_that_is_misspelt_resets_nothing(earned: World, query: str) -> None:
    answer = Client().post(f"{ADDRESS}?{query}", headers=bearer(earned.vesna))
    assert answer.status_code == 400
    assert PracticeSession.objects.exists()


def test_a_key_for_a_dry_run_is_none_for_the_reset(earned: World) -> None:
    headers = bearer(earned.vesna) | {"Idempotency-Key": "once"}
    assert Client().post(f"{ADDRESS}?dry_run=1", headers=headers).status_code == 200
    assert Client().post(ADDRESS, headers=headers).json()["code"] == "key_reused"


def test_a_retry_with_the_same_key_resets_once(earned: World) -> None:
    headers = bearer(earned.vesna) | {"Idempotency-Key": "once"}
    first, second = (Client().post(ADDRESS, headers=headers).json() for _ in range(2))
    assert first == second


@pytest.mark.req("S001-53")
def test_a_page_of_ours_resets_by_its_session(earned: World, browser: Callable[[str], Client]) -> None:
    client = browser("vesna")
    assert client.post(ADDRESS).status_code == 200


@pytest.mark.req("S001-55")
def test_an_undo_restores_the_last_restore_point(earned: World) -> None:
    headers = bearer(earned.vesna)
    point = Client().post(ADDRESS, headers=headers).json()["restore_point"]
    undone = Client().post(f"{ADDRESS}/undo", headers=headers)
    assert undone.status_code == 200
    restored = {name.replace("_deleted", "").replace("_reset", ""): count for name, count in SUMMARY.items()}
    assert undone.json()["summary"] == {f"{name}_restored": count for name, count in restored.items()}
    assert undone.json()["restore_point"] == point
    again = Client().post(f"{ADDRESS}/undo", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_undo")


@pytest.mark.parametrize("point", ["01930000-0000-7000-8000-000000000001", "nonsense", 7, None])
def test_the_undo_of_a_reset_that_never_was_is_refused(earned: World, point: object) -> None:
    answer = Client().post(
        f"{ADDRESS}/undo", {"point": point}, "application/json", headers=bearer(earned.vesna)
    )
    assert answer.status_code in (400, 409)


def test_one_chronicle_alone(earned: World) -> None:
    query = f"scope=chronicle&id={earned.chronicle.pk}"
    body = Client().post(f"{ADDRESS}?{query}", headers=bearer(earned.vesna)).json()
    assert body["message"] == "Progress data of Night Court reset successfully"
    assert PracticeSession.objects.count() == 2


@pytest.mark.parametrize("word", ["", "reset", "Reset", "RESET now", " RESET", "RESET "])
def test_in_discord_the_word_has_to_be_typed(earned: World, bot: Any, word: str) -> None:
    body = bot_body("vesna", word=word)
    answer = bot.post("/bot/progress/reset", body, format="json")
    assert answer.status_code == 400
    assert "Type RESET" in answer.json()["detail"]
    assert PracticeSession.objects.exists()


def test_an_admin_previews_resets_and_undoes_in_discord(earned: World, bot: Any) -> None:
    preview = bot.post("/bot/progress/reset/preview", bot_body("vesna", scope="server"), format="json").json()
    assert (preview["name"], preview["summary"]["practice_sessions_deleted"]) == ("Night Court", 2)
    body = bot_body("vesna", scope="server", id=preview["id"], word="RESET")
    assert bot.post("/bot/progress/reset", body, format="json").json()["summary"] == preview["summary"]
    assert bot.post("/bot/progress/reset/undo", bot_body("vesna"), format="json").status_code == 200
    assert bot.post("/bot/progress/reset/preview", bot_body("mira"), format="json").status_code == 403


def test_a_notice_goes_to_a_channel_before_and_after(
    earned: World, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    settings.RESET_NOTICE_CHANNEL, settings.DISCORD_BOT_TOKEN = "123", "token"
    posted: list[str] = []
    monkeypatch.setattr("delivery.discord_channel.post", lambda channel, content: posted.append(content))
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(ADDRESS, headers=bearer(earned.vesna))
        assert [text.partition("**")[2].partition("**")[0] for text in posted] == [
            "All progress is about to be reset"
        ]
        Client().post(f"{ADDRESS}?dry_run=1", headers=bearer(earned.vesna))
        Client().post(f"{ADDRESS}/undo", headers=bearer(earned.vesna))
    assert [text.partition("**")[2].partition("**")[0] for text in posted[1:]] == [
        "All progress was reset.",
        "The reset of all progress was undone.",
    ]
