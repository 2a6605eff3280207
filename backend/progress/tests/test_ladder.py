"""Boards read right: ranks 1, 2, 2, 4, one's own place and its neighbours, in few queries; who opted out is nowhere."""

import random
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from discordauth.models import CustomUser
from progress.models import NOWHERE, Board, Standing
from progress.selectors.ladder import Ladder

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
WEEK = date(2026, 11, 30)


def people(points: list[int], hidden: frozenset[int] = frozenset()) -> list[CustomUser]:
    users = CustomUser.objects.bulk_create(
        [CustomUser(username=f"player {number}") for number in range(len(points))]
    )
    Standing.objects.bulk_create(
        Standing(
            board=Board.ALL,
            user=user,
            total_points=amount,
            weekly_points=amount // 2,
            week=WEEK,
            hidden=number in hidden,
        )
        for number, (user, amount) in enumerate(zip(users, points, strict=True))
    )
    return users


def ladder(size: int = 3) -> Ladder[Any]:
    everywhere = Q(board=Board.ALL, board_id=NOWHERE, hidden__in=[False])
    return Ladder(Standing.objects.select_related("user"), everywhere, "total_points", size)


def named(pairs: list[Any]) -> list[tuple[int, int]]:
    return [(rank, row.total_points) for rank, row in pairs]


@pytest.mark.req("S001-70")
def test_ranks_are_those_of_a_competition() -> None:
    people([40, 30, 30, 10])
    assert named(ladder(9).page(1)[0]) == [(1, 40), (2, 30), (2, 30), (4, 10)]


def expected(points: list[int]) -> list[tuple[int, int]]:
    ordered = sorted((amount for amount in points if amount > 0), reverse=True)
    return [(ordered.index(amount) + 1, amount) for amount in ordered]


def test_pages_and_places_agree_with_a_plain_count() -> None:
    chosen = random.Random(13)
    for _round in range(6):
        CustomUser.objects.all().delete()
        points = [chosen.choice([0, 5, 5, 10, 10, 10, 15, 40, 90]) for _ in range(chosen.randint(1, 22))]
        hidden = frozenset(number for number in range(len(points)) if chosen.random() < 0.2)
        users = people(points, hidden)
        whole = expected([amount for number, amount in enumerate(points) if number not in hidden])
        paged: list[Any] = []
        number, more = 1, True
        while more:
            rows, more = ladder().page(number)
            paged += rows
            number += 1
        assert named(paged) == whole
        order = [row.user_id for _rank, row in paged]
        for number, user in enumerate(users):
            mine, around = ladder().around(user.pk)
            assert ladder().place_of(user.pk) == mine
            if number in hidden or points[number] < 1:
                assert (mine, around) == (None, [])
                continue
            position = order.index(user.pk)
            assert mine is not None
            assert (mine[0], mine[1].user_id) == (whole[position][0], user.pk)
            beside = slice(max(position - 2, 0), position + 3)
            assert [row.user_id for _rank, row in around] == order[beside]
            assert named(around) == whole[beside]


def test_it_takes_three_queries_at_most_however_many_there_are(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    users = people([number // 3 for number in range(3, 63)])
    for page in (1, 2, 7):
        with django_assert_max_num_queries(3):
            ladder().page(page)
            ladder().around(users[30].pk) if page == 1 else ladder().place_of(users[30].pk)
    assert ladder().page(1000) == ([], False)


def read_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        return sum(int(count) for _name, count in cursor.fetchall())


def test_mariadb_dives_to_the_neighbours_instead_of_walking_there() -> None:
    if connection.vendor != "mysql":
        pytest.skip("counts what MariaDB reads")
    user = people([number // 2 for number in range(1500)])[750]
    _rank, mine = ladder().place_of(user.pk) or pytest.fail("is on the ladder")
    before = read_rows()
    assert len(list(ladder()._beside(mine))) == 4
    assert read_rows() - before < 60
