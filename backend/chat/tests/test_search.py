"""Search finds what its reader may read, newest first, and the same on every engine; nothing else."""

from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from chat.models import Attachment, ChatMessage, Participant, PrivateConversation
from chat.operations.search import SEARCH
from chat.search import engines, find, index, slices
from chat.search.words import column, fold
from chat.tests.chat_kit import call, read, say, table
from chronicle.models import ServerChannel
from contract.chat_search import SearchMessages, SearchResults
from rules.errors import Invalid, NotFound
from rules.visibility import PRIVATE, SECRET, TABLE
from testing.personas import World
from uploads.models import StoredFile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
# What engines treat in their own way: stop words, short words, operators, marks, long words, numbers, no Latin letters.
CORPUS = [
    "The vampires of the night",
    "What was this about? With the www",
    "Vampirism, vampirische Umtriebe",
    "Straße und STRASSE",
    "naïve café, Zoë",
    "roll 3d10 vs 6 at 2024-11-30",
    "x-ray eXtra xylophone q queue quiet",
    "Ночь в городе, ёжик",
    "我们去巴黎",
    "snake_case and don't panic",
    "a " + "very" * 30 + "long word",
    "NEAR AND OR NOT null true false",
    'tilde~ star* plus+ minus- quote" paren) colon: at@ <tag> %percent% back\\slash',
]
QUERIES = [
    *("the", "vampire", "VAMPIR", "vampirism", "night vampires", "night owl", "this about", "www", "strasse"),
    *(
        "straße",
        "cafe",
        "CAFÉ",
        "zoe",
        "3d10",
        "2024",
        "xyl",
        "queue",
        "que",
        "ноч",
        "ежик",
        "Ёжик",
        "巴黎",
        "去巴",
    ),
    *("snake", "case", "dont", "don’t panic", "very" * 30, "very" * 19, "near", "and", "not null", "true"),
    *("vam*", "+night -vampires", '"night vampires"', "night OR owl", "NEAR(the night)", "vampire & !night"),
    *("night:*", "tilde~", "percent%", "back\\slash", "'; DROP TABLE chat_messages; --", "night) OR 1=1 --"),
    *("search:night", "{night}", "^night", "@1 night", "xnight", "qqueue", "ire", "ight"),
]


def search(world: World, who: str, **given: object) -> SearchResults:
    return SEARCH.run(call(world, who), SearchMessages.model_validate(given))


def texts(found: SearchResults) -> list[str]:
    return [result.message.text for result in found.results]


def expected(query: str, corpus: list[str]) -> list[str]:
    """What each engine has to find, in plain Python."""
    wanted = [word for word in fold(query) if len(word) >= 3 or not word.isascii()]
    return [
        text for text in reversed(corpus) if all(any(w.startswith(q) for w in fold(text)) for q in wanted)
    ]


@pytest.mark.req("S003-70", "S003-60")
def test_a_corpus_of_queries_finds_the_same_on_every_engine(world: World) -> None:
    for text in CORPUS:
        say(world, "mira", text)
    for query in QUERIES:
        found = expected(query, CORPUS)
        assert texts(search(world, "jonas", q=query, limit=100)) == found, query
        # What is said all the time is found among the last messages, without the index.
        assert texts(search(world, "jonas", q=query, limit=1)) == found[:1], query
    assert ChatMessage.objects.count() == len(CORPUS)


@pytest.mark.req("S003-70")
def test_edits_and_deletions_are_followed_at_once(world: World) -> None:
    said = say(world, "mira", "a crimson owl")
    ChatMessage.objects.filter(pk=said.id).update(content="a grey bat", search=column("a grey bat"))
    assert texts(search(world, "jonas", q="crimson")) == []
    assert texts(search(world, "jonas", q="grey bat")) == ["a grey bat"]
    ChatMessage.objects.filter(pk=said.id).update(deleted_at=timezone.now())
    assert texts(search(world, "vesna", q="grey")) == []
    ChatMessage.objects.filter(pk=said.id).update(deleted_at=None, search="")
    assert texts(search(world, "jonas", q="grey")) == []
    ChatMessage.objects.filter(pk=said.id).update(search=column("a grey bat"))
    assert texts(search(world, "jonas", q="grey")) == ["a grey bat"]
    ChatMessage.objects.filter(pk=said.id).delete()
    assert texts(search(world, "jonas", q="grey")) == []


@pytest.mark.req("S003-70")
def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_double(world: World) -> None:
    for number in range(25):
        say(world, "mira", f"owl number {number}")
    seen, cursor = [], ""
    while True:
        found = search(world, "jonas", q="owl", limit=7, before=cursor)
        seen += texts(found)
        cursor = found.next
        if not cursor:
            break
    assert seen == [f"owl number {number}" for number in reversed(range(25))]


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word is one that is said all the time, and only a few messages are read at once."""
    monkeypatch.setattr(find, "MOST_HITS", 0)
    monkeypatch.setattr(find, "MOST_NEAR", 2)
    monkeypatch.setattr(slices, "MOST_IN_SLICE", 3)


def spread(world: World, times: list[timedelta]) -> None:
    """Messages in two channels, so long ago; every third one has no owl."""
    places = list(ServerChannel.objects.filter(server=world.server).exclude(kind=4)[:2])
    assert len(places) == 2
    ChatMessage.objects.bulk_create(
        _row(
            places[number % 2].pk,
            number + 1,
            server=world.server,
            channel=places[number % 2],
            user=world.mira,
            content=f"{'bat' if number % 3 == 0 else 'owl'} {number}",
            search=column(f"{'bat' if number % 3 == 0 else 'owl'} {number}"),
            created_at=timezone.now() - ago,
        )
        for number, ago in enumerate(times)
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_common_word_is_found_step_by_step_without_gap_or_double(
    world: World, monkeypatch: pytest.MonkeyPatch, common: None, seed: int
) -> None:
    monkeypatch.setattr(slices, "MOST_READ", 5)
    chance = Random(seed)
    # Bursts at the same second, and years in which nothing was said.
    times = [timedelta(seconds=chance.choice([5, 5, 90, 7_000, 90_000, 10**7, 2 * 10**8])) for _ in range(40)]
    spread(world, times)
    seen: list[str] = []
    cursor, pages, empty = "", 0, 0
    while pages < 100:
        found = search(world, "olga", q="owl", server=world.server.pk, limit=4, before=cursor)
        seen, pages, cursor = seen + texts(found), pages + 1, found.next
        empty += not found.results
        if not cursor:
            break
    rows = ChatMessage.objects.filter(content__startswith="owl").order_by("-created_at", "-pk")
    assert seen == list(rows.values_list("content", flat=True))
    between = {"since": timezone.now() - timedelta(days=2), "until": timezone.now() - timedelta(seconds=60)}
    monkeypatch.setattr(slices, "MOST_READ", 1000)
    page = search(world, "olga", q="owl", server=world.server.pk, limit=100, **between)
    inside = rows.filter(created_at__gte=between["since"], created_at__lt=between["until"])
    assert (texts(page), page.next) == (list(inside.values_list("content", flat=True)), "")


def test_where_a_common_word_was_not_said_for_long_its_page_says_that_there_is_more(
    world: World, monkeypatch: pytest.MonkeyPatch, common: None
) -> None:
    monkeypatch.setattr(slices, "MOST_READ", 9)
    spread(world, [timedelta(days=number) for number in range(30)])
    ChatMessage.objects.filter(content__startswith="owl", seq__lt=25).update(search="xbat", content="bat")
    first = search(world, "olga", q="owl", server=world.server.pk)
    assert first.results == []
    cursor, pages = first.next, [first]
    while cursor and len(pages) < 9:
        pages.append(search(world, "olga", q="owl", server=world.server.pk, before=cursor))
        cursor = pages[-1].next
    assert not cursor
    assert [text for page in pages for text in texts(page)] == ["owl 25", "owl 26", "owl 28", "owl 29"]


@pytest.mark.parametrize("words", [["xowl"], ["xowl", "xnumber"]])
def test_the_engine_counts_no_further_than_it_is_asked_to(world: World, words: list[str]) -> None:
    for number in range(5):
        say(world, "mira", f"owl number {number}")
    assert [engines.count(words, most) for most in (3, 5, 9)] == [3, 5, 5]
    assert engines.count(["xbat"], 3) == 0


@pytest.mark.parametrize(
    "cursor", ["0", "00000000-0000-7000-8000-000000000000", "-", "f" * 36, "-" + "f" * 35]
)
def test_a_cursor_that_leads_nowhere_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(Invalid):
        search(world, "jonas", q="owl", before=cursor)


@pytest.mark.req("S003-70")
def test_filters_by_person_time_and_what_a_message_has(world: World) -> None:
    first, second = say(world, "mira", "an owl"), say(world, "jonas", "an owl too")
    third = say(world, "mira", "an owl at last")
    ChatMessage.objects.filter(pk=third.id).update(kind="roll")
    week = timezone.now() - timedelta(days=7)
    ChatMessage.objects.filter(pk=first.id).update(created_at=week)
    for message, kind in ((first, "image/webp"), (second, "text/plain")):
        stored = StoredFile.objects.create(path=f"{message.id}", media_type=kind, size=1)
        Attachment.objects.create(message_id=message.id, stored=stored, name="a", content_type=kind, size=1)
    cases = [
        ({"author": world.mira.pk}, ["an owl at last", "an owl"]),
        ({"author": world.jonas.pk, "q": "owl"}, ["an owl too"]),
        ({"since": week + timedelta(days=1)}, ["an owl at last", "an owl too"]),
        ({"until": week + timedelta(days=1), "q": "owl"}, ["an owl"]),
        ({"has_picture": True}, ["an owl"]),
        ({"has_file": True}, ["an owl too", "an owl"]),
        ({"has_roll": True, "room": table().pk}, ["an owl at last"]),
        ({"has_roll": True, "author": world.jonas.pk}, []),
    ]
    for given, found in cases:
        assert texts(search(world, "jonas", **given)) == found, given


def test_nothing_asked_for_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        search(world, "jonas")
    with pytest.raises(Invalid):
        search(world, "jonas", q="   ", room=table().pk)


def test_where_one_may_not_look_there_is_nothing(world: World, browser: type[Client]) -> None:
    say(world, "mira", "an owl")
    for given in (
        {"room": table().pk},
        {"server": table().server_id},
        {"room": uuid4()},
        {"server": uuid4()},
    ):
        with pytest.raises(NotFound):
            search(world, "sam", q="owl", **given)
    assert texts(search(world, "sam", q="owl")) == []
    with pytest.raises(NotFound):
        search(world, "mira", q="owl", room=table().pk, server=world.other_server.pk)


def test_over_rest_a_query_is_read_from_the_address(world: World, browser: type[Client]) -> None:
    say(world, "mira", "an owl")
    answer = browser("jonas").get("/api/chat/search/", {"q": "OW owl", "has_roll": "false"})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["words"], body["ignored"], body["next"]) == (["owl"], ["ow"], "")
    (found,) = body["results"]
    assert (found["message"]["text"], found["room"]["kind"]) == ("an owl", "channel")
    refused = browser("jonas").get("/api/chat/search/", {"q": "ow"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["q"])


def _row(room: UUID, seq: int, **columns: object) -> ChatMessage:
    return ChatMessage(room=room, seq=seq, changed=seq, **{"created_at": timezone.now()} | columns)


@pytest.mark.req("S003-70")
@pytest.mark.parametrize("seed", range(8))
def test_nobody_finds_what_they_may_not_read_and_everybody_finds_the_rest(
    world: World, request: pytest.FixtureRequest, seed: int
) -> None:
    if seed % 2:
        request.getfixturevalue("common")
    chance, people = Random(seed), ["mira", "jonas", "vesna", "sam"]
    channels = list(ServerChannel.objects.exclude(kind=4).select_related("server"))
    for channel in channels:
        ServerChannel.objects.filter(pk=channel.pk).update(is_private=chance.random() < 0.3)
    talk = PrivateConversation.objects.create(name="two")
    for who in ("mira", "sam"):
        Participant.objects.create(conversation=talk, user=getattr(world, who), since=chance.choice([0, 20]))
    rows = []
    for number in range(60):
        writer = getattr(world, chance.choice(people))
        channel = chance.choice([*channels, None])
        where = {"channel": channel, "server": channel.server} if channel else {"conversation": talk}
        level = chance.choice([TABLE, TABLE, PRIVATE, SECRET]) if channel else TABLE
        owner = getattr(world, chance.choice(people)) if level == PRIVATE else writer
        text = f"owl {chance.choice(['red', 'blue'])} {number}"
        rows.append(
            _row(
                channel.pk if channel else talk.pk,
                number + 1,
                **where,
                user=writer,
                content=text,
                search=column(text),
                visibility=int(level),
                owner=owner.pk,
                deleted_at=timezone.now() if chance.random() < 0.2 else None,
            )
        )
    ChatMessage.objects.bulk_create(rows)
    for who in people:
        found = set(texts(search(world, who, q="owl red", limit=100)))
        assert found == {row.content for row in rows if "red" in row.content and reads(world, who, row)}, who


def reads(world: World, who: str, row: ChatMessage) -> bool:
    """Whether the page of its room would show it to them: asked one by one, by the rights themselves."""
    from chat.rooms import find_room, level_in
    from chronicle.rights import can

    principal, room = world.principal(who), find_room(row.room)
    if row.deleted_at or room is None or not can(principal, f"{room.kind}.view", room.subject):
        return False
    member = Participant.objects.filter(conversation=row.conversation_id, user=principal.id).first()
    if row.conversation_id and (member is None or row.seq <= member.since):
        return False
    if room.server_id and not principal.user.memberships.filter(server=room.server_id).exists():
        return False
    level = level_in(principal, room)
    return row.visibility <= level or (row.visibility == PRIVATE and row.owner == principal.id)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of this engine alone")
def test_triggers_that_a_migration_left_behind_come_back_with_all_that_was_written(world: World) -> None:
    say(world, "mira", "a red owl")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER chat_search_put")
    say(world, "mira", "a blue owl")
    assert texts(search(world, "jonas", q="owl")) == ["a red owl"]
    index.keep(None, "default")
    say(world, "mira", "a green owl")
    assert texts(search(world, "jonas", q="owl")) == ["a green owl", "a blue owl", "a red owl"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chat_search_words (chat_search_words) VALUES ('integrity-check')")


def test_a_page_around_a_date_begins_where_that_day_does(world: World) -> None:
    said = [say(world, "mira", f"owl {number}") for number in range(6)]
    first_day, second_day = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=3)
    for place, message in enumerate(said):
        day = first_day if place < 3 else second_day
        ChatMessage.objects.filter(pk=message.id).update(created_at=day + timedelta(minutes=place))
    for at, shown in (
        (second_day, ["owl 1", "owl 2", "owl 3", "owl 4"]),
        (first_day - timedelta(days=1), ["owl 0", "owl 1"]),
        (timezone.now(), ["owl 4", "owl 5"]),
    ):
        page = read(world, "jonas", at=at, limit=4)
        assert [message.text for message in page.results] == shown
