"""Sockets that come at once are loaded together; each still gets its own value."""

import asyncio
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib import auth
from django.db import OperationalError, connection

from delivery.database import Database
from delivery.source import SourceUnavailable
from gateway import credentials
from gateway.batching import MAX_BATCH, Batcher
from gateway.credentials import Credentials
from testing.personas import found_world


@pytest.fixture
async def database():
    database = Database(2)
    yield database
    await database.stop()


def spawn(work):
    return asyncio.get_running_loop().create_task(work)


async def test_keys_of_one_moment_are_loaded_together(database):
    batches = []

    def double(numbers):
        batches.append(list(numbers))
        return [2 * number for number in numbers]

    batcher = Batcher(database, spawn, double)
    assert await asyncio.gather(*map(batcher.load, range(10))) == [2 * number for number in range(10)]
    assert batches == [list(range(10))]


async def test_who_comes_meanwhile_waits_and_no_batch_is_too_large(database):
    batches = []

    def note(numbers):
        batches.append(list(numbers))
        return list(numbers)

    batcher = Batcher(database, spawn, note)
    first = spawn(batcher.load(-1))
    await asyncio.sleep(0)
    await asyncio.gather(first, *map(batcher.load, range(MAX_BATCH + 20)))
    assert [number for batch in batches for number in batch] == [-1, *range(MAX_BATCH + 20)]
    assert max(map(len, batches)) <= MAX_BATCH
    assert len(batches) <= 4


async def test_one_that_leaves_takes_no_value_along(database):
    batcher = Batcher(database, spawn, lambda numbers: list(numbers))
    leaver, stayer = spawn(batcher.load(1)), spawn(batcher.load(2))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await stayer == 2


async def test_trouble_reaches_everybody_and_the_next_may_try_again(database):
    answers = [SourceUnavailable("gone"), ["well"]]

    def load_many(keys):
        values = answers.pop(0)
        if isinstance(values, Exception):
            raise values
        return values

    batcher = Batcher(database, spawn, load_many)
    results = await asyncio.gather(batcher.load("a"), batcher.load("b"), return_exceptions=True)
    assert [type(result) for result in results] == [SourceUnavailable] * 2
    assert await batcher.load("c") == "well"


def sign_in(user, **changes):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    held = {
        auth.SESSION_KEY: str(user.pk),
        auth.BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        auth.HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    store.update(held | changes)
    store.create()
    return Credentials("cookie", store.session_key)


@pytest.mark.django_db
def test_each_credential_gets_its_own_identity(django_assert_num_queries):
    world = found_world()
    offers = [sign_in(world.mira), sign_in(world.jonas), Credentials("none", ""), sign_in(world.mira)]
    with django_assert_num_queries(1):  # the sessions are in the cache, as after a login
        known = credentials.identify_all(offers)
    assert [identity and identity[0].user_id for identity in known] == [
        str(world.mira.pk),
        str(world.jonas.pk),
        None,
        str(world.mira.pk),
    ]
    assert known[0][1] == world.mira.as_person()
    assert [identity and identity[0].session_key for identity in known] == [
        offers[0].value,
        offers[1].value,
        None,
        offers[3].value,
    ]


@pytest.mark.django_db
def test_a_session_that_no_longer_counts_opens_nothing_and_harms_nobody():
    world = found_world()
    closed = world.sam
    offers = [
        sign_in(world.mira, **{auth.HASH_SESSION_KEY: "of an older password"}),
        sign_in(world.mira, **{auth.BACKEND_SESSION_KEY: "somebody.elses.Backend"}),
        sign_in(closed),
        Credentials("cookie", "nobody00nobody00nobody00nobody00"),
        Credentials("cookie", "short"),
        Credentials("cookie", "with blanks and \x00 in it, and far too long for a key" * 5),
        sign_in(world.jonas),
    ]
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    known = credentials.identify_all(offers)
    assert [identity is not None for identity in known] == [False] * 6 + [True]


@pytest.mark.django_db
def test_a_session_that_the_cache_forgot_is_read_from_the_database():
    from django.core.cache import cache

    world = found_world()
    offer = sign_in(world.mira)
    cache.clear()
    (known,) = credentials.identify_all([offer])
    assert known[0].user_id == str(world.mira.pk)


class Fails:
    """Work on a database that fails so many times; it uses the connection, as all work does."""

    def __init__(self, times):
        self.times = times
        self.calls = 0

    def __call__(self):
        connection.ensure_connection()
        self.calls += 1
        if self.calls <= self.times:
            raise OperationalError("server has gone away")
        return "done"


@pytest.mark.django_db(transaction=True)
async def test_a_connection_that_died_unnoticed_is_replaced_once():
    database = Database(1)
    with pytest.raises(SourceUnavailable):  # the first of a thread has a new connection: nothing to blame
        await database.run(Fails(1))
    assert await database.run(Fails(0)) == "done"
    once, twice = Fails(1), Fails(2)
    assert await database.run(once) == "done"
    with pytest.raises(SourceUnavailable):
        await database.run(twice)
    assert (once.calls, twice.calls) == (2, 2)
    await database.stop()
