"""What a person got back, and what is written in a message."""

from dataclasses import dataclass

from sandbox.errors import Json


@dataclass
class Reply:
    """The answer to an interaction: a message (perhaps ephemeral), a modal, or neither (a silent update)."""

    interaction: str
    message: Json | None = None
    modal: Json | None = None
    response: int = 0

    @property
    def content(self) -> str:
        return str(self.message["content"]) if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        return list(self.message["embeds"]) if self.message else []

    @property
    def ephemeral(self) -> bool:
        return bool(self.message and self.message["ephemeral"])

    @property
    def text(self) -> str:
        """Everything that is written in it: content, embeds, text components."""
        return "\n".join(texts(self.message)) if self.message else ""


def texts(message: Json) -> list[str]:
    found = [message["content"]] if message["content"] else []
    for embed in message["embeds"]:
        found += [embed[key] for key in ("title", "description") if key in embed]
        found += [text for entry in embed.get("fields", []) for text in (entry["name"], entry["value"])]
        found += [embed["author"]["name"]] if "author" in embed else []
        found += [embed["footer"]["text"]] if embed.get("footer", {}).get("text") else []
    return found + [part["content"] for part in parts(message["components"]) if part["type"] == 10]


def parts(components: list[Json]) -> list[Json]:
    found: list[Json] = []
    for component in components:
        accessory = [component["accessory"]] if isinstance(component.get("accessory"), dict) else []
        found += [component, *parts(component.get("components", [])), *accessory]
    return found
