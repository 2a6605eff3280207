"""`/progress badges`: one's own badges, and the nearest of those still to win."""

from contract import badges as contract
from contract import endpoints
from contract.translation import _, n_
from rodbot.core.bot import bot_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.embeds import linkable
from rodbot.core.options import Values, command
from rodbot.core.persistent import PersistentItems
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines

# Shapes, so that no colour is needed to tell them apart.
MARKS = {"given": "◆", "waiting": "◈", "open": "◇"}
STILL_OPEN = 8
MOST = 25


async def _badges(interaction: Interaction, values: Values) -> Reply:
    found = await call(interaction, endpoints.GET_BADGES, contract.GetBadges())
    return Reply(content=overview(found, linkable(found.url, bot_of(interaction).config.sandbox)))


def overview(found: contract.Badges, url: str | None) -> str:
    lines = [
        (
            n_("You have {count} badge.", "You have {count} badges.", found.won)
            if found.won
            else _("You have no badges yet.")
        )
    ]
    lines += [_line(badge) for badge in found.badges if badge.state != "open"]
    if nearest := _nearest(found.badges):
        lines += ["", _("Still to earn, the nearest first:"), *map(_line, nearest)]
    if found.waiting:
        lines += ["", _waiting(found.waiting)]
    if url:
        lines.append(_("All of them: {url}", url=url))
    return clip(join_lines(lines, MESSAGE, MOST + STILL_OPEN), MESSAGE)


def _nearest(badges: list[contract.Badge]) -> list[contract.Badge]:
    still_open = [badge for badge in badges if badge.state == "open"]
    return sorted(still_open, key=lambda badge: (badge.count == 0, badge.at - badge.count))[:STILL_OPEN]


def _line(badge: contract.Badge) -> str:
    words = f"{MARKS[badge.state]} **{_(badge.label)}**"
    if badge.chronicle:
        words += f" ({escape(badge.chronicle.name, 60)})"
    why = _(badge.why)
    if badge.state == "waiting":
        return _("{badge}: {why} A storyteller has to approve it.", badge=words, why=why)
    if badge.state == "open" and badge.at > 1:
        return _("{badge}: {why} ({count} of {at})", badge=words, why=why, count=badge.count, at=badge.at)
    return f"{words}: {why}"


def _waiting(count: int) -> str:
    return n_(
        "{count} decision is waiting for you: `/progress honours`.",
        "{count} decisions are waiting for you: `/progress honours`.",
        count,
    )


COMMANDS = (command("badges", "Your badges, and those you can still earn", [], _badges),)
PERSISTENT: PersistentItems = ()
