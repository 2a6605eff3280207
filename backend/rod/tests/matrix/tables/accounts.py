"""Who somebody is: profile, tokens, tickets, login; and what everyone may see."""

from rod.tests.matrix.entries import EVERYONE, SIGNED_IN, Entry

API = [
    Entry("GET", "api/users/me/", SIGNED_IN),
    Entry("PATCH", "api/users/me/", SIGNED_IN, lambda scene: {"user_settings": {"text_mode": True}}),
    Entry("POST", "api/token/session/", SIGNED_IN),
    Entry("POST", "api/gateway/ticket/", SIGNED_IN),
]
PAGES = [
    Entry("GET", "healthz", EVERYONE),
    Entry("GET", "version", EVERYONE),
    Entry("GET", "auth/login/", EVERYONE),
    Entry("GET", "auth/callback/", EVERYONE),
    Entry("POST", "auth/logout/", EVERYONE),
]
# With a password, or a token that was got by one: who somebody is on the web does not matter (tested in api/tests).
OWN_CREDENTIALS = {("POST", "api/token/"), ("POST", "api/token/refresh/")}
