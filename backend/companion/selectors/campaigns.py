"""Find public campaigns and read them: what everybody may ask for."""

from uuid import UUID

from django.db.models import Q, QuerySet

from chronicle.models import Episode
from companion import cast
from companion.models import Campaign
from companion.selectors import past
from companion.selectors.scene import characters_of, delayed, present, public_events
from contract import shows
from contract.stage import TIERS, PublicEvent, StageCharacter, TierLayout
from contract.translation import _
from rules.errors import NotFound
from timeline.models import Event, Stream

MAX_CAMPAIGNS = 1000


def rows() -> QuerySet[Campaign]:
    """Those that anybody may know of."""
    public = Campaign.objects.filter(is_public=True, chronicle__server__deleted_at=None)
    return public.select_related("chronicle__server")


def find(ref: str) -> Campaign:
    """A public campaign by its id or its slug. Raises NotFound."""
    try:
        wanted = Q(pk=UUID(ref))
    except ValueError:
        wanted = Q(chronicle__slug=ref)
    found = rows().filter(wanted).first()
    if found is None:
        raise NotFound(_("There’s no such campaign."))
    return found


def listed() -> list[shows.Show]:
    """Those that want to be found, the oldest first."""
    found = rows().filter(is_listed=True).order_by("pk")
    return [show(campaign) for campaign in found[:MAX_CAMPAIGNS]]


def show(campaign: Campaign) -> shows.Show:
    return shows.Show.model_validate(_facts(campaign))


def _facts(campaign: Campaign) -> dict[str, object]:
    row = campaign.chronicle
    return {
        "id": campaign.pk,
        "slug": row.slug,
        "name": row.name,
        "description": row.description,
        "created_at": campaign.created_at,
        "updated_at": max(campaign.updated_at, row.updated_at),
    }


def created(campaign: Campaign, token: str, message: str) -> shows.ShowCreated:
    return shows.ShowCreated.model_validate({**_facts(campaign), "admin_token": token, "message": message})


def changed(campaign: Campaign) -> shows.ShowChanged:
    return shows.ShowChanged.model_validate(_facts(campaign))


def detail(campaign: Campaign) -> shows.ShowDetail:
    """With how many characters, episodes and events the public knows of."""
    head = Stream.objects.filter(pk=campaign.pk).values_list("seq", flat=True).first()
    return shows.ShowDetail.model_validate(
        {
            **_facts(campaign),
            "characters": len(cast.on_stage_now(campaign)),
            "episodes": _episodes(campaign).count(),
            "events": head or 0,
        }
    )


def characters(campaign: Campaign) -> list[StageCharacter]:
    """Whoever is on stage, as everybody may see them now: as late as the campaign is delayed."""
    moment = delayed(campaign)
    state = present(campaign) if moment is None else past.state_at(campaign, moment)[1]
    return characters_of(state)


def character(campaign: Campaign, character_id: UUID) -> StageCharacter:
    """Raises NotFound, also for one of another campaign, and for one that is not public."""
    found = next((row for row in characters(campaign) if row.id == character_id), None)
    if found is None:
        raise cast.no_such_character()
    return found


def roster(campaign: Campaign) -> shows.ShowRoster:
    moment = delayed(campaign)
    state = present(campaign) if moment is None else past.state_at(campaign, moment)[1]
    shown = {character.id: character for character in characters_of(state)}
    ids = cast.in_order(state.roster, shown)
    return shows.ShowRoster(campaign_id=campaign.pk, character_ids=ids, characters=[shown[pk] for pk in ids])


def layout(campaign: Campaign) -> shows.ShowLayout:
    stored = {row.tier: row for row in campaign.layouts.all()}
    tiers = {
        tier: (
            TierLayout(badges=stored[tier].badges, chips=stored[tier].chips)
            if tier in stored
            else TierLayout()
        )
        for tier in TIERS
    }
    return shows.ShowLayout.model_validate({"campaign_id": campaign.pk, **tiers})


def _episodes(campaign: Campaign) -> QuerySet[Episode]:
    return campaign.chronicle.episodes.exclude(status=Episode.Status.CANCELLED)


def episodes(campaign: Campaign) -> list[shows.ShowEpisode]:
    return [
        shows.ShowEpisode.model_validate(episode_facts(campaign, row))
        for row in _episodes(campaign).order_by("number")
    ]


def episode(campaign: Campaign, episode_id: UUID) -> Episode:
    """Raises NotFound, also for one of another campaign."""
    row = _episodes(campaign).filter(pk=episode_id).select_related("chronicle__server").first()
    if row is None:
        raise NotFound(_("There’s no such episode in this campaign."), code="no_such_episode")
    return row


def episode_facts(campaign: Campaign, row: Episode) -> dict[str, object]:
    return {
        "id": row.pk,
        "campaign_id": campaign.pk,
        "episode_number": row.number,
        "title": row.title,
        "date": row.started_at or row.planned_for,
        "summary": row.summary,
        "status": row.status,
        "created_at": row.created_at,
    }


def events(campaign: Campaign, given: shows.ListShowEvents) -> list[PublicEvent]:
    """Newest first: what may be known of them now. Filters look at what is published, not at what is stored."""
    found = public_events(campaign)
    if (moment := delayed(campaign)) is not None:
        found = found.filter(created_at__lte=moment)
    if given.after is not None:
        found = found.filter(public_seq__gt=given.after)
    if given.character_id is not None:
        found = found.filter(_about(given.character_id))
    wanted: list[PublicEvent] = []
    newest_first = found.order_by("-public_seq")
    for start in range(0, MOST_READ, AT_ONCE):
        chunk = list(newest_first[start : start + AT_ONCE])
        wanted += [
            line.event for line in past.lines(campaign, chunk) if line.event and _fits(line.event, given)
        ]
        if len(chunk) < AT_ONCE or len(wanted) >= given.limit:
            break
    return wanted[: given.limit]


def event(campaign: Campaign, row: Event) -> PublicEvent | None:
    """One of this campaign, as the public may know it; None if it may not."""
    if row.public_seq is None:
        return None
    return past.lines(campaign, [row])[0].event


# Of so many events a filter looks at most, in portions.
MOST_READ, AT_ONCE = 2000, 500


def _about(character_id: UUID) -> Q:
    """Events of a character, and those that name it: its rolls carry it in what is published alone."""
    rolled = Q(type__startswith="roll.")
    return Q(entity_id=character_id) | Q(subject__character=str(character_id)) | rolled


def _fits(event: PublicEvent, given: shows.ListShowEvents) -> bool:
    of_character = given.character_id is None or event.character_id == given.character_id
    return of_character and (given.event_type is None or event.event_type == given.event_type)
