"""`/account …`: one's own data as a file, and the account's end."""

from discord import app_commands
from discord.app_commands import Range

from contract import endpoints
from contract.people import Account, Download
from contract.translation import _
from rodbot.core.calls import send
from rodbot.core.discord_types import Interaction
from rodbot.core.options import Option, Values, add_command
from rodbot.core.reply import Reply
from rodbot.core.text import timestamp

group = app_commands.Group(name="account", description="Your data: download it, or delete your account")


async def _download(interaction: Interaction, values: Values) -> Reply:
    asked: Download = await send(interaction, endpoints.ASK_DOWNLOAD, values)
    sentence = _(
        "Your download is being made. In a minute or so you’ll find it on your account page: <{url}>",
        url=asked.url,
    )
    return Reply(content=sentence)


async def _delete(interaction: Interaction, values: Values) -> Reply:
    asked: Account = await send(interaction, endpoints.DELETE_ACCOUNT, values)
    if asked.delete_at is None:
        return _stays(asked)
    return Reply(
        content=_(
            "You are signed out everywhere, and your account will be deleted {time}. "
            "Until then `/account keep` takes it back. What goes and what stays: <{url}>",
            time=timestamp(asked.delete_at),
            url=asked.url,
        )
    )


async def _keep(interaction: Interaction, values: Values) -> Reply:
    return _stays(await send(interaction, endpoints.KEEP_ACCOUNT, values))


def _stays(account: Account) -> Reply:
    return Reply(content=_("Your account stays."))


add_command(group, "download", "Everything that is yours here, as one file", [], _download)
add_command(
    group,
    "delete",
    "Delete your account after a while; you can still change your mind",
    [Option("name", Range[str, 1, 100], "Your name here, to confirm", required=True)],
    _delete,
)
add_command(group, "keep", "Keep an account that is about to be deleted", [], _keep)
