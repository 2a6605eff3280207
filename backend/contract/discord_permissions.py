"""What the bot may do in Discord: what it asks for when it is invited, and what a message needs that it follows.

Declared here once. The invite link, the check before something is posted, and the page all read it.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from contract.translation import N_


@dataclass(frozen=True, slots=True)
class Permission:
    """`name` as discord.py has it, `label` as Discord's settings show it, `purpose` what is missing without it."""

    name: str
    bit: int
    label: str
    purpose: str


VIEW_CHANNEL = Permission("view_channel", 1 << 10, N_("View Channels"), N_("to see a channel"))
SEND_MESSAGES = Permission(
    "send_messages", 1 << 11, N_("Send Messages"), N_("to post trackers, conflicts and requests")
)
SEND_IN_THREADS = Permission(
    "send_messages_in_threads", 1 << 38, N_("Send Messages in Threads"), N_("to post in threads and forums")
)
EMBED_LINKS = Permission("embed_links", 1 << 14, N_("Embed Links"), N_("to show cards"))
ATTACH_FILES = Permission("attach_files", 1 << 15, N_("Attach Files"), N_("to show charts"))
READ_HISTORY = Permission(
    "read_message_history",
    1 << 16,
    N_("Read Message History"),
    N_("to find its message of a character again"),
)
PIN_MESSAGES = Permission("pin_messages", 1 << 51, N_("Pin Messages"), N_("to pin a conflict while it runs"))

INVITED = (
    VIEW_CHANNEL,
    SEND_MESSAGES,
    SEND_IN_THREADS,
    EMBED_LINKS,
    ATTACH_FILES,
    READ_HISTORY,
    PIN_MESSAGES,
)
MANAGE_WEBHOOKS = Permission(
    "manage_webhooks",
    1 << 29,
    N_("Manage Webhooks"),
    N_("to post what is written on the web, under its author’s name"),
)
MANAGE_MESSAGES = Permission(
    "manage_messages", 1 << 13, N_("Manage Messages"), N_("to delete what a moderator deletes on the web")
)
CREATE_THREADS = Permission(
    "create_public_threads", 1 << 35, N_("Create Public Threads"), N_("to open threads that begin on the web")
)
# Beside the others, where the operator lets channels be bridged.
BRIDGES = (MANAGE_WEBHOOKS, MANAGE_MESSAGES, CREATE_THREADS)
SCOPES = ("bot", "applications.commands")


def needed_to_follow(in_thread: bool) -> tuple[Permission, ...]:
    """What a message needs that is edited for as long as what it shows goes on."""
    return VIEW_CHANNEL, SEND_IN_THREADS if in_thread else SEND_MESSAGES, EMBED_LINKS, READ_HISTORY


def missing(bits: int, in_thread: bool) -> list[Permission]:
    """Those of `needed_to_follow` that are not among these bits; without the first two Discord counts no other."""
    view, send, *others = needed_to_follow(in_thread)
    first = next((permission for permission in (view, send) if not bits & permission.bit), None)
    return [first] if first else [permission for permission in others if not bits & permission.bit]


def invited(*, bridges: bool) -> tuple[Permission, ...]:
    """What the bot asks for when it is invited; `bridges`: channels can be bridged with the web."""
    return INVITED + BRIDGES if bridges else INVITED


def invited_bits(*, bridges: bool) -> str:
    """What the bot is invited with, as Discord writes permissions."""
    return str(sum(permission.bit for permission in invited(bridges=bridges)))


def invite_url(authorize: str, application_id: str, *, bridges: bool = False) -> str:
    """The address at which somebody adds the bot to a server, with exactly what it needs."""
    bits = invited_bits(bridges=bridges)
    query = {"client_id": application_id, "scope": " ".join(SCOPES), "permissions": bits}
    return f"{authorize}?{urlencode(query)}"
