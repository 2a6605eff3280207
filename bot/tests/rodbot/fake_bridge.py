"""A stand-in for the bot API of bridged channels, which remembers what it was told."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from contract import bridges
from contract.acting import Acting


@dataclass
class FakeBridge:
    """`pieces`: what was reported as posted, by message. `received` are the texts that came from Discord."""

    received: list[bridges.Heard] = field(default_factory=list)
    reports: list[bridges.Receive] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    pieces: dict[UUID, list[str]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    switched: dict[str, bool] = field(default_factory=dict)
    reason: str = ""

    @property
    def texts(self) -> list[str]:
        """What came as new, each message once."""
        return [heard.text for heard in {heard.id: heard for heard in self.received if heard.is_new}.values()]

    async def get_bridge(self, acting: Acting, given: bridges.BridgeInput) -> bridges.Bridge:
        channel = given.channel or acting.channel_id or ""
        on = self.switched.get(channel, False)
        name = f"channel {channel}"
        return bridges.Bridge(id=uuid4(), name=name, on=on, possible=not self.reason, reason=self.reason)

    async def set_bridge(self, acting: Acting, given: bridges.SetBridge) -> bridges.Bridge:
        self.switched[given.channel or acting.channel_id or ""] = given.on
        return await self.get_bridge(acting, given)

    async def bridge_receive(self, acting: None, given: bridges.Receive) -> bridges.Received:
        self.reports.append(given)
        self.received += given.messages
        known = {piece for pieces in self.pieces.values() for piece in pieces}
        return bridges.Received(unknown=[own for own in given.own if own not in known])

    async def bridge_forget(self, acting: None, given: bridges.Forget) -> bridges.Forgotten:
        self.forgotten += given.messages
        return bridges.Forgotten(deleted=len(given.messages))

    async def bridge_posted(self, acting: None, given: bridges.Posted) -> bridges.PostedNoted:
        self.pieces[given.message] = given.pieces
        return bridges.PostedNoted(noted=True)

    async def bridge_trouble(self, acting: None, given: bridges.Trouble) -> bridges.TroubleNoted:
        self.troubles.append(given.problem)
        return bridges.TroubleNoted(noted=True)
