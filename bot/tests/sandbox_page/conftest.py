"""A sandbox, a small real discord.py bot in it, and pages of its people."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import discord
import pytest
import pytest_asyncio
from discord import app_commands
from playwright.async_api import Page, expect
from yarl import URL

from sandbox.server import Sandbox

HEROES = ["Night Owl", "Nightshade", "Old Tom"]
PACK = [discord.SelectOption(label=name, value=name.lower()) for name in ("Auspex", "Celerity", "Presence")]


@dataclass
class Calls:
    """What the bot was asked to do."""

    new: list[dict[str, Any]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    profiles: list[list[Any]] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    picked: list[list[str]] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)


def card(name: str, hunger: int) -> discord.Embed:
    embed = discord.Embed(
        title=name, url="https://example.com/sheet", color=0x8B1A1A, description="**Toreador**"
    )
    embed.add_field(name="Hunger", value="●" * hunger + "○" * (5 - hunger))
    embed.add_field(name="Health", value="[ ][/][X]")
    embed.set_footer(text="Experience 5 / 12")
    return embed


class Story(discord.ui.Modal, title="The story so far"):
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(label="What happened", min_length=5, max_length=60)
    more: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="Details", style=discord.TextStyle.paragraph, required=False
    )

    def __init__(self, calls: Calls) -> None:
        super().__init__()
        self.calls = calls

    async def on_submit(self, interaction: discord.Interaction) -> None:
        self.calls.stories.append(self.text.value)
        await interaction.response.send_message(f"Told: {self.text.value}")


class Profile(discord.ui.Modal, title="Profile"):
    """One of every kind of field that a label can hold."""

    friend: discord.ui.Label[Any] = discord.ui.Label(
        text="Friend", description="Anyone here", component=discord.ui.UserSelect(required=True)
    )
    sect: discord.ui.Label[Any] = discord.ui.Label(
        text="Sect",
        component=discord.ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label=name, value=name.lower()) for name in ("Camarilla", "Anarch")
            ]
        ),
    )
    days: discord.ui.Label[Any] = discord.ui.Label(
        text="Nights",
        component=discord.ui.CheckboxGroup(
            options=[
                discord.CheckboxGroupOption(label=name, value=name.lower()) for name in ("Friday", "Sunday")
            ]
        ),
    )
    sworn: discord.ui.Label[Any] = discord.ui.Label(text="Sworn in", component=discord.ui.Checkbox())
    proof: discord.ui.Label[Any] = discord.ui.Label(text="Proof", component=discord.ui.FileUpload())

    def __init__(self, calls: Calls) -> None:
        super().__init__()
        self.calls = calls

    async def on_submit(self, interaction: discord.Interaction) -> None:
        friend, sect, days, sworn, proof = (
            label.component for label in (self.friend, self.sect, self.days, self.sworn, self.proof)
        )
        names = [user.name for user in friend.values]
        files = [(await file.read()).decode() for file in proof.values]
        self.calls.profiles.append([names, sect.value, days.values, sworn.value, files])
        await interaction.response.send_message(view=Layout())


class Layout(discord.ui.LayoutView):
    """The newer kind of message: text, sections and containers instead of content and embeds."""

    def __init__(self) -> None:
        super().__init__()
        section: discord.ui.Section[Any] = discord.ui.Section(
            "Welcome to the **court**",
            accessory=discord.ui.Button(label="Leave", style=discord.ButtonStyle.danger),
        )
        self.add_item(discord.ui.Container(section, discord.ui.Separator(), accent_colour=0x8B1A1A))
        self.add_item(discord.ui.TextDisplay("-# Signed by the Prince"))


class CardView(discord.ui.View):
    def __init__(self, calls: Calls, name: str, hunger: int) -> None:
        super().__init__(timeout=None)
        self.calls, self.name, self.hunger = calls, name, hunger
        self.add_item(discord.ui.Button(label="Sheet", url="https://example.com/sheet"))
        self.add_item(discord.ui.Button(label="Locked", disabled=True))

    @discord.ui.button(label="Feed", style=discord.ButtonStyle.primary)
    async def feed(self, interaction: discord.Interaction, _button: discord.ui.Button["CardView"]) -> None:
        self.hunger += 1
        await interaction.response.edit_message(embed=card(self.name, self.hunger), view=self)

    @discord.ui.button(label="Tell", style=discord.ButtonStyle.success)
    async def tell(self, interaction: discord.Interaction, _button: discord.ui.Button["CardView"]) -> None:
        await interaction.response.send_modal(Story(self.calls))

    @discord.ui.select(placeholder="Pick disciplines", min_values=1, max_values=2, options=PACK)
    async def pick(self, interaction: discord.Interaction, select: discord.ui.Select["CardView"]) -> None:
        self.calls.picked.append(select.values)
        await interaction.response.send_message(f"Picked {', '.join(select.values)}", ephemeral=True)


class TinyBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.05)
        self.calls = Calls()
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(hero_commands(self.calls))
        self.tree.add_command(app_commands.ContextMenu(name="Show heroes", callback=self.show_heroes))
        self.tree.add_command(app_commands.ContextMenu(name="Keep as a note", callback=self.keep_note))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def show_heroes(self, interaction: discord.Interaction, user: discord.User) -> None:
        self.calls.targets.append(user.name)
        await interaction.response.send_message(f"Heroes of {user.name}", ephemeral=True)

    async def keep_note(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self.calls.targets.append(message.content)
        await interaction.response.send_message("Kept.", ephemeral=True)


def hero_commands(calls: Calls) -> app_commands.Group:
    group = app_commands.Group(name="hero", description="Heroes of the night")

    @group.command(name="new", description="Make a hero")
    @app_commands.describe(
        name="What the hero is called", hunger="How hungry", clan="Blood", player="Whose hero"
    )
    async def new(
        interaction: discord.Interaction,
        name: app_commands.Range[str, 2, 40],
        hunger: app_commands.Range[int, 0, 5] = 1,
        clan: Literal["Brujah", "Toreador"] | None = None,
        player: discord.User | None = None,
        secret: bool = False,
        image: discord.Attachment | None = None,
    ) -> None:
        call = {
            "name": name,
            "hunger": hunger,
            "clan": clan,
            "player": player and player.name,
            "secret": secret,
        }
        calls.new.append(call | {"image": await image.read() if image else None})
        await interaction.response.send_message(
            embed=card(name, hunger), view=CardView(calls, name, hunger), ephemeral=secret
        )

    @group.command(name="find", description="Find a hero")
    async def find(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.3)
        await interaction.followup.send(f"Found {name}")

    @find.autocomplete("name")
    async def names(_interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        calls.typed.append(current)
        fitting = [name for name in HEROES if current.lower() in name.lower()]
        return [app_commands.Choice(name=f"{name} — Vampire", value=f"id-{name[:5]}") for name in fitting]

    @group.command(name="profile", description="Tell more about a hero")
    async def profile(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Profile(calls))

    @group.command(name="sleep", description="Never answers")
    async def sleep(_interaction: discord.Interaction) -> None:
        return

    return group


@pytest_asyncio.fixture(loop_scope="session")
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox(state=None, port=0) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def bot(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TinyBot]:
    monkeypatch.setattr(discord.http.Route, "BASE", f"{box.base_url}/api/v10")
    gateway = URL(f"{box.base_url}/gateway").with_scheme("ws")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    client = TinyBot()
    running = asyncio.create_task(client.start(box.token))
    await asyncio.wait_for(client.wait_until_ready(), 10)
    yield client
    await client.close()
    await running


OpenChat = Callable[..., Awaitable[Page]]


@pytest.fixture
def chat(box: Sandbox, new_page: Callable[..., Awaitable[Page]]) -> OpenChat:
    """`page = await chat("mira", width=390)`: the page as one person sees #table of the Night Court."""

    async def open_chat(person: str = "mira", **options: Any) -> Page:
        page = await new_page(**options)
        await page.goto(f"{box.base_url}/?as={person}")
        await expect(page.locator("body[data-ready]")).to_be_attached()
        return page

    return open_chat
