"""The message of an episode: when it is, who is coming and who came; with its buttons and menus.

What a press may do, the backend decides. A message in a channel offers what everybody may press there.
"""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

import discord

from contract import endpoints, episodes
from contract.episodes import Attendee, Episode
from contract.translation import N_, _
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.mentions import mention
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentUserSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp

MOST_TICKED = 25
SECONDARY = discord.ButtonStyle.secondary
KIND: Literal["episode"] = "episode"
# Status → the sentence about its time.
TIMES = {
    "planned": N_("Planned for {time} ({left})."),
    "live": N_("Running since {time} ({left})."),
    "done": N_("Played on {time}."),
    "cancelled": N_("Called off. It was planned for {time}."),
}
HEADS = {
    "planned": N_("An episode is planned. Are you coming?"),
    "live": N_("The episode has started."),
}
SAID = {"yes": N_("Coming: {names}"), "maybe": N_("Maybe: {names}"), "no": N_("Can’t make it: {names}")}
LISTS = {"came": N_("Came: {names}"), "excused": N_("Excused: {names}"), "absent": N_("Absent: {names}")}


def name_of(episode: Episode) -> str:
    """`Episode 3: Ashes`, `Episode 3`, or `Ashes` where it was called off; escaped."""
    return named(episode.number, episode.title)


def named(number: int | None, title: str) -> str:
    title = escape(title, 100) if title else ""
    if number is None:
        return title or _("Episode")
    if title:
        return _("Episode {number}: {title}", number=number, title=title)
    return _("Episode {number}", number=number)


def time_of(episode: Episode) -> str:
    """When it is or was, as each reader's own clock shows it."""
    at = episode.started_at if episode.status == "live" and episode.started_at else episode.planned_for
    return _(TIMES[episode.status], time=timestamp(at, "f"), left=timestamp(at))


def render(episode: Episode, head: str = "") -> Reply:
    """The whole episode, for one person: with what they can press."""
    runs = episode.rights.run
    view = view_of(
        *(Ticks(state, episode.id) for state in LISTS if runs and episode.status in ("live", "done")),
        *answers(episode),
        Start(episode.id) if runs and episode.status == "planned" else None,
        End(episode.id) if runs and episode.status == "live" else None,
    )
    return Reply(content=_text(episode, head), view=view)


def announce(episode: Episode) -> Reply:
    """For a channel: what everybody there may press. The message follows the episode (`feed/live_messages.py`)."""
    head = _(HEADS[episode.status]) if episode.status in HEADS else ""
    return Reply(content=_text(episode, head), view=view_of(*answers(episode)), live=(KIND, episode.id))


def answers(episode: Episode) -> list["Coming"]:
    """The buttons of those who say whether they are coming."""
    return coming(episode.id) if episode.status in ("planned", "live") else []


def coming(episode: UUID) -> list["Coming"]:
    return [Coming(episode, answer) for answer in Coming.labels]


def _text(episode: Episode, head: str) -> str:
    lines = [
        head,
        f"**{name_of(episode)}**",
        time_of(episode),
        escape(episode.summary, 600) if episode.summary else "",
        *_answers(episode),
        *(
            _(sentence, names=_names(who for who in episode.attendance if who.state == state))
            for state, sentence in LISTS.items()
            if any(who.state == state for who in episode.attendance)
        ),
    ]
    return clip(join_lines([line for line in lines if line], MESSAGE, 20), MESSAGE)


def _answers(episode: Episode) -> list[str]:
    """Who said what, until they are ticked."""
    open_ones = [who for who in episode.attendance if who.state is None]
    said = {answer: [who for who in open_ones if who.coming == answer] for answer in SAID}
    return [_(sentence, names=_names(said[answer])) for answer, sentence in SAID.items() if said[answer]]


def _names(people: Iterable[Attendee]) -> str:
    return clip(", ".join(escape(who.name, 60) for who in people), 500)


class Coming(PersistentButton, template=rf"coming:(yes|maybe|no):{ID}"):
    """A player says whether they are coming."""

    labels = {"yes": N_("I’m coming"), "maybe": N_("Maybe"), "no": N_("I can’t make it")}
    styles = {"yes": discord.ButtonStyle.success}

    def __init__(self, episode: UUID | str, answer: str) -> None:
        self.episode, self.answer = str(episode), answer
        super().__init__(
            f"coming:{answer}:{episode}", _(self.labels[answer]), self.styles.get(answer, SECONDARY)
        )

    @classmethod
    def restore(cls, *parts: str) -> "Coming":
        return cls(parts[1], parts[0])

    async def used(self, interaction: Interaction) -> Reply:
        given = episodes.AnswerEpisode.model_validate({"episode": self.episode, "coming": self.answer})
        changed = (await call(interaction, endpoints.ANSWER_EPISODE, given)).episode
        return announce(changed) if _is_posted(interaction) else render(changed)


class Start(PersistentButton, template=rf"startsession:{ID}"):
    def __init__(self, episode: UUID | str) -> None:
        self.episode = str(episode)
        super().__init__(f"startsession:{episode}", _("Start"), discord.ButtonStyle.primary)

    async def used(self, interaction: Interaction) -> Reply:
        given = episodes.EpisodeInput(episode=self.episode)
        return render((await call(interaction, endpoints.START_EPISODE, given)).episode)


class End(PersistentButton, template=rf"endsession:{ID}"):
    def __init__(self, episode: UUID | str) -> None:
        self.episode = str(episode)
        super().__init__(f"endsession:{episode}", _("End"), discord.ButtonStyle.danger)

    async def used(self, interaction: Interaction) -> Reply:
        given = episodes.EndEpisode(episode=self.episode)
        return ended((await call(interaction, endpoints.END_EPISODE, given)).episode)


def ended(episode: Episode) -> Reply:
    """With what comes next: ticks, and the award."""
    head = _(
        "The episode is over. Tick who came, then {command} gives them experience and points.",
        command=mention("episode award"),
    )
    return render(episode, head)


class Ticks(PersistentUserSelect, template=rf"tick:(came|excused|absent):{ID}"):
    """Marks everybody who is chosen; the others stay as they are."""

    hints = {"came": N_("Who came?"), "excused": N_("Who is excused?"), "absent": N_("Who was absent?")}

    def __init__(self, state: str, episode: UUID | str) -> None:
        self.state, self.episode = state, str(episode)
        super().__init__(f"tick:{state}:{episode}", _(self.hints[state]), MOST_TICKED)

    async def used(self, interaction: Interaction) -> Reply:
        ticks = [{"user": user, "state": self.state} for user in self.values]
        given = episodes.TickAttendance.model_validate({"episode": self.episode, "ticks": ticks})
        return render((await call(interaction, endpoints.TICK_ATTENDANCE, given)).episode)


def _is_posted(interaction: Interaction) -> bool:
    """Whether the pressed message stands in a channel, for all to see."""
    message = interaction.message
    return interaction.guild_id is not None and message is not None and not message.flags.ephemeral


PERSISTENT: PersistentItems = (Coming, End, Start, Ticks)
