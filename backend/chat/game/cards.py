"""What stands on the card of a message: rolls and requests as the whole room may see them."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from contract.base import JsonObject
from contract.chat_game import RequestCard, RollCard, RollOnCard
from contract.rolls import BriefRoll
from rolls import selectors, serializers
from rolls.models import Roll
from rolls.services import requests

RollT = TypeVar("RollT", bound=BriefRoll)


def of_rolls(rolls: Sequence[RollOnCard]) -> JsonObject:
    card = RollCard(rolls=list(rolls))
    return card.model_dump(mode="json")


def shown(roll_id: UUID, source: str = "", earlier: Sequence[UUID] = ()) -> RollOnCard:
    """A roll as it is now, with what came with it and what followed. Nothing that its table does not see."""
    row = selectors.whole(roll_id)
    parts = sorted(row.parts.all(), key=lambda part: part.id)
    return RollOnCard(
        source=source, roll=brief(row), attached=[brief(part) for part in parts], earlier=list(earlier)
    )


def brief(row: Roll) -> BriefRoll:
    """As its event tells it, without the long tables of its odds: a page of messages may hold hundreds."""
    return short(serializers.brief(row))


def short(roll: RollT) -> RollT:
    if roll.chances is None:
        return roll
    chances = roll.chances.model_copy(update={"successes": [], "beyond": 0})
    return roll.model_copy(update={"chances": chances})


def of_request(request_id: UUID) -> JsonObject:
    found = requests.as_the_table_sees_it(requests.rows().get(pk=request_id))
    players = [
        player.model_copy(update={"roll": short(player.roll)}) if player.roll else player
        for player in found.players
    ]
    return RequestCard(request=found.model_copy(update={"players": players})).model_dump(mode="json")
