"""Who somebody is: profile, tokens, tickets, login; and what everyone may see."""

from rod.tests.matrix.entries import EVERYONE, OWN_NAME, OWNER, SIGNED_IN, STORYTELLERS, THE_KEY, Entry

API = [
    Entry("GET", "api/users/me/", SIGNED_IN),
    Entry("PATCH", "api/users/me/", SIGNED_IN, lambda scene: {"user_settings": {"text_mode": True}}),
    Entry("GET", "api/users/me/supporter/", SIGNED_IN),
    Entry("DELETE", "api/users/me/supporter/", SIGNED_IN),
    Entry("GET", "api/users/me/download/", SIGNED_IN),
    Entry("POST", "api/users/me/download/", SIGNED_IN),
    Entry("GET", "api/users/me/download/file/", OWNER.minus("root").unseen),
    Entry("POST", "api/users/me/deletion/", SIGNED_IN, lambda scene: {"name": OWN_NAME}),
    Entry("DELETE", "api/users/me/deletion/", SIGNED_IN),
    Entry("POST", "api/token/session/", SIGNED_IN),
    Entry("POST", "api/gateway/ticket/", SIGNED_IN),
    Entry("GET", "api/schema/openapi/", EVERYONE),
]
PAGES = [
    Entry("GET", "healthz", EVERYONE),
    Entry("GET", "readyz", EVERYONE),
    Entry("GET", "version", EVERYONE),
    Entry("GET", "auth/login/", EVERYONE),
    Entry("GET", "auth/add/", EVERYONE),
    Entry("GET", "auth/callback/", EVERYONE),
    Entry("POST", "auth/logout/", EVERYONE),
    Entry("GET", "account/", SIGNED_IN),
    Entry("GET", "account/patreon/", SIGNED_IN),
    Entry("GET", "account/patreon/callback/", SIGNED_IN),
    Entry("POST", "account/patreon/unlink/", SIGNED_IN),
    Entry("GET", "account/download/", OWNER.minus("root").unseen),
    Entry("POST", "account/download/ask/", SIGNED_IN),
    Entry("POST", "account/delete/", SIGNED_IN, lambda scene: {"name": OWN_NAME}),
    Entry("POST", "account/keep/", SIGNED_IN),
    Entry("GET", "resume/", EVERYONE),
    Entry("GET", "help/", EVERYONE),
    Entry("GET", "status/", STORYTELLERS.here.plus("elsewhere")),
    Entry("GET", "assets/<str:kind>/<str:digest>/<str:names>", EVERYONE),
    Entry("GET", "words/<str:language>/<str:digest>/", EVERYONE),
    Entry("POST", "account/", SIGNED_IN, lambda scene: {"preference": ["text_mode"]}),
]
BOT = [
    Entry("GET", "bot/openapi", THE_KEY),
    Entry("POST", "bot/heartbeat", THE_KEY, lambda scene: {"process": "host-1", "connected": True}),
    Entry("POST", "bot/identify", THE_KEY, lambda scene: {"bucket": 0}),
    Entry("POST", "bot/preferences", SIGNED_IN, lambda scene: {"text_mode": True}),
    Entry("POST", "bot/supporter", SIGNED_IN),
    Entry("POST", "bot/account/download", SIGNED_IN),
    Entry("POST", "bot/account/delete", SIGNED_IN, lambda scene: {"name": OWN_NAME}),
    Entry("POST", "bot/account/keep", SIGNED_IN),
    Entry("POST", "bot/notifications/claim", THE_KEY, lambda scene: {"notification": str(scene.note.pk)}),
]
# Of the API for shows: a campaign’s own token changes it (tested in companion/tests).
_CAMPAIGN = "campaigns/<str:campaign>/"
_BY_TOKEN = {
    *(("POST", "campaigns/"), ("PATCH", _CAMPAIGN), ("POST", _CAMPAIGN + "admin-token/")),
    ("POST", _CAMPAIGN + "characters/"),
    *((method, _CAMPAIGN + "characters/<uuid:character>/") for method in ("PATCH", "DELETE")),
    *(
        ("POST", f"{_CAMPAIGN}characters/<uuid:character>/{picture}/")
        for picture in ("portrait", "background")
    ),
    *(("POST", _CAMPAIGN + "episodes/"), ("PATCH", _CAMPAIGN + "episodes/<uuid:episode>/")),
    *(("POST", _CAMPAIGN + "events/"), ("PATCH", _CAMPAIGN + "roster/")),
    ("PATCH", _CAMPAIGN + "layout/<str:tier>/"),
}
# With a password, a token that was got by one or is in the environment, or a signature: who somebody is on the web does
# not matter (tested in api/tests, rod/tests/test_metrics.py and patreon/tests).
OWN_CREDENTIALS = {
    *(("POST", "api/token/"), ("POST", "api/token/refresh/"), ("GET", "metrics")),
    ("POST", "patreon/webhook/"),
    *_BY_TOKEN,
}
