"""Real workers on free ports, real sockets, and every frame that passes checked against `contract.frames`."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from contract.frames import schema
from haven.services import Change, Reference, change, create
from rules.traits import Operation
from scripts.common import free_port
from testing.personas import World
from timeline.services import Cause

BACKEND = Path(__file__).parents[2]
SCHEMA = schema()
FROM_SERVER, FROM_CLIENT = (
    jsonschema_rs.validator_for({"$ref": f"#/$defs/{side}", "$defs": SCHEMA["$defs"]})
    for side in ("server", "client")
)
SECONDS = 30.0  # until something that surely comes: the machine may be busy
# Short, so that a test sees in a second what takes minutes outside.
QUICK = {
    "poll_interval": 0.2,
    "patience": 0.03,
    "recheck_interval": 0.5,
    "presence_grace": 0.2,
    "presence_sweep": 0.1,
    "presence_batch": 0.02,
}


class Worker:
    """A gateway process, as far as the gateway can tell: uvicorn with an event loop of its own, in a thread."""

    def __init__(self, send_buffer: int = 0, ws: str = "gateway.server:Protocol") -> None:
        from rod.asgi import application

        listener = socket.create_server(("127.0.0.1", 0))
        if send_buffer:  # accepted sockets inherit it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        self.port: int = listener.getsockname()[1]

        config = uvicorn.Config(
            application, host="127.0.0.1", port=0, ws=ws, log_config=None, lifespan="on",
            timeout_graceful_shutdown=2, ws_ping_interval=0,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()


@contextmanager
def own_process(log: Path | None = None, **environment: str) -> Iterator[Any]:
    """A gateway as an operating-system process of its own, on this run's database: `port`, `pid`, `wait`."""
    port, database = free_port(), connection.settings_dict
    names = {"sqlite": "sqlite3", "mysql": "mysql", "postgresql": "postgresql"}
    environment = {
        **os.environ,
        "DATABASE_URL": "",
        "DB_ENGINE": names[connection.vendor],
        **{f"DB_{name}": str(database[name] or "") for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")},
        "USE_REDIS": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "GATEWAY": json.dumps(QUICK | {"heartbeat_interval": 0.4}),
    } | environment
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "rod.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with ExitStack() as files:
        output = files.enter_context(log.open("a")) if log else None
        process = subprocess.Popen(command, cwd=BACKEND, env=environment, stderr=output)
        try:
            wait_for(lambda: _answers(port), 20)
            yield SimpleNamespace(port=port, pid=process.pid, wait=process.wait)
        finally:
            process.kill()
            process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Viewer:
    """A client that remembers everything, and folds events into the characters it was given."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[dict[str, Any]] = []
        self.characters: dict[str, dict[str, Any]] = {}
        self.seqs: dict[str, list[int]] = {}
        # What a page of each room shows: message → its document.
        self.rooms: dict[str, dict[str, dict[str, Any]]] = {}
        self._split: list[dict[str, Any]] = []

    def send(self, **frame: Any) -> None:
        FROM_CLIENT.validate(frame)
        self.raw(json.dumps(frame))

    def raw(self, text: str | bytes) -> None:
        self.connection.send(text)

    def receive(self, seconds: float = SECONDS) -> dict[str, Any]:
        if self._split:
            return self._split.pop(0)
        text = self.connection.recv(timeout=seconds)
        assert len(text) < 512 * 1024
        frame = json.loads(text)
        FROM_SERVER.validate(frame)
        self.frames.append(frame)
        self._fold(frame)
        if "users" in frame:  # several in one frame read like one after another
            frame_of_one = {"type": "presence", "stream": frame["stream"]}
            self._split = [
                frame_of_one | {"user": user, "status": status} for user, status in frame["users"].items()
            ]
            return self._split.pop(0)
        return frame

    def wait(self, kind: str, seconds: float = SECONDS, **fields: Any) -> dict[str, Any]:
        """The next frame of this type, with these fields; others are remembered and passed over."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.receive(max(deadline - time.monotonic(), 0.001))
            if frame["type"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                return frame

    def until_seq(self, stream: str, seq: int) -> list[int]:
        """The numbers of all events of the stream up to this one, as they came."""
        while not self.seqs.get(stream) or self.seqs[stream][-1] < seq:
            self.receive()
        return self.seqs[stream]

    def quiet(
        self,
        seconds: float = 0.3,
        ignoring: tuple[str, ...] = ("presence", "heartbeat", "editions", "bridges"),
    ) -> None:
        """Nothing comes, presence, editions and bridges aside."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = self.receive(left)
            except TimeoutError:
                return
            assert frame["type"] in ignoring, frame

    def subscribe(self, stream: str, **more: Any) -> dict[str, Any]:
        self.send(type="subscribe", stream=stream, **more)
        while True:
            frame = self.receive()
            if frame["type"] in ("synced", "error", "chat_snapshot") or (
                frame["type"] == "snapshot" and frame["part"] == frame["parts"]
            ):
                return frame

    def close_code(self, seconds: float = SECONDS) -> int:
        """Reads on until the server closes."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.receive(max(deadline - time.monotonic(), 0.001))
        except ConnectionClosed:
            return self.connection.close_code or 0

    def _fold(self, frame: dict[str, Any]) -> None:
        if frame["type"] in ("created", "update", "deleted", "restored", "visibility", "notice", "tracker"):
            self.seqs.setdefault(frame["stream"], []).append(frame["seq"])
        if frame["type"].startswith("chat_"):
            self._fold_chat(frame)
        elif frame["type"] == "snapshot":
            self.characters |= {character["id"]: character for character in frame["characters"]}
        elif frame["type"] in ("created", "restored"):
            self.characters[frame["id"]] = frame["character"]
        elif frame["type"] == "deleted":
            self.characters.pop(frame["id"], None)
        elif frame["type"] in ("sheet", "character"):
            self.characters[frame["character"]["id"]] = frame["character"]
        elif frame["type"] == "update" and frame["version"] > self.characters[frame["id"]]["version"]:
            character = self.characters[frame["id"]]
            character["version"] = frame["version"]
            for path, value in frame["fields"].items():
                _put(character["fields"], path, value)

    def _fold_chat(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "chat_snapshot":
            self.rooms[frame["stream"]] = {message["id"]: message for message in frame["messages"]}
        elif frame["type"] in ("chat_message", "chat_gone"):
            self.seqs.setdefault(frame["stream"], []).append(frame["seq"])
            shown = self.rooms.setdefault(frame["stream"], {})
            if frame["type"] == "chat_gone":
                shown.pop(frame["id"], None)
            else:
                shown[frame["message"]["id"]] = frame["message"]

    def texts(self, room: str) -> list[str]:
        """What a page of the room shows, in its order."""
        return [
            message["text"] for message in sorted(self.rooms[room].values(), key=lambda shown: shown["seq"])
        ]


def _put(node: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        node = node.setdefault(name, {})
    node[last] = value


def wait_for(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return found


def cookie_of(user: Any) -> str:
    browser = Browser()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


class Table:
    """What the people at the table do, by the services that every door uses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stream = f"chronicle:{world.chronicle.id}"

    def cause(self, name: str) -> Cause:
        return Cause(actor=getattr(self.world, name), door="web", command="")

    def create(self, owner: str, name: str, chronicle: Any = "default") -> str:
        place = self.world.chronicle if chronicle == "default" else chronicle
        made = create(self.world.principal(owner), "vampire5th", name, [], place, self.cause(owner))
        return str(made.character.id)

    def set(self, who: str, character: str, **values: Any) -> Change:
        operations = [Operation(path.replace("__", "."), "set", value) for path, value in values.items()]
        return change(self.world.principal(who), Reference(character), operations, self.cause(who))

    def adjust(self, who: str, character: str, **values: int) -> Change:
        operations = [Operation(path.replace("__", "."), "adjust", value) for path, value in values.items()]
        return change(self.world.principal(who), Reference(character), operations, self.cause(who))
