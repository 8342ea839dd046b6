"""The order of stops on foot or by car, and the person-hours that a plan takes."""

from __future__ import annotations

import random
import time
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.inspections import routing
from weicheng.inspections.effort import Pace, person_hours
from weicheng.inspections.routing import Point, length_m, walk_order

points_ = st.tuples(st.floats(32.60, 32.68), st.floats(112.40, 112.52))
maybe_ = st.none() | points_


def scattered(number: int, dice: int = 1) -> list[Point]:
    chance = random.Random(dice)
    return [(32.6 + chance.random() * 0.08, 112.4 + chance.random() * 0.1) for _ in range(number)]


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres_times_the_detour() -> None:
    assert routing.distance_m((32.0, 112.0), (33.0, 112.0)) == pytest.approx(
        111_195 * 1.3, rel=1e-4
    )


def test_stops_on_one_street_are_walked_from_end_to_end() -> None:
    street: list[Point | None] = [(32.6, 112.4 + step / 1000) for step in (4, 0, 3, 1, 2)]
    assert walk_order(street, start=(32.6, 112.399)) == [1, 3, 4, 2, 0]
    assert walk_order(street, fixed_end=(32.6, 112.399)) == [0, 2, 4, 3, 1]
    assert walk_order(street) in ([1, 3, 4, 2, 0], [0, 2, 4, 3, 1])


def test_stops_without_a_position_come_last_in_the_given_order() -> None:
    stops = [None, (32.6, 112.42), None, (32.6, 112.41)]
    assert walk_order(stops, start=(32.6, 112.4)) == [3, 1, 0, 2]
    assert walk_order([None, None]) == [0, 1]
    assert walk_order([]) == []


@given(st.lists(maybe_, max_size=24), maybe_, maybe_)
@settings(max_examples=80, deadline=None)
def test_every_stop_is_visited_once_and_the_way_is_never_longer_than_the_given_one(
    stops: list[Point | None], start: Point | None, end: Point | None
) -> None:
    order = walk_order(stops, start, end)
    assert sorted(order) == list(range(len(stops)))
    given_ = length_m(stops, range(len(stops)), start, end)
    assert length_m(stops, order, start, end) <= given_ + 1 + len(stops) // 10
    assert walk_order(stops, start, end) == order


@given(st.lists(points_, min_size=1, max_size=6), maybe_, maybe_)
@settings(max_examples=60, deadline=None)
def test_few_stops_have_the_shortest_order_there_is(
    stops: list[Point], start: Point | None, end: Point | None
) -> None:
    best = min(length_m(stops, order, start, end) for order in permutations(range(len(stops))))
    assert length_m(stops, walk_order(stops, start, end), start, end) <= best + 1


@given(st.lists(points_, min_size=2, max_size=9), maybe_, maybe_)
@settings(max_examples=100, deadline=None)
def test_the_quick_search_comes_near_the_shortest_order(
    stops: list[Point], start: Point | None, end: Point | None
) -> None:
    metres = routing._matrix(stops, start, end)
    ends = (len(stops), len(stops) + 1)
    best = routing.cost([ends[0], *routing.shortest(metres), ends[1]], metres)
    quick = routing.cost([ends[0], *routing.good(metres), ends[1]], metres)
    assert best <= quick <= 1.25 * best


def test_sixty_stops_are_ordered_in_fifty_milliseconds() -> None:
    spent = []
    for dice in range(4):
        began = time.process_time()
        walk_order(scattered(60, dice), start=(32.6, 112.4))
        spent.append(time.process_time() - began)
    assert min(spent) < 0.05


def test_minutes_on_foot_and_by_car() -> None:
    assert routing.minutes_on_foot(0) == 0
    assert routing.minutes_on_foot(76) == 2
    assert routing.minutes_by_car(600, stops=2) == 2 + 6


def test_a_typical_way_over_scattered_stops_is_near_the_real_one() -> None:
    stops = scattered(200)  # 8.9 km by 9.4 km
    real = length_m(stops, walk_order(stops))
    assert routing.typical_m(200, 8.9 * 9.4) == pytest.approx(real, rel=0.2)


def test_person_hours_are_checks_stops_and_the_way_for_everybody_in_the_team() -> None:
    effort = person_hours([("market", 20), ("toilet", 10)], travel_minutes=35, persons_per_team=2)
    assert effort.site_minutes == 30 * 1.5 + 2 * 10
    assert effort.person_hours == 3.3  # (65 + 35) minutes for two
    assert (effort.stops, effort.checks) == (2, 30)
    slow = person_hours([("market", 20)], 0, 1, Pace(a_check=3, at_site={"market": 30}))
    assert slow.person_hours == 1.5
    assert person_hours([], 0, 3).person_hours == 0


def test_a_team_of_nobody_and_negative_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        person_hours([], 0, 0)
    with pytest.raises(ValueError, match="below 0"):
        person_hours([("market", -1)], 0, 2)
    with pytest.raises(ValueError, match="below 0"):
        person_hours([], -1, 2)
