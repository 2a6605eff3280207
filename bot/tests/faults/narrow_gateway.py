"""The gateway behind sockets that hold little, so that who does not read is noticed in a second, not in a minute.

python -m tests.faults.narrow_gateway <port>
"""

import socket
import sys

import uvicorn

BUFFER = 16 * 1024


def main(port: int) -> None:
    listener = socket.create_server(("127.0.0.1", port))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)  # accepted sockets inherit it
    config = uvicorn.Config(
        "rod.asgi:application",
        loop="uvloop",
        ws="gateway.server:Protocol",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
