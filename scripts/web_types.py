"""Check the types of the pages' scripts: JSDoc against what the contract says that the server sends.

    PYTHONPATH=backend:. python -m scripts.web_types

The programs are those of `scripts/web/package-lock.json`; what they read and make is in folders that git ignores.
"""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from contract.characters import SheetChanged
from contract.chat import Messages
from contract.chat_rooms import OpenedRoom, Rooms
from contract.chat_scenes import OneScene
from contract.chat_search import SearchResults
from contract.client_frames import FromClient
from contract.frames import ForViewers
from contract.refusals import Refusal
from scripts.common import run_main
from scripts.node import FOLDER, INSTALLED

SHAPES: dict[str, Any] = {
    "ServerFrame": ForViewers,
    "ClientFrame": FromClient,
    "SheetAnswer": SheetChanged,
    "RefusedAnswer": Refusal,
    "MessagesAnswer": Messages,
    "RoomAnswer": OpenedRoom,
    "RoomsAnswer": Rooms,
    "SearchAnswer": SearchResults,
    "SceneAnswer": OneScene,
}


def schema() -> dict[str, Any]:
    """Return the JSON schema of what pages receive and send."""
    adapters = {name: TypeAdapter(shape) for name, shape in SHAPES.items()}
    named, whole = TypeAdapter.json_schemas([(name, "serialization", of) for name, of in adapters.items()])
    definitions = whole["$defs"] | {name: named[name, "serialization"] for name in SHAPES}
    return {"type": "object", "$defs": definitions}


def main(_: Sequence[str]) -> int:
    subprocess.run(["node", "contract.js"], cwd=FOLDER, input=json.dumps(schema()), text=True, check=True)
    tsc = INSTALLED / ".bin" / "tsc"
    return subprocess.run([tsc, "-p", "tsconfig.json"], cwd=FOLDER, check=False).returncode


if __name__ == "__main__":
    run_main(main)
