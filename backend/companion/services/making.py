"""Campaigns that the API for shows makes: each with a server of the web, until somebody claims it with its token."""

from django.conf import settings
from django.db import IntegrityError, transaction

from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.services.change import changing as changing_server
from chronicle.services.change import difference
from chronicle.services.chronicles import save as save_chronicle
from chronicle.services.roles import grant_system_role
from chronicle.services.servers import create_server
from companion import tokens
from companion.models import Campaign
from companion.services import publishing
from contract.shows import ChangeShow, CreateCampaign
from contract.translation import _
from discordauth.models import CustomUser
from haven.models import Character
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.ids import uuid7
from rules.text import clean, clean_lines
from timeline.services import Cause

EDITION = "fantasy"


def make_campaign(wanted: CreateCampaign) -> tuple[Campaign, str]:
    """Make a public campaign in a server of its own; return it with its token. Raises Conflict (`slug_taken`)."""
    campaign_id = uuid7()
    with transaction.atomic():
        account = tokens.account_of(campaign_id, wanted.name)
        cause = Cause(actor=account, door="api")
        server = create_server(account, name_of(wanted.name), cause=cause, edition=EDITION)
        chronicle = Chronicle.objects.select_for_update().get(server=server, is_default=True)
        chronicle.server = server
        _name(chronicle, wanted.slug, wanted.name, wanted.description)
        token = tokens.new_token()
        campaign = Campaign.objects.create(
            id=campaign_id, chronicle=chronicle, is_listed=True, admin_token_hash=tokens.hashed(token)
        )
        publishing.set_public(campaign, True, cause)
    return campaign, token


def name_of(typed: str) -> str:
    name = clean(typed, 101)
    if not name or len(name) > 100:
        raise Invalid.field("name", _("A campaign’s name has 1 to 100 characters."))
    return name


def _name(chronicle: Chronicle, slug: str, name: str, description: str) -> None:
    chronicle.slug, chronicle.name = slug, name_of(name)
    chronicle.description = clean_lines(description, 4000)
    keep_slug(chronicle, ["slug", "name", "description", "updated_at"])


def keep_slug(chronicle: Chronicle, columns: list[str]) -> None:
    """Save a chronicle whose slug was chosen. Raises Conflict (`slug_taken`)."""
    sentence = _("This slug is taken.")
    taken = Conflict(sentence, code="slug_taken", fields={"slug": [sentence]})
    if Chronicle.objects.filter(slug__iexact=chronicle.slug).exclude(pk=chronicle.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            chronicle.save(update_fields=columns)
    except IntegrityError:
        raise taken from None


def change_texts(campaign: Campaign, wanted: ChangeShow, *, principal: Principal, cause: Cause) -> Campaign:
    """Change slug, name or description, which are the chronicle's, as one event of it."""
    with publishing.changing(campaign.chronicle, principal) as locked:
        row = locked.chronicle
        before = {"slug": row.slug, "name": row.name, "description": row.description}
        row.slug = row.slug if wanted.slug is None else wanted.slug
        row.name = row.name if wanted.name is None else name_of(wanted.name)
        if wanted.description is not None:
            row.description = clean_lines(wanted.description, 4000)
        after = {"slug": row.slug, "name": row.name, "description": row.description}
        if changes := difference(before, after):
            keep_slug(row, ["slug", "updated_at"])
            save_chronicle(row, changes, cause)
    return locked


def rotate_token(campaign: Campaign, *, principal: Principal) -> str:
    """Give the campaign another token; the one before stops working at once."""
    return new_token_for(campaign.chronicle, principal=principal)


def new_token_for(chronicle: Chronicle, *, principal: Principal) -> str:
    """As `rotate_token`, of a chronicle. Raises NotFound, NotAllowed."""
    token = tokens.new_token()
    with publishing.changing(chronicle, principal) as locked:
        tokens.account_of(locked.pk, locked.chronicle.name)
        locked.admin_token_hash = tokens.hashed(token)
        publishing.save(locked, ["admin_token_hash"])
    return token


def claim_campaign(token: str, user: CustomUser, *, cause: Cause) -> Campaign:
    """Make somebody the owner of the server of a campaign that the API made, and of its characters.

    Raises NotFound for a token of none, Conflict (`campaign_claimed`).
    """
    campaign = tokens.by_token(token)
    if campaign is None:
        raise NotFound(_("This token belongs to no campaign. Copy all of it, from “admin_” on."))
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=campaign.chronicle.server_id)
        account = CustomUser.objects.filter(pk=server.owner_id).first() if server.owner_id else None
        if account is None or account.username != tokens.account_name(campaign.pk):
            raise Conflict(_("Somebody runs this campaign already."), code="campaign_claimed")
        if not user.is_active:
            raise NotAllowed(_("Please sign in first."))
        _hand_over(server, account, user, cause)
    return campaign


def _hand_over(server: Server, account: CustomUser, user: CustomUser, cause: Cause) -> None:
    with changing_server(server, cause) as locked:
        locked.owner = user
        ServerMember.objects.filter(server=locked, user=account).delete()
        member, _made = ServerMember.objects.get_or_create(server=locked, user=user)
        grant_system_role(member, ServerRole.System.ADMIN)
    mine = set(Character.objects.filter(owner=user).exclude(name_key=None).values_list("name_key", flat=True))
    for row in Character.objects.select_for_update().filter(owner=account, chronicle__server=server):
        # A name that they have already stays with the account: names of one player are unique.
        if row.name_key is None or row.name_key not in mine:
            Character.objects.filter(pk=row.pk).update(owner=user)


def address(campaign: Campaign) -> str:
    return f"{settings.SITE_URL}/c/{campaign.chronicle.slug}/"
