"""A stand-in for the bot API of bridged channels, which remembers what it was told."""

from dataclasses import dataclass, field
from uuid import UUID

from contract import bridges


@dataclass
class FakeBridge:
    """`pieces`: what was reported as posted, by message. `received` are the texts that came from Discord."""

    received: list[bridges.Heard] = field(default_factory=list)
    told: list[bridges.Receive] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    pieces: dict[UUID, list[str]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What came as new, each message once."""
        return [heard.text for heard in {heard.id: heard for heard in self.received if heard.is_new}.values()]

    async def bridge_receive(self, acting: None, given: bridges.Receive) -> bridges.Received:
        self.told.append(given)
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
