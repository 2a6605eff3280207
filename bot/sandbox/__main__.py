"""python -m sandbox: a local Discord until Ctrl-C or SIGTERM."""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from sandbox.server import Sandbox
from sandbox.state.store import write


def arguments(args: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description="A local Discord on loopback.")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--public-host", default="localhost", help="the host name in addresses")
    parser.add_argument("--state", type=Path, help="the file that keeps users, servers and messages")
    parser.add_argument("--backend-url", default="http://localhost:8080", help="where the page links to")
    parser.add_argument("--token", default="", help="the bot's token (default: made once, kept in the state)")
    parser.add_argument("--application-id", default="")
    parser.add_argument("--client-secret", default="")
    parser.add_argument("--shards", type=int, default=1, help="how many it recommends to the bot")
    parser.add_argument("--rate-limits", action="store_true", help="enforce Discord's rate limits")
    parser.add_argument(
        "--no-message-content",
        dest="message_content",
        action="store_false",
        help="refuse the bot what people write, as where the intent is not switched on",
    )
    parser.add_argument("--print-env", action="store_true", help="print DISCORD_* lines and stop")
    return parser.parse_args(args)


def build(options: argparse.Namespace) -> Sandbox:
    arguments = {name: value for name, value in vars(options).items() if name != "print_env"}
    return Sandbox(**arguments)


def print_env(options: argparse.Namespace) -> None:
    """Print the credentials; a new state is saved at once, so that they stay the right ones."""
    box = build(options)
    if options.state and not options.state.exists():
        write(options.state, box.world.document())
    for name, value in box.env().items():
        print(f"{name}={value}")


async def run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stopped.set)
    async with build(options) as box:
        print(f"The sandbox is at {box.base_url}", flush=True)
        await stopped.wait()


def main() -> int:
    options = arguments()
    try:
        if options.print_env:
            print_env(options)
        else:
            asyncio.run(run(options))
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
