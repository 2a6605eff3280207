"""The reset of progress: for admins of the platform alone."""

from rod.tests.matrix.entries import PLATFORM, Entry

API = [
    Entry("POST", "api/users/admin/reset-progress/", PLATFORM),
    Entry("POST", "api/users/admin/reset-progress/undo/", PLATFORM),
]
PAGES = [
    Entry("GET", "progress/reset/", PLATFORM),
    Entry("POST", "progress/reset/confirm/", PLATFORM, lambda scene: {"word": "RESET"}),
    Entry("POST", "progress/reset/undo/", PLATFORM),
]
BOT = [
    Entry("POST", "bot/progress/reset/preview", PLATFORM),
    Entry("POST", "bot/progress/reset", PLATFORM, lambda scene: {"word": "RESET"}),
    Entry("POST", "bot/progress/reset/undo", PLATFORM),
]
