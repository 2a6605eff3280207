"""The answer to an interaction, and the text of a message."""

from dataclasses import dataclass

from sandbox.errors import Json

TEXT = 10  # a type of component


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
        """All of its text: content, embeds, text components."""
        return "\n".join(texts(self.message)) if self.message else ""


def texts(message: Json) -> list[str]:
    lines = [message["content"]] if message["content"] else []
    for embed in message["embeds"]:
        lines += [embed[key] for key in ("title", "description") if key in embed]
        lines += [text for entry in embed.get("fields", []) for text in (entry["name"], entry["value"])]
        lines += [embed["author"]["name"]] if "author" in embed else []
        lines += [embed["footer"]["text"]] if embed.get("footer", {}).get("text") else []
    return lines + [part["content"] for part in parts(message["components"]) if part["type"] == TEXT]


def parts(components: list[Json]) -> list[Json]:
    """List components and all components inside them."""
    flat: list[Json] = []
    for component in components:
        accessory = [component["accessory"]] if isinstance(component.get("accessory"), dict) else []
        flat += [component, *parts(component.get("components", [])), *accessory]
    return flat
