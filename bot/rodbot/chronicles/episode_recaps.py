"""The recap of an episode: what storytellers write and publish, and the card by which a channel reads it."""

import asyncio
from uuid import UUID

import discord
from discord.ui import TextInput

from contract import endpoints, episodes
from contract.episodes import Episode, RecapDraft
from contract.translation import N_, _
from rodbot.chronicles.episode_messages import name_of
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.mentions import mention
from rodbot.core.options import Values
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import respond
from rodbot.core.text import clip, escape

# Of the list of episodes: what is ahead stands before what was played.
LOOKED_AT = 10
# A form is Discord's first answer, which it waits three seconds for.
FORM_WAITS = 2.0
DRAFTED = N_("A draft from what happened. Change it as you like; nobody else reads it until you publish it.")
WRITTEN = N_("Not published yet: only storytellers read it.")
PUBLISHED = N_("Published: the table reads it.")
PUBLIC = N_("Published, and public: everybody reads it where the campaign is public.")


async def recap(interaction: Interaction, values: Values) -> Reply:
    """What was published; for storytellers also the draft, with what they can do with it."""
    episode = await _meant(interaction, values)
    if episode.rights.run:
        return _for_storytellers(await _drafted(interaction, episode.id))
    if not episode.recap:
        return Reply(content=_("There’s no recap of {episode} yet.", episode=name_of(episode)))
    return Reply(embeds=[card(episode)])


async def _meant(interaction: Interaction, values: Values) -> Episode:
    """The one that is named, else the last that was played."""
    if values.get("episode") is not None:
        return (await send(interaction, endpoints.GET_EPISODE, values)).episode
    listed = (await send(interaction, endpoints.LIST_EPISODES, values, limit=LOOKED_AT)).results
    played = next((row for row in listed if row.status == "done"), None)
    found = played or next((row for row in listed if row.status == "live"), None)
    if found is None:
        raise Refused(_("No episode has been played yet."))
    return found


async def _drafted(interaction: Interaction, episode: UUID) -> RecapDraft:
    return await call(interaction, endpoints.DRAFT_RECAP, episodes.EpisodeInput(episode=str(episode)))


def card(episode: Episode, text: str = "") -> discord.Embed:
    """The recap as a card."""
    embed = discord.Embed(
        title=clip(name_of(episode), 256),
        description=clip(escape(text or episode.recap, 4096), 4096),
        timestamp=episode.started_at or episode.planned_for,
    )
    embed.set_footer(text=clip(episode.chronicle.name, 200))
    return embed


def _for_storytellers(found: RecapDraft, head: str = "") -> Reply:
    episode = found.episode
    text = episode.recap or found.draft
    shown = PUBLIC if episode.recap_is_public else PUBLISHED
    state = DRAFTED if not episode.recap else shown if episode.recap_published_at else WRITTEN
    view = view_of(
        EditRecap(episode.id),
        PublishRecap(episode.id) if episode.status == "done" and text else None,
        (
            ShowRecap(episode.id, "no" if episode.recap_is_public else "yes")
            if episode.recap_published_at
            else None
        ),
        HideRecap(episode.id) if episode.recap_published_at else None,
    )
    lines = [line for line in (head, _(state)) if line]
    if not text:
        lines = [_("Nothing is known of {episode} yet. Write its recap yourself.", episode=name_of(episode))]
    return Reply(content="\n".join(lines), embeds=[card(episode, text)] if text else [], view=view)


class EditRecap(PersistentButton, template=rf"recapedit:{ID}"):
    """Opens the form with what is written, or else the draft."""

    def __init__(self, episode: UUID | str) -> None:
        self.episode = UUID(str(episode))
        super().__init__(f"recapedit:{episode}", _("Edit"))

    async def callback(self, interaction: Interaction) -> None:
        """Discord takes a form as the first answer only, so there is no deferring here."""
        loading = asyncio.create_task(_drafted(interaction, self.episode))
        finished, _pending = await asyncio.wait({loading}, timeout=FORM_WAITS)
        if finished and loading.exception() is None:
            await interaction.response.send_modal(_form(loading.result()))
            return
        await respond(interaction, self._refused(loading))

    async def _refused(self, loading: "asyncio.Task[RecapDraft]") -> Reply:
        await loading
        sentence = _("That took too long. Use {command} again.", command=mention("episode recap"))
        raise Refused(sentence)


def _form(found: RecapDraft) -> FormModal:
    text = TextInput[FormModal](
        label=_("Recap"),
        custom_id="recap",
        style=discord.TextStyle.paragraph,
        default=(found.episode.recap or found.draft)[: episodes.MAX_RECAP],
        max_length=episodes.MAX_RECAP,
    )
    return FormModal("recap", str(found.episode.id), _("Recap"), text)


async def _write(interaction: Interaction, episode: str, form: dict[str, str]) -> Reply:
    given = episodes.WriteRecap(episode=episode, recap=form.get("recap", ""))
    changed = (await call(interaction, endpoints.WRITE_RECAP, given)).episode
    return _for_storytellers(RecapDraft(episode=changed, draft=""), _("Saved."))


class PublishRecap(PersistentButton, template=rf"recappublish:{ID}"):
    """Publishes what is written, or else the draft, and posts it into the channel."""

    def __init__(self, episode: UUID | str) -> None:
        self.episode = UUID(str(episode))
        super().__init__(f"recappublish:{episode}", _("Publish here"), discord.ButtonStyle.success)

    async def used(self, interaction: Interaction) -> Reply:
        found = await _drafted(interaction, self.episode)
        given = episodes.WriteRecap(
            episode=str(self.episode), recap=found.episode.recap or found.draft, published=True
        )
        changed = (await call(interaction, endpoints.WRITE_RECAP, given, "-publish")).episode
        shown = _for_storytellers(RecapDraft(episode=changed, draft=""))
        shown.then = Reply(embeds=[card(changed)], public=True)
        return shown


class ShowRecap(PersistentButton, template=rf"recapshow:(yes|no):{ID}"):
    """Shows a published recap to everybody, or to the table alone again."""

    labels = {"yes": N_("Make it public"), "no": N_("For the table alone")}

    def __init__(self, episode: UUID | str, public: str) -> None:
        self.episode, self.public = UUID(str(episode)), public
        super().__init__(f"recapshow:{public}:{episode}", _(self.labels[public]))

    @classmethod
    def restore(cls, *parts: str) -> "ShowRecap":
        return cls(parts[1], parts[0])

    async def used(self, interaction: Interaction) -> Reply:
        given = episodes.WriteRecap(episode=str(self.episode), public=self.public == "yes")
        changed = (await call(interaction, endpoints.WRITE_RECAP, given)).episode
        return _for_storytellers(RecapDraft(episode=changed, draft=""))


class HideRecap(PersistentButton, template=rf"recaphide:{ID}"):
    """Takes a published recap back to the storytellers."""

    def __init__(self, episode: UUID | str) -> None:
        self.episode = UUID(str(episode))
        super().__init__(f"recaphide:{episode}", _("Take it back"))

    async def used(self, interaction: Interaction) -> Reply:
        given = episodes.WriteRecap(episode=str(self.episode), published=False)
        changed = (await call(interaction, endpoints.WRITE_RECAP, given)).episode
        return _for_storytellers(RecapDraft(episode=changed, draft=""))


PERSISTENT: PersistentItems = (EditRecap, HideRecap, PublishRecap, ShowRecap)
FORMS = (Form("recap", _write),)
