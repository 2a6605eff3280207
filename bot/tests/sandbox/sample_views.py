"""Views, modals and layouts of the sample bot."""

from typing import Any

import discord


class Question(discord.ui.Modal, title="A question"):
    answer: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Answer", min_length=2, max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"answered {self.answer.value}", ephemeral=True)


class Labelled(discord.ui.Modal, title="New parts"):
    intro = discord.ui.TextDisplay("Fill this in.")
    note = discord.ui.Label(text="Note", component=discord.ui.TextInput(custom_id="note", required=False))
    clan = discord.ui.Label(
        text="Clan",
        component=discord.ui.Select(
            custom_id="clan",
            options=[discord.SelectOption(label="Brujah"), discord.SelectOption(label="Toreador")],
        ),
    )
    rival = discord.ui.Label(text="Rival", component=discord.ui.UserSelect(custom_id="rival"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        clan, rival, note = self.clan.component, self.rival.component, self.note.component
        await interaction.response.send_message(
            f"{clan.values[0]} against {rival.values[0].name}: {note.value}"
        )


class Newest(discord.ui.Modal, title="Newest parts"):
    clan = discord.ui.Label(
        text="Clan",
        component=discord.ui.RadioGroup(
            custom_id="clan",
            options=[discord.RadioGroupOption(label=name, value=name) for name in ("Brujah", "Toreador")],
        ),
    )
    gifts = discord.ui.Label(
        text="Gifts",
        component=discord.ui.CheckboxGroup(
            custom_id="gifts",
            required=False,
            options=[discord.CheckboxGroupOption(label=name, value=name) for name in ("Celerity", "Potence")],
        ),
    )
    sure = discord.ui.Label(text="Sure", component=discord.ui.Checkbox(custom_id="sure"))
    portrait = discord.ui.Label(text="Portrait", component=discord.ui.FileUpload(custom_id="portrait"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        size = len(await self.portrait.component.values[0].read())
        gifts = "+".join(self.gifts.component.values)
        words = [self.clan.component.value, gifts, self.sure.component.value, size]
        await interaction.response.send_message(" | ".join(str(word) for word in words))


class Panel(discord.ui.View):
    """Persistent: every custom_id is given, no timeout."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Update", custom_id="panel:update")
    async def update(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        await interaction.response.edit_message(content="updated")

    @discord.ui.button(label="Silent", custom_id="panel:silent")
    async def silent(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="edited later")
        await interaction.followup.send("and a followup", ephemeral=True)

    @discord.ui.button(label="Ask", custom_id="panel:ask")
    async def ask(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        await interaction.response.send_modal(Question())

    @discord.ui.button(label="Off", custom_id="panel:off", disabled=True)
    async def off(self, interaction: discord.Interaction, button: discord.ui.Button) -> None: ...

    @discord.ui.select(
        custom_id="panel:clan",
        placeholder="Clan",
        min_values=1,
        max_values=2,
        options=[
            discord.SelectOption(label=name, value=name.lower()) for name in ("Brujah", "Toreador", "Ventrue")
        ],
    )
    async def clan(self, interaction: discord.Interaction, select: discord.ui.Select) -> None:
        await interaction.response.send_message(f"chose {', '.join(select.values)}", ephemeral=True)


class Pickers(discord.ui.View):
    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="pick:user")
    async def user(self, interaction: discord.Interaction, select: discord.ui.UserSelect) -> None:
        await interaction.response.send_message(f"user {select.values[0].display_name}")

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="pick:role")
    async def role(self, interaction: discord.Interaction, select: discord.ui.RoleSelect) -> None:
        await interaction.response.send_message(f"role {select.values[0].name}")

    @discord.ui.select(cls=discord.ui.MentionableSelect, custom_id="pick:any")
    async def any(self, interaction: discord.Interaction, select: discord.ui.MentionableSelect) -> None:
        await interaction.response.send_message(f"any {type(select.values[0]).__name__}")

    @discord.ui.select(
        cls=discord.ui.ChannelSelect, custom_id="pick:channel", channel_types=[discord.ChannelType.text]
    )
    async def channel(self, interaction: discord.Interaction, select: discord.ui.ChannelSelect) -> None:
        await interaction.response.send_message(f"channel {select.values[0].name}")


class Counter(discord.ui.DynamicItem[discord.ui.Button], template=r"count:(?P<n>\d+)"):
    """Its state is in its id, so it works after the bot has been restarted."""

    def __init__(self, n: int) -> None:
        super().__init__(discord.ui.Button(label=f"Count {n}", custom_id=f"count:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any) -> "Counter":
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None).add_item(Counter(self.n + 1))
        await interaction.response.edit_message(content=f"count {self.n + 1}", view=view)


class Layout(discord.ui.LayoutView):
    box = discord.ui.Container(
        discord.ui.TextDisplay("# A new layout"),
        discord.ui.Separator(),
        discord.ui.Section("side by side", accessory=discord.ui.Thumbnail("attachment://dot.png")),
        discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://dot.png")),
        discord.ui.File("attachment://dot.png"),
        accent_colour=0x8B1A1A,
    )
