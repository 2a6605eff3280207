"""Help by what somebody wants to do: each topic is a few steps, each step a sentence and commands that work as typed.

`/help` and the page `/help/` show the same topics. A test holds every example against the registered commands.
"""

import re
from dataclasses import dataclass
from functools import partial

from contract.translation import N_

PLAYERS, STORYTELLERS, OWNERS = N_("For players"), N_("For storytellers"), N_("For server owners")
_OPTION = re.compile(r"\s+(?=[a-z][a-z_0-9]*:)")


@dataclass(frozen=True)
class Example:
    """A command as it is typed. `edition`: it exists in servers that play this one; empty: in all."""

    command: str
    edition: str = ""

    @property
    def name(self) -> str:
        """`vampire new`"""
        return _OPTION.split(self.command)[0].removeprefix("/")

    @property
    def options(self) -> dict[str, str]:
        """What is typed into each option."""
        pairs = (part.partition(":") for part in _OPTION.split(self.command)[1:])
        return {name: value for name, _, value in pairs}


@dataclass(frozen=True)
class Step:
    text: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Topic:
    """`title` says what one wants, `about` in one line what is in it."""

    slug: str
    title: str
    about: str
    readers: str
    steps: tuple[Step, ...]


def _topic(slug: str, title: str, about: str, readers: str, *steps: Step) -> Topic:
    return Topic(slug, title, about, readers, steps)


def _step(text: str, *commands: str | Example) -> Step:
    return Step(text, tuple(Example(typed) if isinstance(typed, str) else typed for typed in commands))


_5th, _20th, _cod, _fantasy = (
    partial(Example, edition=edition) for edition in ("5th", "20th", "cod", "fantasy")
)
NEW = (
    _5th("/vampire new name:Night Owl health:6 willpower:5 humanity:7"),
    _20th("/vampire new name:Night Owl willpower:5 blood:10 morality:7"),
    _fantasy("/fantasy new name:Brenna hp:28 ac:16"),
)
FIRST_SESSION = "first-session"

TOPICS = (
    _topic(
        FIRST_SESSION,
        N_("Play your first episode"),
        N_("From no character to your first roll"),
        PLAYERS,
        _step(N_("Make your character. A name and a few numbers are enough; the rest can wait."), *NEW),
        _step(
            N_("Fill in the traits you'll roll, one at a time."),
            "/character trait trait:Strength value:3",
            "/character trait trait:Brawl value:2",
        ),
        _step(
            N_("Or open the sheet on the web and click the dots. It's the same character."),
            "/character sheet",
        ),
        _step(N_("Roll. The bot looks the traits up on your sheet."), "/roll pool:strength + brawl"),
        _step(
            N_("Keep track of what changes in play: + and − are amounts, so 1 is one more."),
            _5th("/vampire update hunger:1 health_superficial:2"),
            _20th("/vampire update blood:-1 health_lethal:2"),
            _fantasy("/fantasy update hp:-7"),
        ),
        _step(N_("Typed something wrong? Take it back."), "/character undo"),
    ),
    _topic(
        "characters",
        N_("Make and keep characters"),
        N_("New, default, delete and bring back"),
        PLAYERS,
        _step(
            N_("Each kind of character has its own command."),
            *NEW,
            _5th("/werewolf new name:Ash health:7 willpower:4"),
            _20th("/mage new name:Jasna willpower:5 arete:2 quintessence:3"),
        ),
        _step(
            N_("With several characters, say which one you mean when you don't name any."),
            "/character default name:Night Owl",
        ),
        _step(
            N_("Look at a card: your default one, or pick one of yours."),
            "/character sheet",
            "/character find",
        ),
        _step(N_("Move a character to another chronicle."), "/character move chronicle:Night Court"),
        _step(
            N_("Delete asks first, and there's a way back."),
            "/character delete name:Night Owl",
            "/character restore name:Night Owl",
        ),
    ),
    _topic(
        "rolls",
        N_("Roll dice"),
        N_("Pools, odds, hidden rolls, macros"),
        PLAYERS,
        _step(
            N_("Roll a number of dice, traits from your sheet, or any dice at all."),
            "/roll pool:5",
            "/roll pool:strength + brawl + 2 difficulty:3",
            "/roll pool:3d6 + 2",
        ),
        _step(
            N_("Your edition's own command knows its rules."),
            _5th("/v roll pool:strength + brawl difficulty:3 rouse:1"),
            _5th("/w roll pool:strength + brawl difficulty:3"),
            _5th("/h roll pool:strength + brawl with_desperation:True"),
            _20th("/dice roll pool:dexterity + melee difficulty:7 specialty:Knives"),
            _cod("/dice roll pool:6 again:9"),
            _fantasy("/d20 roll pool:strength + proficiency difficulty:15"),
        ),
        _step(
            N_("Checks change the sheet by themselves."),
            _5th("/v rouse"),
            _5th("/frenzy difficulty:3"),
            _5th("/remorse"),
            _20th("/blood gain amount:3"),
        ),
        _step(
            N_("See your chances before you roll. Under a roll, Details shows them too."),
            "/odds pool:strength + brawl difficulty:3",
        ),
        _step(
            N_("Roll in secret: only you and the storytellers see it."),
            "/roll pool:wits + awareness visibility:storyteller",
        ),
        _step(
            N_("Keep a roll you make often, and use it by name."),
            "/macro save name:Claws pool:strength + brawl",
            "/macro run name:Claws",
        ),
        _step(N_("Were the dice kind to you?"), "/luck"),
    ),
    _topic(
        "changes",
        N_("Change a trait"),
        N_("Damage, experience, dots, locked sheets"),
        PLAYERS,
        _step(
            N_("What moves in play: update adds or takes away."),
            _5th("/vampire update hunger:-1 willpower_superficial:1"),
            _20th("/vampire update willpower:-1 health_bashing:3"),
            _5th("/vampire update exp:2"),
            _20th("/vampire update exp:2"),
        ),
        _step(
            N_("What lasts: set writes the number itself."),
            _5th("/vampire set health:7 humanity:6"),
            _20th("/vampire set willpower:6 morality:6"),
        ),
        _step(N_("Any trait by its name."), "/character trait trait:Dexterity value:4"),
        _step(
            N_("Is the sheet locked? Ask for the change; a storyteller decides."),
            "/character propose trait:Strength value:4 reason:Trained all winter",
        ),
    ),
    _topic(
        "history",
        N_("Read history and undo"),
        N_("Who changed what, and the way back"),
        PLAYERS,
        _step(N_("See every change: who, when, from what to what."), "/character history"),
        _step(N_("Take back the last one."), "/character undo"),
        _step(N_("On the web, History takes back any change that nothing else builds on.")),
        _step(N_("In Discord, right-click a person and choose Apps for their sheet, luck and history.")),
    ),
    _topic(
        "fights",
        N_("Fight: who acts when"),
        N_("Initiative, declaring, turns"),
        PLAYERS,
        _step(
            N_("A storyteller starts it. One message shows the order, and has buttons for everything below."),
            "/init new title:Elysium burns",
        ),
        _step(
            N_("Roll initiative, or join without a roll where your edition has none."),
            _20th("/init roll"),
            _cod("/init roll dexterity_wits:5"),
            _5th("/init join"),
        ),
        _step(N_("Say what you'll do."), "/init declare action:I go for the door"),
        _step(N_("Finish your turn. The next player is pinged."), "/init done"),
        _step(
            N_("The storyteller can skip a turn, undo a step, and end it."),
            "/init skip",
            "/init rewind",
            "/init end",
        ),
    ),
    _topic(
        "web",
        N_("Use the web sheet"),
        N_("On a phone, on a second screen"),
        PLAYERS,
        _step(N_("Sign in with Discord: your characters are already there."), "/character sheet"),
        _step(N_("Click or tap a dot to change it. Discord and everyone else at the table see it at once.")),
        _step(N_("No connection in the cellar? Your edits wait and merge when you're back.")),
        _step(N_("Rolls, fights and the storyteller's desk are there too, under the chronicle's name.")),
    ),
    _topic(
        "practice",
        N_("Practise the rules"),
        N_("Short drills that explain every answer"),
        PLAYERS,
        _step(
            N_(
                "Get five questions, different ones every time. Each answer comes with the reason and the page."
            ),
            "/progress practice",
        ),
        _step(
            N_("Choose the game, and how hard it should be."),
            "/progress practice system:Vampire level:2",
        ),
        _step(
            N_("Sit an exam against the clock. Who passes gets points and a certificate with a link."),
            "/progress exam",
            "/progress certificates",
        ),
        _step(N_("Right answers are points, and each day with practice keeps your streak.")),
        _step(
            N_("Badges arrive on their own. See which you have, and which you can still earn."),
            "/progress badges",
        ),
        _step(
            N_("Somebody helped you? Say so: they get points once a storyteller confirms it."),
            "/progress helped user:@Jonas text:Lent me his dice",
        ),
    ),
    _topic(
        "episodes",
        N_("Come to the next episode"),
        N_("When you play, who is coming, your calendar"),
        PLAYERS,
        _step(N_("See when you play next, on your own clock, and who is coming."), "/episode next"),
        _step(N_("Press a button under it, or say it here."), "/episode rsvp coming:Maybe"),
        _step(
            N_("Subscribe to the dates in your own calendar. Its address is yours alone."),
            "/episode calendar",
        ),
        _step(
            N_("The bot reminds you a day and an hour before. Switch off what you don't need."),
            "/episode remind day:False",
        ),
        _step(N_("Read what happened the last time."), "/episode recap"),
    ),
    _topic(
        "preferences",
        N_("Set your preferences"),
        N_("Language, screen readers, direct messages"),
        PLAYERS,
        _step(N_("Choose the language that the bot speaks with you."), "/preferences language:Deutsch"),
        _step(N_("Get every answer as plain text, for screen readers."), "/preferences text_mode:True"),
        _step(
            N_("Choose whether the bot may write to you when a storyteller has decided."),
            "/preferences direct_messages:False",
        ),
        _step(N_("Get everything that is yours here as one file."), "/account download"),
        _step(
            N_("Delete your account. For some days you can still take it back."), "/account delete name:Mira"
        ),
    ),
    _topic(
        "first-session-storyteller",
        N_("Run your first episode"),
        N_("From an empty server to experience for all"),
        STORYTELLERS,
        _step(N_("Check that you're a storyteller here. A server admin chooses the roles."), "/server info"),
        _step(
            N_("Let your players make their characters, then see all of them at once."),
            "/storyteller desk",
        ),
        _step(
            N_("Ask several players for a roll. One message shows who has answered."),
            "/request player1:@Mira pool:wits + awareness difficulty:3 text:A noise in the dark",
        ),
        _step(N_("Start a fight when it comes to that."), "/init new title:Elysium burns"),
        _step(
            N_("Write down what only you should know."),
            "/storyteller note title:The Prince lies text:She has known since spring",
        ),
        _step(
            N_("Afterwards, give everyone their experience."),
            "/storyteller award amount:3 reason:The fall of Elysium",
        ),
    ),
    _topic(
        "sessions",
        N_("Plan episodes"),
        N_("A schedule, who is coming, who came"),
        STORYTELLERS,
        _step(
            N_("Say when you play. Everybody reads the dates on their own clock."),
            "/episode schedule weekday:Friday time:19:30 timezone:Europe/Berlin",
        ),
        _step(
            N_("Plan the next episode. Players press whether they are coming."), "/episode plan title:Ashes"
        ),
        _step(N_("Start it, and end it when the night is over."), "/episode start", "/episode end"),
        _step(
            N_("Tick who came. A wrong tick can be corrected later."), "/episode tick user:@Mira state:Came"
        ),
        _step(
            N_("Give experience and points to those who came, in one step."), "/episode award experience:3"
        ),
        _step(
            N_("Let the bot draft a recap of what the table saw. Change it, then publish it."),
            "/episode recap",
        ),
        _step(N_("See how many episodes in a row everybody came to."), "/episode streak"),
        _step(
            N_("You plan on the web? Choose the channel in which episodes are announced then."),
            "/episode channel channel:#table",
        ),
    ),
    _topic(
        "table",
        N_("Run a table"),
        N_("Locks, requests, proposals, notes"),
        STORYTELLERS,
        _step(
            N_("Lock a sheet: its player asks for changes from then on."),
            "/storyteller lock character:Night Owl",
            "/storyteller unlock character:Night Owl",
        ),
        _step(N_("Decide what players have asked for."), "/storyteller review"),
        _step(
            N_("Change a player's tracker for them."),
            _5th("/vampire update player:@Mira health_aggravated:1"),
            _20th("/vampire update player:@Mira health_lethal:1"),
        ),
        _step(
            N_("Give experience to some."),
            "/storyteller award amount:2 reason:Played it straight character1:Night Owl",
        ),
        _step(N_("Read your notes again."), "/storyteller notes"),
        _step(
            N_("Hide a difficulty, or a whole roll."),
            "/request player1:@Mira pool:wits + awareness difficulty:4 hide_difficulty:True",
            "/roll pool:7 visibility:storyteller",
        ),
    ),
    _topic(
        "chronicles",
        N_("Tell several stories"),
        N_("Chronicles, their channels, people and house rules"),
        STORYTELLERS,
        _step(N_("Every server has a chronicle; make more."), "/chronicle create name:Milwaukee by Night"),
        _step(
            N_("Tie a channel to it. What is typed there belongs to that story."),
            "/chronicle bind chronicle:Milwaukee by Night channel:#table",
        ),
        _step(N_("Name its storytellers."), "/chronicle people user:@Vesna role:storyteller"),
        _step(N_("Look at its house rules, and change one."), "/chronicle rules"),
        _step(
            N_("Put a finished story away. It stays readable, and can be brought back."),
            "/chronicle archive chronicle:Milwaukee by Night",
            "/chronicle restore chronicle:Milwaukee by Night",
        ),
    ),
    _topic(
        "server",
        N_("Set up a server"),
        N_("Edition, storytellers, tracker, features"),
        OWNERS,
        _step(N_("See what is set, and what is still missing."), "/server setup"),
        _step(N_("Choose what your server plays. Its commands follow."), "/server edition edition:20th"),
        _step(N_("Choose the roles whose members are storytellers."), "/server storytellers"),
        _step(
            N_("Give the tracker a channel. It shows changes as they happen."),
            "/server tracker channel:#tracker",
        ),
        _step(
            N_("Give hidden rolls a channel that only storytellers see."),
            "/server hidden-rolls channel:#tracker",
        ),
        _step(N_("Switch off what you don't need."), "/server features"),
        _step(
            N_("Somebody can't do something? Find out why."),
            "/server why user:@Mira action:conflict.run",
        ),
    ),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}
