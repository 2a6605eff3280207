"""The operations of the API for shows (S002), which has words and shapes of its own (`contract.shows`).

Whoever may change a campaign has shown its token at the door (`api.views.shows`), and is its `TokenPrincipal`.
"""

from uuid import UUID

from chronicle.call import Call
from companion import cast, tokens
from companion.models import Campaign
from companion.pictures import keep_background
from companion.selectors import campaigns as reading
from companion.services import layouts, making, posting, publishing, showing
from contract import shows as shapes
from contract.chat_servers import NoContent
from contract.companion import KEEP_TOKEN
from contract.endpoints import Shape
from contract.translation import _
from haven import portraits
from haven.models import Character
from rules.errors import Conflict, NotFound
from timeline.keys import Kept
from timeline.models import Event
from timeline.operations import Addresses, Door, Operation

REST_ALONE = frozenset({Door.REST})


# Campaigns


def _list(call: Call, given: shapes.ListCampaigns) -> shapes.Shows:
    """All public campaigns, the oldest first."""
    return shapes.Shows(results=reading.listed())


def _create(call: Call, given: shapes.CreateCampaign) -> shapes.ShowCreated:
    """Make a campaign, public from the start. Its token is shown this once."""
    campaign, token = making.make_campaign(given)
    return reading.created(campaign, token, KEEP_TOKEN)


def _get(call: Call, given: shapes.OneCampaign) -> shapes.ShowDetail:
    """A campaign by its id or slug, with how much the public sees of it."""
    return reading.detail(reading.find(given.campaign))


def _change(call: Call, given: shapes.ChangeShow) -> shapes.ShowChanged:
    """Change slug, name or description."""
    campaign = reading.find(given.campaign)
    making.change_texts(campaign, given, principal=call.principal, cause=call.cause)
    return reading.changed(_again(campaign))


def _rotate(call: Call, given: shapes.RotateAdminToken) -> shapes.ShowCreated:
    """Get another token; the one before stops working at once."""
    campaign = reading.find(given.campaign)
    token = making.rotate_token(campaign, principal=call.principal)
    return reading.created(_again(campaign), token, KEEP_TOKEN)


def _again(campaign: Campaign) -> Campaign:
    return reading.rows().get(pk=campaign.pk)


def _kept(kept: Kept) -> Campaign:
    return reading.find(str(kept.body["id"]))


def _replay_token(call: Call, kept: Kept) -> shapes.ShowCreated:
    """The first answer is lost, and its token with it: a retry gets one that works."""
    campaign = _kept(kept)
    token = making.rotate_token(campaign, principal=tokens.principal_of(campaign))
    return reading.created(_again(campaign), token, KEEP_TOKEN)


def _replay_change(call: Call, kept: Kept) -> shapes.ShowChanged:
    return reading.changed(_kept(kept))


# Characters


def _characters(call: Call, given: shapes.OneCampaign) -> shapes.ShowCharacters:
    """The characters that the public knows of; those on the roster first."""
    return shapes.ShowCharacters(results=reading.characters(reading.find(given.campaign)))


def _character(call: Call, given: shapes.ShowCharacterInput) -> shapes.ShowCharacter:
    """A character with what is public of its sheet."""
    shown = reading.character(reading.find(given.campaign), given.character)
    return shapes.ShowCharacter.model_validate(dict(shown))


def _shown(campaign: Campaign, character_id: UUID) -> shapes.ShowCharacter:
    """As it is now: whoever changed it need not wait for the delay."""
    row = showing.of_campaign(campaign, character_id)
    return shapes.ShowCharacter.model_validate(dict(cast.shown(campaign, cast.now(row))))


def _create_character(call: Call, given: shapes.CreateShowCharacter) -> shapes.ShowCharacter:
    """Make a character that everybody sees: who it is, and what moves in play."""
    campaign = reading.find(given.campaign)
    made = showing.make_character(campaign, given, principal=call.principal, cause=call.cause)
    return _shown(campaign, made.pk)


def _change_character(call: Call, given: shapes.ChangeShowCharacter) -> shapes.ShowCharacter:
    """Change a character: what its sheet has a place for; the rest is refused by its name."""
    campaign = reading.find(given.campaign)
    showing.change_character(campaign, given.character, given, principal=call.principal, cause=call.cause)
    return _shown(campaign, given.character)


def _delete_character(call: Call, given: shapes.ShowCharacterInput) -> NoContent:
    """Delete a character; it leaves the roster too."""
    campaign = reading.find(given.campaign)
    showing.remove_character(campaign, given.character, principal=call.principal, cause=call.cause)
    return NoContent()


def _replay_character(call: Call, kept: Kept) -> shapes.ShowCharacter:
    character = Character.objects.select_related("chronicle").get(pk=UUID(str(kept.body["id"])))
    campaign = reading.rows().filter(chronicle=character.chronicle).first()
    if campaign is None:
        raise cast.no_such_character()
    return _shown(campaign, character.pk)


def _store_portrait(call: Call, given: shapes.SetPicture) -> shapes.SetPicture:
    """Encode the picture again and store it, before the transaction: no lock waits for a disk."""
    showing.of_campaign(reading.find(given.campaign), given.character)
    path = portraits.keep(given.content, call.principal.id)
    return given.model_copy(update={"content": b"", "path": path})


def _set_portrait(call: Call, given: shapes.SetPicture) -> shapes.PortraitSet:
    """Set the portrait: PNG, JPEG, WebP or GIF of at most 8 MB, which is resized and encoded again."""
    campaign = reading.find(given.campaign)
    row = showing.set_portrait(
        campaign, given.character, given.path, principal=call.principal, cause=call.cause
    )
    return shapes.PortraitSet(portrait_url=portraits.address(row.avatar))


def _store_background(call: Call, given: shapes.SetPicture) -> shapes.SetPicture:
    showing.of_campaign(reading.find(given.campaign), given.character)
    path = keep_background(given.content, call.principal.id)
    return given.model_copy(update={"content": b"", "path": path})


def _set_background(call: Call, given: shapes.SetPicture) -> shapes.BackgroundSet:
    """Set the background, as the portrait."""
    campaign = reading.find(given.campaign)
    row = showing.set_background(
        campaign, given.character, given.path, principal=call.principal, cause=call.cause
    )
    return shapes.BackgroundSet(background_url=cast.background_url(row))


# Sessions


def _episodes(call: Call, given: shapes.OneCampaign) -> shapes.ShowEpisodes:
    """The sessions, the first one first; what was called off is left out."""
    return shapes.ShowEpisodes(results=reading.episodes(reading.find(given.campaign)))


def _episode(campaign: Campaign, episode_id: UUID) -> shapes.ShowEpisodeChanged:
    row = reading.episode(campaign, episode_id)
    return shapes.ShowEpisodeChanged.model_validate(reading.episode_facts(campaign, row))


def _create_episode(call: Call, given: shapes.CreateShowEpisode) -> shapes.ShowEpisodeChanged:
    """Write down a session: planned where its date is ahead, over where it is past."""
    campaign = reading.find(given.campaign)
    made = posting.make_episode(campaign, given, principal=call.principal, cause=call.cause)
    return _episode(campaign, made.pk)


def _change_episode(call: Call, given: shapes.ChangeShowEpisode) -> shapes.ShowEpisodeChanged:
    """Change a session’s number, title, date or summary."""
    campaign = reading.find(given.campaign)
    row = reading.episode(campaign, given.episode)
    posting.change_episode(row, given, principal=call.principal, cause=call.cause)
    return _episode(campaign, row.pk)


def _replay_episode(call: Call, kept: Kept) -> shapes.ShowEpisodeChanged:
    found = reading.rows().filter(chronicle__episodes=UUID(str(kept.body["id"]))).first()
    if found is None:
        raise NotFound(_("There’s no such campaign."))
    return _episode(found, UUID(str(kept.body["id"])))


# Events


def _events(call: Call, given: shapes.ListShowEvents) -> shapes.ShowEvents:
    """Public events, newest first: `after` a number, of one character, of one type."""
    return shapes.ShowEvents(results=reading.events(reading.find(given.campaign), given))


def _post_event(call: Call, given: shapes.PostShowEvent) -> shapes.ShowEventPosted:
    """Post an event: `hp_change` and `condition` change the character, `custom` only tells."""
    campaign = reading.find(given.campaign)
    event = posting.post_event(campaign, given, principal=call.principal, cause=call.cause)
    if event is None:
        raise Conflict(_("Nothing changed: it stands like that already."), code="nothing_changed")
    return _posted(campaign, event)


def _posted(campaign: Campaign, event: Event) -> shapes.ShowEventPosted:
    published = reading.event(campaign, event)
    if published is not None:
        return shapes.ShowEventPosted.model_validate(dict(published))
    return shapes.ShowEventPosted(
        id=event.pk,
        campaign_id=campaign.pk,
        character_id=event.entity_id if event.entity == "character" else None,
        event_type="custom",
        data={},
        created_at=event.created_at,
        seq=None,
    )


def _replay_event(call: Call, kept: Kept) -> shapes.ShowEventPosted:
    event = kept.event()
    campaign = reading.rows().get(chronicle_id=event.stream_id)
    return _posted(campaign, event)


# Roster and layout


def _roster(call: Call, given: shapes.OneCampaign) -> shapes.ShowRoster:
    """The characters that play now, in order."""
    return reading.roster(reading.find(given.campaign))


def _set_roster(call: Call, given: shapes.SetShowRoster) -> shapes.ShowRoster:
    """Set who plays now, in order."""
    campaign = reading.find(given.campaign)
    for character_id in given.character_ids:
        showing.of_campaign(campaign, character_id)
    publishing.set_roster(campaign.chronicle, given.character_ids, principal=call.principal, cause=call.cause)
    return reading.roster(campaign)


def _layout(call: Call, given: shapes.OneCampaign) -> shapes.ShowLayout:
    """Where badges and chips stand, by tier."""
    return reading.layout(reading.find(given.campaign))


def _set_layout(call: Call, given: shapes.SetShowLayout) -> shapes.ShowTierLayout:
    """Merge places into one tier; null takes one out."""
    campaign = reading.find(given.campaign)
    row = layouts.set_layout(campaign.chronicle, given, principal=call.principal, cause=call.cause)
    return shapes.ShowTierLayout(campaign_id=campaign.pk, tier=given.tier, badges=row.badges, chips=row.chips)


RUN = "campaign.run"
LIST = Operation("shows.list", Shape(shapes.ListCampaigns, shapes.Shows), _list, reads=True, doors=REST_ALONE)
CREATE = Operation(
    "shows.create",
    Shape(shapes.CreateCampaign, shapes.ShowCreated),
    _create,
    doors=REST_ALONE,
    status=201,
    replay=_replay_token,
)
GET = Operation("shows.get", Shape(shapes.OneCampaign, shapes.ShowDetail), _get, reads=True, doors=REST_ALONE)
CHANGE = Operation(
    "shows.change",
    Shape(shapes.ChangeShow, shapes.ShowChanged),
    _change,
    RUN,
    REST_ALONE,
    replay=_replay_change,
)
ROTATE = Operation(
    "shows.rotate_token",
    Shape(shapes.RotateAdminToken, shapes.ShowCreated),
    _rotate,
    RUN,
    REST_ALONE,
    replay=_replay_token,
)
CHARACTERS = Operation(
    "shows.characters",
    Shape(shapes.OneCampaign, shapes.ShowCharacters),
    _characters,
    reads=True,
    doors=REST_ALONE,
)
CHARACTER = Operation(
    "shows.character",
    Shape(shapes.ShowCharacterInput, shapes.ShowCharacter),
    _character,
    reads=True,
    doors=REST_ALONE,
)
CREATE_CHARACTER = Operation(
    "shows.create_character",
    Shape(shapes.CreateShowCharacter, shapes.ShowCharacter),
    _create_character,
    RUN,
    REST_ALONE,
    status=201,
    replay=_replay_character,
)
CHANGE_CHARACTER = Operation(
    "shows.change_character",
    Shape(shapes.ChangeShowCharacter, shapes.ShowCharacter),
    _change_character,
    RUN,
    REST_ALONE,
    replay=_replay_character,
)
DELETE_CHARACTER = Operation(
    "shows.delete_character",
    Shape(shapes.ShowCharacterInput, NoContent),
    _delete_character,
    RUN,
    REST_ALONE,
    status=204,
)
SET_PORTRAIT = Operation(
    "shows.set_portrait",
    Shape(shapes.SetPicture, shapes.PortraitSet),
    _set_portrait,
    RUN,
    REST_ALONE,
    prepare=_store_portrait,
)
SET_BACKGROUND = Operation(
    "shows.set_background",
    Shape(shapes.SetPicture, shapes.BackgroundSet),
    _set_background,
    RUN,
    REST_ALONE,
    prepare=_store_background,
)
EPISODES = Operation(
    "shows.episodes", Shape(shapes.OneCampaign, shapes.ShowEpisodes), _episodes, reads=True, doors=REST_ALONE
)
CREATE_EPISODE = Operation(
    "shows.create_episode",
    Shape(shapes.CreateShowEpisode, shapes.ShowEpisodeChanged),
    _create_episode,
    RUN,
    REST_ALONE,
    status=201,
    replay=_replay_episode,
)
CHANGE_EPISODE = Operation(
    "shows.change_episode",
    Shape(shapes.ChangeShowEpisode, shapes.ShowEpisodeChanged),
    _change_episode,
    RUN,
    REST_ALONE,
    replay=_replay_episode,
)
EVENTS = Operation(
    "shows.events", Shape(shapes.ListShowEvents, shapes.ShowEvents), _events, reads=True, doors=REST_ALONE
)
POST_EVENT = Operation(
    "shows.post_event",
    Shape(shapes.PostShowEvent, shapes.ShowEventPosted),
    _post_event,
    RUN,
    REST_ALONE,
    status=201,
    replay=_replay_event,
)
ROSTER = Operation(
    "shows.roster", Shape(shapes.OneCampaign, shapes.ShowRoster), _roster, reads=True, doors=REST_ALONE
)
SET_ROSTER = Operation(
    "shows.set_roster", Shape(shapes.SetShowRoster, shapes.ShowRoster), _set_roster, RUN, REST_ALONE
)
LAYOUT = Operation(
    "shows.layout", Shape(shapes.OneCampaign, shapes.ShowLayout), _layout, reads=True, doors=REST_ALONE
)
SET_LAYOUT = Operation(
    "shows.set_layout", Shape(shapes.SetShowLayout, shapes.ShowTierLayout), _set_layout, RUN, REST_ALONE
)

ONE = "<str:campaign>/"
CHARACTER_AT = ONE + "characters/<uuid:character>/"
# Relative to `/campaigns/`.
CAMPAIGNS: Addresses = {
    "": {"GET": LIST, "POST": CREATE},
    ONE: {"GET": GET, "PATCH": CHANGE},
    ONE + "admin-token/": {"POST": ROTATE},
    ONE + "characters/": {"GET": CHARACTERS, "POST": CREATE_CHARACTER},
    CHARACTER_AT: {"GET": CHARACTER, "PATCH": CHANGE_CHARACTER, "DELETE": DELETE_CHARACTER},
    ONE + "episodes/": {"GET": EPISODES, "POST": CREATE_EPISODE},
    ONE + "episodes/<uuid:episode>/": {"PATCH": CHANGE_EPISODE},
    ONE + "events/": {"GET": EVENTS, "POST": POST_EVENT},
    ONE + "roster/": {"GET": ROSTER, "PATCH": SET_ROSTER},
    ONE + "layout/": {"GET": LAYOUT},
    ONE + "layout/<str:tier>/": {"PATCH": SET_LAYOUT},
}
# Forms with a file, which take a view of their own.
PICTURES: Addresses = {
    CHARACTER_AT + "portrait/": {"POST": SET_PORTRAIT},
    CHARACTER_AT + "background/": {"POST": SET_BACKGROUND},
}
