"""Makes a public campaign of eight vampires with an overlay of them all. Runs alone, prints JSON.

python -m scripts.bench.stage_world
"""

import json

from scripts.bench.world import SYSTEM, make_chronicle, populate  # it sets Django up, so it comes first

# isort: split
from chronicle.models import Chronicle
from chronicle.principal import Principal
from companion import overlay_tokens
from companion.models import Campaign
from companion.services import overlays
from companion.services.publishing import publish_campaign, set_roster
from contract.overlays import CreateOverlay
from discordauth.models import CustomUser
from haven.models import Character
from rules.visibility import Level
from scripts.bench.bodies import user_id
from scripts.bench.options import CAST, Show

GUILD = 4 * 10**17
SHOWN = ("name", "hunger", "health", "willpower", "humanity")


def main() -> Show:
    chronicle = make_chronicle(GUILD, range(CAST))
    users = {user.discord_id: user for user in CustomUser.objects.filter(discord_id__isnull=False)}
    people = [users[user_id(number)] for number in range(CAST)]
    community = populate(chronicle, people, CAST)
    storyteller = Principal.for_user(people[0])
    campaign = _publish(chronicle, storyteller)
    wanted = CreateOverlay(chronicle=chronicle.pk, name="Table", kind="party")
    overlay = overlays.create(storyteller, chronicle, wanted, SYSTEM)
    return {
        "community": community,
        "campaign": str(campaign.pk),
        "overlay": f"/overlay/{overlay_tokens.token(overlay)}/",
    }


def _publish(chronicle: Chronicle, storyteller: Principal) -> Campaign:
    cast = Character.objects.filter(chronicle=chronicle)
    cast.update(visibility={trait: int(Level.PUBLIC) for trait in SHOWN})
    publish_campaign(chronicle, principal=storyteller, cause=SYSTEM)
    ids = list(cast.order_by("pk").values_list("pk", flat=True))
    return set_roster(chronicle, ids, principal=storyteller, cause=SYSTEM)


if __name__ == "__main__":
    print(json.dumps(main()))
