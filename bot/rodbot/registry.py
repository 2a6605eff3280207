"""Every command, persistent item and form written by hand. Those of character types and dice come from the schema."""

from rodbot.account import help as help_topics
from rodbot.account import own_data
from rodbot.account.commands import set_preferences, show_supporter
from rodbot.characters import buttons, history
from rodbot.characters.commands import group as character_group
from rodbot.chronicles import campaign_commands, episode_commands, episode_messages, episode_recaps
from rodbot.chronicles import commands as chronicle_commands
from rodbot.conflicts import commands as conflict_commands
from rodbot.conflicts import message as conflict_message
from rodbot.core import whose
from rodbot.core.discord_types import AppCommand
from rodbot.core.forms import Form
from rodbot.core.persistent import PersistentItems
from rodbot.desk import commands as desk_commands
from rodbot.desk import submissions
from rodbot.dice import buttons as dice_buttons
from rodbot.dice import details, luck, requests
from rodbot.progress import commands as progress_commands
from rodbot.servers import commands as server_commands

# For every edition.
COMMANDS: tuple[AppCommand, ...] = (
    chronicle_commands.group,
    campaign_commands.group,
    episode_commands.group,
    conflict_commands.group,
    character_group,
    server_commands.group,
    desk_commands.group,
    progress_commands.group,
    help_topics.show_help,
    set_preferences,
    show_supporter,
    own_data.group,
    luck.luck,
    *luck.MENUS,
)
PERSISTENT: PersistentItems = (
    *whose.PERSISTENT,
    *help_topics.PERSISTENT,
    *buttons.PERSISTENT,
    *history.PERSISTENT,
    *dice_buttons.PERSISTENT,
    *requests.PERSISTENT,
    *submissions.PERSISTENT,
    *episode_messages.PERSISTENT,
    *episode_recaps.PERSISTENT,
    *conflict_message.PERSISTENT,
    *progress_commands.PERSISTENT,
    *server_commands.PERSISTENT,
)
FORMS: tuple[Form, ...] = (
    *details.FORMS,
    *requests.FORMS,
    *submissions.FORMS,
    *episode_recaps.FORMS,
    *conflict_message.FORMS,
    *progress_commands.FORMS,
)
