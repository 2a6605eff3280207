"""What a server needs before people play there: the steps of its set-up, in their order, and which of them are done."""

from dataclasses import dataclass
from typing import Literal, get_args

from contract.base import Answer, Named
from contract.translation import N_

StepSlug = Literal[
    "bot", "commands", "members", "edition", "chronicle", "storyteller", "tracker", "character", "roll"
]
STEP_SLUGS: tuple[StepSlug, ...] = get_args(StepSlug)


@dataclass(frozen=True, slots=True)
class Step:
    """`label` as a task, `purpose` what it is good for, `command` what does it in Discord, empty for none."""

    label: str
    purpose: str
    command: str = ""


STEPS: dict[StepSlug, Step] = {
    "bot": Step(
        N_("Add the bot to your server"), N_("It answers commands and posts what happens at the table.")
    ),
    "commands": Step(
        N_("Register the commands"),
        N_("The bot does this by itself. If it can’t, Discord wants you to add it once more."),
    ),
    "members": Step(
        N_("Bring in your players"), N_("People appear here when the bot sees them, or when they sign in.")
    ),
    "edition": Step(
        N_("Choose an edition"), N_("It decides which commands, sheets and dice you have."), "/server edition"
    ),
    "chronicle": Step(
        N_("Open a chronicle"),
        N_("The story that you play. New characters join the default one."),
        "/chronicle create",
    ),
    "storyteller": Step(
        N_("Say who the storytellers are"),
        N_("They see every sheet, award experience and run conflicts."),
        "/server storytellers",
    ),
    "tracker": Step(
        N_("Pick a tracker channel"), N_("It shows at once what changes on sheets."), "/server tracker"
    ),
    "character": Step(
        N_("Create the first character"), N_("On the web or in Discord, as you like."), "/vampire new"
    ),
    "roll": Step(N_("Roll the first dice"), N_("Everyone at the table sees it, here and there."), "/roll"),
}
# These are about Discord: a server of the web does without them.
OF_DISCORD: frozenset[StepSlug] = frozenset({"bot", "commands", "tracker"})


class SetupStep(Answer):
    slug: StepSlug
    done: bool


class Setup(Answer):
    """`steps` in their order; `url` is the page where they are done."""

    server: Named
    url: str
    edition: str
    complete: bool
    steps: list[SetupStep]
