"""The menu that asks which of several characters a command means."""

from contract.translation import _
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.persistent import PersistentItems, PersistentSelect
from rodbot.core.questions import NAME, carry_on
from rodbot.core.reply import Reply
from rodbot.core.respond import respond


class Whose(PersistentSelect, template=rf"{NAME}:([0-9a-f]{{16}})"):
    """A menu of characters, for the one who was asked; the command goes on with the chosen one."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(f"{NAME}:{token}", _("Which character?"), ())

    async def callback(self, interaction: Interaction) -> None:
        try:
            await carry_on(interaction, self.token, self.values[0])
        except Refused as refused:
            await respond(interaction, _refusing(refused))


async def _refusing(refused: Refused) -> Reply:
    raise refused


PERSISTENT: PersistentItems = (Whose,)
