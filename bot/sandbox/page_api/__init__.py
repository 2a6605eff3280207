"""What the page and the tests call for a person: `/sandbox/api`."""

from sandbox.page_api import admin, play, talk

ROUTES = [*play.ROUTES, *talk.ROUTES, *admin.ROUTES]
