"""Limits on how often, for every door: one table, far above what people at a table do.

Counted in Redis, so that all processes count together; in memory where there is none, or while it does not answer.
"""

import hashlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import NoScriptError

from contract.translation import N_, _, n_
from delivery.redis_clients import REDIS_ERRORS
from delivery.redis_line import line
from rules.errors import Limit

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
# What THROTTLE_USER is unless somebody sets it.
USUAL = 600


@dataclass(frozen=True)
class Rate:
    """`times` in so many `seconds`. `fixed`: no setting raises it, as it guards passwords."""

    times: int
    seconds: int
    sentence: str = N_("That's a lot at once.")
    fixed: bool = False


RATES = {
    "login by address": Rate(30, MINUTE, N_("Too many sign-ins from your network."), fixed=True),
    "login by account": Rate(10, 5 * MINUTE, N_("Too many sign-ins to this account."), fixed=True),
    "login begun": Rate(60, MINUTE, N_("Too many sign-ins from your network."), fixed=True),
    "refresh by address": Rate(600, MINUTE, N_("Too many sign-ins from your network."), fixed=True),
    "refresh by account": Rate(60, MINUTE, N_("Too many sign-ins to this account."), fixed=True),
    "certificates by address": Rate(60, MINUTE, N_("That’s a lot of certificates at once.")),
    "replays by address": Rate(240, MINUTE, N_("That’s a lot of looking back at once.")),
    "Patreon": Rate(10, MINUTE, N_("That's a lot of attempts at once.")),
    "changes": Rate(600, MINUTE, N_("That's a lot of changes at once.")),
    "rolls": Rate(300, MINUTE, N_("The dice need a rest.")),
    "rolls by hand": Rate(50, MINUTE, N_("The dice need a rest.")),
    "roll requests": Rate(40, MINUTE, N_("That's a lot of roll requests.")),
    "macros": Rate(60, MINUTE, N_("That's a lot of macros at once.")),
    "servers": Rate(20, HOUR, N_("That's a lot of new servers.")),
    "chronicles": Rate(60, HOUR, N_("That's a lot of new chronicles.")),
    "invitations": Rate(40, HOUR, N_("That's a lot of invitations.")),
    "joining": Rate(30, MINUTE, N_("That's a lot of invitations.")),
    "portraits": Rate(30, 10 * MINUTE, N_("That's a lot of pictures.")),
    "files": Rate(100, HOUR, N_("That’s a lot of files at once.")),
    "characters": Rate(120, HOUR, N_("That's a lot of new characters.")),
    "conflicts": Rate(60, HOUR, N_("That's a lot of new conflicts.")),
    "sessions": Rate(60, HOUR, N_("That's a lot of new episodes.")),
    "downloads": Rate(5, HOUR, N_("That's a lot of downloads.")),
    "exams": Rate(60, HOUR, N_("That’s a lot of new exams.")),
    "notes": Rate(120, MINUTE, N_("That's a lot of notes at once.")),
    # Far more than people type: a page that sends without end, or a script, is stopped.
    "messages": Rate(120, MINUTE, N_("That's a lot of messages at once.")),
    "messages to one room": Rate(30, 15, N_("That's a lot of messages at once.")),
    "messages in a room": Rate(9000, MINUTE, N_("There's a lot going on here.")),
    "reactions": Rate(120, MINUTE, N_("That's a lot of reactions at once.")),
    "conversations": Rate(30, HOUR, N_("That's a lot of new conversations.")),
    "threads": Rate(30, HOUR, N_("That's a lot of new threads.")),
    "drills": Rate(120, HOUR, N_("That's a lot of practice. Take a break.")),
}
# Operation → what it counts as, beside "changes", which each counts as.
COUNTS_AS = {
    "chat.react": "reactions",
    "chat.start_conversation": "conversations",
    "chat.start_thread": "threads",
    "rolls.roll": "rolls",
    "rolls.check": "rolls",
    "rolls.reroll": "rolls",
    "rolls.run_macro": "rolls",
    "roll_requests.answer": "rolls",
    "roll_requests.ask": "roll requests",
    "chat.ask": "roll requests",
    "cast.portray": "portraits",
    "macros.save": "macros",
    "macros.copy": "macros",
    "servers.create": "servers",
    "chronicles.create": "chronicles",
    "invites.create": "invitations",
    "invites.join": "joining",
    "characters.create": "characters",
    "characters.set_portrait": "portraits",
    "servers.set_icon": "portraits",
    "conflicts.start": "conflicts",
    "episodes.plan": "sessions",
    "progress.exams.create": "exams",
    "desk.add_note": "notes",
    "progress.start_drill": "drills",
    "account.ask_download": "downloads",
    "chat.upload": "files",
}
# After Redis failed it is not asked for so long: each question would hold up its request.
AWAY = 10.0  # seconds
# A Redis that hangs must not hold up a request for longer.
ANSWERS_WITHIN = 1.0  # seconds
_away_until = 0.0


def spend_on(operation: str, person: object, door: str) -> None:
    """Count one more change by a person; what they press on a page counts as by hand too. Raises Limit."""
    names = ["changes"]
    if kind := COUNTS_AS.get(operation):
        names.append(kind)
        if door == "web" and f"{kind} by hand" in RATES:
            names.append(f"{kind} by hand")
    spend(dict.fromkeys(names, str(person)))


def spend(counted: Mapping[str, str]) -> None:
    """Count one more of each name of the table, for a person, an account or an address. Raises Limit."""
    found = _count({_key(name, who): RATES[name].seconds for name, who in counted.items()})
    for (name, who), (times, wait) in zip(counted.items(), found, strict=True):
        rate = RATES[name]
        allowed = rate.times * (1 if rate.fixed else factor(settings.THROTTLE_USER))
        if times <= allowed:
            continue
        if times == allowed + 1:
            log.warning("limit reached: %s of %.80r, %d in %d s", name, who, allowed, rate.seconds)
        raise Limit(f"{_(rate.sentence)} {try_again(wait)}", code="too_often", retry_after=wait)


def count(name: str, who: str, seconds: int) -> tuple[int, int]:
    """Count one more of what is in no table: how many there are now, and the seconds left of their window."""
    return _count({_key(name, who): seconds})[0]


@cache
def factor(rate: str) -> int:
    """How many times the table's numbers are allowed: THROTTLE_USER, the API's own limit, raises all of them."""
    times, seconds = parsed(rate)
    return max(1, times * MINUTE // seconds // USUAL)


@cache
def parsed(rate: str) -> tuple[int, int]:
    """How many times in how many seconds: `600/min`."""
    times, _, unit = rate.partition("/")
    return int(times), {"s": 1, "m": MINUTE, "h": HOUR, "d": 24 * HOUR}[unit[0]]


def _key(name: str, who: str) -> str:
    # A name that somebody typed may be long, and may be a password by mistake.
    digest = hashlib.sha256(who.encode(errors="replace")).hexdigest()[:32]
    # In braces: a Redis Cluster keeps what is counted of one person on one node, where one trip counts it.
    return f"limit:{name.replace(' ', '-')}:{{{digest}}}"


def try_again(seconds: int) -> str:
    if seconds > 2 * MINUTE:
        return _("Try again in {minutes} minutes.", minutes=ceil(seconds / MINUTE))
    return n_("Try again in {count} second.", "Try again in {count} seconds.", max(seconds, 1))


# Counters: key → seconds of its window, which begins with the first; each answers its number and the seconds left.


_SCRIPT = """
local found = {}
for i, key in ipairs(KEYS) do
  local times = redis.call('INCR', key)
  if times == 1 then redis.call('EXPIRE', key, ARGV[i]) end
  found[#found + 1] = times
  found[#found + 1] = redis.call('TTL', key)
end
return found
"""
# By which Redis knows it, once it was sent.
_SCRIPT_HASH = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()


def _count(windows: Mapping[str, int]) -> list[tuple[int, int]]:
    global _away_until
    if settings.USE_REDIS and time.monotonic() > _away_until:
        try:
            return _count_in_redis(windows)
        except REDIS_ERRORS as error:
            log.warning("limits are counted in memory: %s", error or type(error).__name__)
            _away_until = time.monotonic() + AWAY
    return [_count_in_memory(key, seconds) for key, seconds in windows.items()]


def _count_in_redis(windows: Mapping[str, int]) -> list[tuple[int, int]]:
    """In one trip, however many, below the client: 35 µs of processor time in place of 72."""
    found: dict[str, tuple[int, int]] = {}
    for keys in line(settings.REDIS_URL, ANSWERS_WITHIN).together(windows):
        seconds = [windows[key] for key in keys]
        replies = _run_script(len(keys), *(f"rod:{key}" for key in keys), *seconds)
        found |= {
            key: (times, max(left, 1))
            for key, times, left in zip(keys, replies[::2], replies[1::2], strict=True)
        }
    return [found[key] for key in windows]


def _run_script(*arguments: str | int) -> list[int]:
    redis = line(settings.REDIS_URL, ANSWERS_WITHIN)
    try:
        (replies,) = redis.exchange(["EVALSHA", _SCRIPT_HASH, *arguments])
    except NoScriptError:
        (replies,) = redis.exchange(["EVAL", _SCRIPT, *arguments])
    return list(replies)


def _count_in_memory(key: str, seconds: int) -> tuple[int, int]:
    memory, now = caches["memory"], time.time()
    if memory.add(key, 0, seconds):
        memory.set(f"{key}:ends", now + seconds, seconds)
    try:
        times = memory.incr(key)
    except ValueError:  # it ran out in this very moment
        return 1, seconds
    return times, max(ceil(memory.get(f"{key}:ends", now) - now), 1)
