"""Pages of conflicts as people of the table read them, and their forms as a browser sends them."""

from html import unescape
from typing import Any

from django.test import Client

from chronicle.call import Call
from chronicle.door import parse
from conflicts import operations
from conflicts.models import Conflict
from contract.conflicts import StartConflict
from testing.pages import page_of
from testing.personas import World
from timeline.services import Cause

HTMX = {"HX-Request": "true"}


def call(world: World, who: str) -> Call:
    cause = Cause(actor=getattr(world, who), door="web")
    return Call(world.principal(who), cause, world.server)


def begun(world: World, kind: str = "20th", title: str = "Ambush") -> str:
    given = StartConflict(chronicle=world.chronicle.id, kind=kind, title=title)
    return str(operations.START.run(call(world, "vesna"), given).id)


def do(world: World, who: str, pk: str, verb: str, **body: Any) -> dict[str, Any]:
    step = operations.STEPS[verb]
    given = parse(step.input, {"conflict": pk, **body})
    return step.run(call(world, who), given).conflict.model_dump(mode="json")


def part_of(conflict: dict[str, Any], name: str) -> str:
    return str(next(who["id"] for who in conflict["participants"] if who["name"] == name))


def page(pk: str) -> str:
    return f"/conflicts/{pk}/"


def text(client: Client, path: str) -> str:
    return unescape(page_of(client.get(path)))


def post(client: Client, pk: str, verb: str, **form: Any) -> Any:
    """As a form of the page sends it; `form` is what it is called."""
    return client.post(f"{page(pk)}{verb}/", {"key": f"{verb}{form}", "stood": page(pk), **form})


def by_htmx(client: Client, pk: str, verb: str, **form: Any) -> str:
    answer = client.post(f"{page(pk)}{verb}/", {"key": f"{verb}{form}", **form}, headers=HTMX)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def state(pk: str) -> Any:
    return Conflict.objects.get(pk=pk).state()
