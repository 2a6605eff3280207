"""`/progress me|why|board|profile`: what a player has earned, why, among whom, and what others see of it."""

from collections.abc import Iterator
from uuid import UUID

from contract import endpoints
from contract.notices import sentence
from contract.points import (
    BOARDS,
    ListPoints,
    PlayerProfile,
    Points,
    Progress,
    Ranked,
    ShowBoard,
    ShownBoard,
)
from contract.translation import N_, _, n_
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.options import Option, Values, command, field_option, yes
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, on_or_off
from rodbot.dice.general import charted

PAGE = 12
# What the profile switches, in the order in which it is shown.
SWITCHES = {
    "is_public": N_("Public page"),
    "shows_level": N_("Level and points on it"),
    "shows_streak": N_("Streak on it"),
    "shows_badges": N_("Badges on it"),
    "shows_certificates": N_("Certificates on it"),
    "on_boards": N_("On leaderboards"),
}


async def _me(interaction: Interaction, values: Values) -> Reply:
    found = await send(interaction, endpoints.GET_PROGRESS, {}, card=True)
    title = _("Progress of {name}", name=escape(found.user.name, 100))
    return charted(interaction, list(_own(found)), title, found.card, "rank.png")


def _own(found: Progress) -> Iterator[str]:
    """The rank card in words."""
    yield _(
        "Level {level}, {points} points: {more} more to the next level.",
        level=found.level.level,
        points=found.points,
        more=found.level.next - found.points,
    )
    if found.rank:
        yield _("Number {rank} overall.", rank=found.rank)
    yield n_("{count} point this week.", "{count} points this week.", found.week_points)
    yield n_(
        "Streak: {count} day in a row, at most {longest}.",
        "Streak: {count} days in a row, at most {longest}.",
        found.streak.current,
        longest=found.streak.longest,
    )
    badges = ", ".join(escape(_(badge.label), 60) for badge in found.badges[:20])
    yield _("Badges: {badges}.", badges=badges) if badges else _("No badges yet.")


async def _why(interaction: Interaction, values: Values) -> Reply:
    return _listed(await call(interaction, endpoints.LIST_POINTS, ListPoints(limit=PAGE)))


def _listed(found: Points) -> Reply:
    head = n_(
        "**{count} point**, and where each comes from:",
        "**{count} points**, and where each comes from:",
        found.total,
    )
    lines = [
        head,
        *(
            _entry(entry.amount, sentence(entry.reason), _(entry.label), entry.place, str(entry.day))
            for entry in found.results
        ),
    ]
    if not found.results:
        lines = [
            _("You have no points yet. Practise with `/progress practice`, come to sessions, help others.")
        ]
    view = view_of(Older(found.next)) if found.next else None
    return Reply(content=clip(join_lines(lines, MESSAGE, 40), MESSAGE), view=view)


def _entry(amount: int, reason: str, label: str, place: str, day: str) -> str:
    about = " · ".join(part for part in (label, day, escape(place, 60)) if part)
    return f"`{amount:+d}` {escape(reason, 120)} ({about})"


class Older(PersistentButton, template=rf"pointsbefore:{ID}"):
    """Shows the entries before the ones that are shown."""

    def __init__(self, before: UUID | str) -> None:
        self.before = str(before)
        super().__init__(f"pointsbefore:{before}", _("Older"))

    async def used(self, interaction: Interaction) -> Reply:
        given = ListPoints(before=UUID(self.before), limit=PAGE)
        return _listed(await call(interaction, endpoints.LIST_POINTS, given))


async def _board(interaction: Interaction, values: Values) -> Reply:
    return _shown(await send(interaction, endpoints.SHOW_BOARD, values))


def _shown(board: ShownBoard) -> Reply:
    name = escape(board.name, 100)
    head = (
        _("**{name}**: points of this week", name=name)
        if board.week
        else _("**{name}**: points in total", name=name)
    )
    lines = [head, *map(_place, board.results[:20])]
    if not board.results:
        lines.append(_("Nobody has points here yet."))
    elif board.mine and not any(row.me for row in board.results[:20]):
        lines += ["…", *map(_place, board.around or [board.mine])]
    if board.hidden:
        lines.append(_("Only you can see your own place, because you left the leaderboards."))
    return Reply(content=clip(join_lines([*lines, f"<{board.url}>"], MESSAGE, 40), MESSAGE))


def _place(row: Ranked) -> str:
    line = n_(
        "{rank}. {name}: {count} point (level {level})",
        "{rank}. {name}: {count} points (level {level})",
        row.points,
        rank=row.rank,
        name=escape(row.name, 60),
        level=row.level,
    )
    return f"**{line}**" if row.me else line


async def _profile(interaction: Interaction, values: Values) -> Reply:
    return _settings(await send(interaction, endpoints.SET_PLAYER_PROFILE, values))


def _settings(profile: PlayerProfile) -> Reply:
    lines = [f"{_(label)}: {on_or_off(getattr(profile, name))}" for name, label in SWITCHES.items()]
    home = escape(profile.home_server.name, 100) if profile.home_server else _("none")
    lines += [_("Home server: {name}", name=home), f"<{profile.url}>"]
    return Reply(content="\n".join(lines))


COMMANDS = (
    command(
        "me",
        "Your rank card: level, points, streak and badges",
        [yes("share", "Show it to the whole channel")],
        _me,
        public=lambda values: bool(values.get("share")),
    ),
    command("why", "Every point that you have, and what it is for", [], _why),
    command(
        "board",
        "A leaderboard, and your place on it",
        [
            Option(
                "board",
                str,
                "Which one (default: this server’s)",
                choices=tuple((label, slug) for slug, label in BOARDS.items()),
            ),
            yes("weekly", "Points of this week alone"),
            field_option(ShowBoard, "page", "Page"),
        ],
        _board,
    ),
    command(
        "profile",
        "Show or change what others see of you",
        [
            yes("is_public", "Let anyone with the link open your page"),
            yes("shows_level", "Show your level and points on it"),
            yes("shows_streak", "Show your streak on it"),
            yes("shows_badges", "Show your badges on it"),
            yes("shows_certificates", "Show your certificates on it"),
            yes("on_boards", "Appear on leaderboards"),
        ],
        _profile,
    ),
)
PERSISTENT: PersistentItems = (Older,)
