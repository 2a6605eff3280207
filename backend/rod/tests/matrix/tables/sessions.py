"""Sessions of a chronicle: planned and run by storytellers, seen and answered by members."""

from rod.tests.matrix.entries import EVERYONE, MEMBERS, STORYTELLERS, THE_KEY, Audience, Body, Entry
from rod.tests.matrix.people import Scene

WHEN = {"planned_for": "2026-12-24T19:30:00+01:00"}
SCHEDULE = {"weekday": "friday", "time": "19:30", "timezone": "Europe/Berlin"}
# A platform admin is no member, so nobody waits for them.
COMING = MEMBERS.minus("root")
SESSIONS = "api/chronicles/<uuid:chronicle>/sessions/"
ONE = SESSIONS + "<uuid:episode>/"
PLANNED = {"episode_id": "planned_episode"}
# It runs in another chronicle: one runs at a time.
LIVE = {"chronicle_id": "second", "episode_id": "live_episode"}
RUN_THE_SECOND = Audience(frozenset({"elsewhere", "narrator", "admin", "owner", "root"}))


def about(name: str, **more: object) -> Body:
    """A session by its id in its chronicle, as a command names them."""
    return lambda scene: {
        "chronicle": str(scene.chronicle.pk),
        "episode": str(getattr(scene, name).pk),
        **more,
    }


def ticks(scene: Scene) -> dict[str, object]:
    return {"ticks": [{"user": str(scene.people["other"].pk), "state": "excused"}]}


def recap(scene: Scene) -> dict[str, object]:
    return {"recap": "It burned."}


API = [
    Entry("GET", SESSIONS, MEMBERS),
    Entry("POST", SESSIONS, STORYTELLERS, lambda scene: WHEN),
    Entry("GET", SESSIONS + "schedule/", MEMBERS),
    Entry("PUT", SESSIONS + "schedule/", STORYTELLERS, lambda scene: SCHEDULE),
    Entry("DELETE", SESSIONS + "schedule/", STORYTELLERS),
    Entry("GET", SESSIONS + "streaks/", MEMBERS),
    Entry("GET", ONE, MEMBERS),
    Entry("PATCH", ONE, STORYTELLERS, lambda scene: {"title": "Ashes"}),
    Entry("POST", ONE + "start/", STORYTELLERS, at=PLANNED),
    Entry("POST", ONE + "cancel/", STORYTELLERS, at=PLANNED),
    Entry("PUT", ONE + "coming/", COMING, lambda scene: {"coming": True}, at=PLANNED),
    Entry("POST", ONE + "end/", RUN_THE_SECOND, at=LIVE),
    Entry("PUT", ONE + "attendance/", STORYTELLERS, ticks),
    Entry("POST", ONE + "award/", STORYTELLERS),
    Entry("PUT", ONE + "recap/", STORYTELLERS, recap),
    Entry("GET", ONE + "recap/draft/", STORYTELLERS),
    Entry("PUT", SESSIONS + "channel/", STORYTELLERS, lambda scene: {"channel": None}),
    Entry("GET", SESSIONS + "settings/", MEMBERS),
    Entry("PATCH", SESSIONS + "settings/", MEMBERS, lambda scene: {"remind_day": False}),
]
PAGE = "chronicles/<uuid:chronicle_id>/sessions/"
ONE_PAGE = PAGE + "<uuid:episode_id>/"
PAGES = [
    Entry("GET", PAGE, MEMBERS),
    Entry("POST", PAGE, STORYTELLERS, lambda scene: {"planned_for": "2026-12-24T19:30"}),
    Entry("POST", "chronicles/<uuid:chronicle_id>/schedule/", STORYTELLERS, lambda scene: SCHEDULE),
    Entry("POST", "chronicles/<uuid:chronicle_id>/schedule/remove/", STORYTELLERS),
    Entry("GET", ONE_PAGE, MEMBERS),
    Entry("POST", ONE_PAGE + "edit/", STORYTELLERS, lambda scene: {"title": "Ashes"}),
    Entry("POST", ONE_PAGE + "start/", STORYTELLERS, at=PLANNED),
    Entry("POST", ONE_PAGE + "end/", RUN_THE_SECOND, at=LIVE),
    Entry("POST", ONE_PAGE + "cancel/", STORYTELLERS, at=PLANNED),
    Entry("POST", ONE_PAGE + "answer/", COMING, lambda scene: {"coming": "yes"}, at=PLANNED),
    Entry(
        "POST",
        ONE_PAGE + "attendance/",
        STORYTELLERS,
        lambda scene: {"other": str(scene.people["other"].pk)},
    ),
    Entry("POST", ONE_PAGE + "award/", STORYTELLERS),
    Entry("POST", ONE_PAGE + "recap/", STORYTELLERS, recap),
    Entry("POST", PAGE + "channel/", STORYTELLERS, lambda scene: {"channel": ""}),
    Entry("POST", PAGE + "settings/", MEMBERS, lambda scene: {"remind_day": "no"}),
    # Whoever has the address is who it was made for.
    Entry("GET", "calendar/<str:calendar>.ics", EVERYONE),
]
BOT = [
    Entry("POST", "bot/sessions", STORYTELLERS.here, lambda scene: WHEN),
    Entry("PATCH", "bot/sessions", STORYTELLERS, about("planned_episode", title="Ashes")),
    Entry("POST", "bot/sessions/list", MEMBERS.plus("stranger")),
    Entry("POST", "bot/sessions/streaks", MEMBERS.plus("stranger")),
    Entry("POST", "bot/sessions/get", MEMBERS, about("planned_episode")),
    Entry("POST", "bot/sessions/start", STORYTELLERS, about("planned_episode")),
    Entry("POST", "bot/sessions/end", RUN_THE_SECOND, lambda scene: {"chronicle": str(scene.second.pk)}),
    Entry("POST", "bot/sessions/cancel", STORYTELLERS, about("planned_episode")),
    # Whose command comes from the server is a member.
    Entry("POST", "bot/sessions/answer", MEMBERS, about("planned_episode", coming=False)),
    Entry(
        "POST", "bot/sessions/attendance", STORYTELLERS, lambda scene: about("episode")(scene) | ticks(scene)
    ),
    Entry("POST", "bot/sessions/award", STORYTELLERS, about("episode")),
    Entry("PUT", "bot/sessions/recap", STORYTELLERS, lambda scene: about("episode")(scene) | recap(scene)),
    Entry("POST", "bot/sessions/recap/draft", STORYTELLERS, about("episode")),
    Entry("PUT", "bot/sessions/channel", STORYTELLERS.here, lambda scene: {"channel": None}),
    Entry("POST", "bot/sessions/settings/get", MEMBERS.plus("stranger")),
    Entry("PATCH", "bot/sessions/settings", MEMBERS.plus("stranger"), lambda scene: {"remind_hour": False}),
    Entry(
        "PUT",
        "bot/messages/posted",
        THE_KEY,
        lambda scene: {
            "kind": "episode",
            "id": str(scene.planned_episode.pk),
            "channel": "1",
            "message": "3",
        },
    ),
    Entry("POST", "bot/sessions/schedule/get", MEMBERS.plus("stranger")),
    Entry("PUT", "bot/sessions/schedule", STORYTELLERS.here, lambda scene: SCHEDULE),
    Entry("DELETE", "bot/sessions/schedule", STORYTELLERS.here),
]
