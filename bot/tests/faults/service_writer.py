"""A writer that has no door: calls the services in a process of its own. Prints its outcomes, a line of JSON each.

python -m tests.faults.service_writer '{"owner": "mira", "character": "<id>", "writer": 3, "count": 100}'
"""

import json
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


def main(about: dict[str, Any]) -> None:
    with ThreadPoolExecutor(1) as beside:
        for deed in deeds(about["writer"], about["count"]):
            rival = beside.submit(send, about, deed) if deed.sent == BOTH else None
            answers = [send(about, deed)]
            if rival is not None:
                answers.append(rival.result())
            if deed.sent == AGAIN:
                answers.append(send(about, deed))
            print(json.dumps([deed.key, answers], default=str), flush=True)
        beside.submit(connections.close_all).result()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
