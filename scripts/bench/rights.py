"""Permission checks and the storyteller's desk in a process with Django. Runs alone, prints JSON.

python -m scripts.bench.rights '{"stream": "chronicle:…", "guild": "900000000000000000"}'
"""

import json
import os
import sys
import time
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

from chronicle.models import Chronicle, Server  # noqa: E402
from chronicle.principal import Principal  # noqa: E402
from chronicle.rights import can  # noqa: E402
from desk.selectors import desk  # noqa: E402
from discordauth.models import CustomUser  # noqa: E402
from scripts.bench.numbers import median  # noqa: E402

SECONDS, ROUNDS = 1.0, 12


def main(wanted: dict[str, str]) -> dict[str, float]:
    chronicle = Chronicle.objects.select_related("server").get(pk=wanted["stream"].partition(":")[2])
    server = Server.objects.get(discord_id=wanted["guild"])
    people = list(CustomUser.objects.filter(memberships__server=server)[:1000])
    known = Principal.for_user(people[0])
    unknown = iter(people * 100)
    return {
        "warm": rate(lambda: can(known, "server.manage", server)),
        "cold": rate(lambda: can(Principal.for_user(next(unknown)), "server.manage", server)),
        **open_desk(chronicle),
    }


def rate(work: Callable[[], object]) -> float:
    began, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - began) < SECONDS:
        work()
        done += 1
    return done / taken


def open_desk(chronicle: Chronicle) -> dict[str, float]:
    """Measure the first page of the desk, opened by the owner of the server."""
    owner = chronicle.server.owner
    queries = 0

    def count(execute: Callable[..., object], *args: object) -> object:
        nonlocal queries
        queries += 1
        return execute(*args)

    taken = []
    for _ in range(ROUNDS):
        queries, began = 0, time.perf_counter()
        with connection.execute_wrapper(count):
            page = desk(Principal.for_user(owner), chronicle)
        taken.append(time.perf_counter() - began)
    return {"desk": median(taken[2:]), "queries": queries, "shown": len(page.characters)}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
