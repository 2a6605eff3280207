"""The API for shows (S002): everybody reads what is public, and nothing else. Its changes need a token."""

from rod.tests.matrix.entries import EVERYONE, Entry

ONE = "campaigns/<str:campaign>/"
API = [
    Entry("GET", "campaigns/", EVERYONE),
    Entry("GET", ONE, EVERYONE),
    Entry("GET", ONE + "characters/", EVERYONE),
    Entry("GET", ONE + "characters/<uuid:character>/", EVERYONE),
    Entry("GET", ONE + "episodes/", EVERYONE),
    Entry("GET", ONE + "events/", EVERYONE, lambda scene: {"limit": 500}),
    Entry("GET", ONE + "roster/", EVERYONE),
    Entry("GET", ONE + "layout/", EVERYONE),
]
PAGE = "c/<slug:slug>/"
EPISODE = PAGE + "episodes/<int:number>/"
PAGES = [
    Entry("GET", "c/", EVERYONE),
    Entry("GET", PAGE, EVERYONE),
    Entry("GET", EPISODE, EVERYONE),
    Entry("GET", EPISODE + "scene/", EVERYONE, lambda scene: {"at": 0}),
    Entry("GET", EPISODE + "chapters.<slug:format>", EVERYONE),
]
