"""Viewers of campaigns in one process: a feed for each campaign that somebody looks at, how many come from where."""

from collections import Counter

from companion.selectors.live import public_ids
from delivery.database import Database
from delivery.hub import AnyHub
from delivery.options import Options
from gateway.campaign_feed import CampaignFeed
from gateway.constants import CLOSE_NOT_PUBLIC


class PublicViewers:
    def __init__(self, hub: AnyHub, database: Database, options: Options) -> None:
        self._hub, self._database, self._options = hub, database, options
        self._feeds: dict[str, CampaignFeed] = {}
        self._from: Counter[str] = Counter()

    def has_room_for(self, address: str) -> bool:
        return self._from[address] < self._options.max_sockets_per_address

    def enter(self, address: str) -> None:
        self._from[address] += 1

    def leave(self, address: str) -> None:
        self._from[address] -= 1
        if self._from[address] <= 0:
            del self._from[address]

    def feed(self, campaign: str) -> CampaignFeed:
        """The feed of a campaign, by its id."""
        feed = self._feeds.get(campaign)
        if feed is None:
            name = f"campaign:{campaign}"
            feed = CampaignFeed(name, self._hub, self._database, self._options, self._forget)
            self._feeds[campaign] = feed
        return feed

    def _forget(self, name: str) -> None:
        self._feeds.pop(name.partition(":")[2], None)

    def close(self, campaign: str) -> None:
        """It is public no more: its sockets end."""
        if feed := self._feeds.get(campaign):
            feed.close(CLOSE_NOT_PUBLIC)

    async def recheck(self) -> None:
        """Close what is public no more, with nothing having told us. Raises SourceUnavailable."""
        known = list(self._feeds)
        if known:
            public = await self._database.run(public_ids, known)
            for campaign in known:
                if campaign not in public:
                    self.close(campaign)
