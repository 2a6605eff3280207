"""Writers that have no door: each calls the services in a process of its own.

Prints `ready`, and in the end a line of JSON with the answers to each writer's deeds, by key.

python -m tests.faults.service_writer '[{"owner": "mira", "character": "<id>", "writer": 3, "count": 100}]'
"""

import json
import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from rules.errors import GameError
from tests.faults import inside
from tests.faults.plan import AGAIN, BOTH, Deed, deeds

Answer = tuple[int, dict[str, Any]]


def send(about: dict[str, Any], deed: Deed) -> Answer:
    try:
        if deed.op == "undo":
            return 200, inside.undo(about["owner"], about["character"], deed.value, deed.key)
        return 200, inside.change(about["owner"], about["character"], deed.rows, deed.key)
    except GameError as error:
        return error.status, error.as_json()


def write(about: dict[str, Any]) -> dict[str, list[Answer]]:
    """Send all that one writer has to, as often as each deed says."""
    answers: dict[str, list[Answer]] = {}
    with ThreadPoolExecutor(1) as beside:
        for deed in deeds(about["writer"], about["count"]):
            rival = beside.submit(send, about, deed) if deed.sent == BOTH else None
            answers[deed.key] = [send(about, deed)]
            if rival is not None:
                answers[deed.key].append(rival.result())
            if deed.sent == AGAIN:
                answers[deed.key].append(send(about, deed))
        beside.submit(connections.close_all).result()
    return answers


def main(writers: list[dict[str, Any]]) -> None:
    """Fork the writers from this process, which has loaded Django for all of them."""
    with multiprocessing.get_context("fork").Pool(len(writers)) as pool:
        print("ready", flush=True)
        print(json.dumps(pool.map(write, writers, chunksize=1), default=str), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
