"""What may be the same matter: by place, words and time; only what the reader may see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from bench.duplicates import NOW, measure
from bench.planted import pairs
from django.db import connection
from django.utils import timezone
from tests.district import District, filed, handed_in, make_district, op

from weicheng.problems import acts, duplicates
from weicheng.problems.models import Problem

HERE = (34.2601, 108.9401)
METRE = 1 / 111_320


@pytest.fixture
def city(district: District) -> District:
    """The small city."""
    return district


def seen(d: District, who: str = "创卫办", **changes: Any) -> list[duplicates.Candidate]:
    """What is shown for a find of an overflowing bin at the seventh building."""
    finding = acts.Finding(**{
        "kind": d.kinds["bin"], "site": d.sites["张家沟小区"], "description": "7号楼下桶满了",
        **changes,
    })  # fmt: skip
    now = timezone.now()
    return duplicates.candidates(duplicates.of_finding(finding, now), d.users[who], now)


@pytest.mark.django_db
def test_the_same_sight_in_other_words_is_found(city: District) -> None:
    first = filed(city, description="七号楼旁垃圾桶满溢")
    assert [c.problem for c in seen(city)] == [first]
    assert seen(city, description="2号楼下桶满了") == []


@pytest.mark.django_db
def test_a_kind_of_another_group_is_another_matter(city: District) -> None:
    filed(city, description="7号楼下桶满了")
    assert len(seen(city)) == 1
    city.kinds["road"].group_zh = "道路"
    city.kinds["road"].save()
    from weicheng.problems import catalogue

    catalogue.forget()
    assert seen(city, kind=city.kinds["road"]) == []


@pytest.mark.django_db
def test_distance_is_told_in_metres_and_counts_by_the_radius_of_the_kind(city: District) -> None:
    road: dict[str, Any] = {"site": None, "region": city.regions["张家沟社区"], "place": "河边"}
    filed(city, latitude=HERE[0], longitude=HERE[1], **road)
    near = seen(city, latitude=HERE[0] + 20 * METRE, longitude=HERE[1], **{**road, "place": "桥下"})
    assert [c.metres for c in near] == [20]
    assert not seen(city, latitude=HERE[0] + 95 * METRE, longitude=HERE[1], **road)


@pytest.mark.django_db
def test_across_the_border_of_a_community_the_position_counts(city: District) -> None:
    filed(city, site=None, region=city.regions["石桥镇"], place="桥头", latitude=HERE[0],
          longitude=HERE[1])  # fmt: skip
    there: dict[str, Any] = {"site": None, "region": city.regions["张家沟社区"], "place": "河边"}
    assert len(seen(city, latitude=HERE[0], longitude=HERE[1], **there)) == 1
    assert not seen(city, **there)


@pytest.mark.django_db
def test_what_was_closed_within_sixty_days_is_shown_and_older_is_not(city: District) -> None:
    problem = handed_in(city)
    Problem.objects.filter(pk=problem.pk).update(level="picture")
    acts.pass_fix(problem=problem, by=city.office, op_id=op())
    assert [c.closed for c in seen(city)] == [True]
    Problem.objects.filter(pk=problem.pk).update(closed_at=timezone.now() - timedelta(days=61))
    assert seen(city) == []


@pytest.mark.django_db
def test_nobody_is_shown_what_he_may_not_see(city: District) -> None:
    filed(city)
    assert len(seen(city, "创卫办")) == 1
    assert len(seen(city, "张家沟")) == 1
    for stranger in ("联通", "石桥镇", "临江创卫办", "管理员"):
        assert seen(city, stranger) == [], stranger


@pytest.mark.django_db
def test_looking_costs_two_queries_however_much_there_is(
    city: District, django_assert_num_queries: Any
) -> None:
    seen(city)  # memories are filled
    for _n in range(6):
        filed(city)
    finding = acts.Finding(kind=city.kinds["bin"], site=city.sites["张家沟小区"],
                           latitude=HERE[0], longitude=HERE[1])  # fmt: skip
    matter, now = duplicates.of_finding(finding, timezone.now()), timezone.now()
    city.office.scopes()
    with django_assert_num_queries(2):
        assert len(duplicates.candidates(matter, city.office, now)) == duplicates.MOST


@pytest.mark.django_db(transaction=True)
def test_two_who_file_the_same_at_once_both_succeed_and_the_office_sees_it() -> None:
    d, gate = make_district(), Barrier(2)

    def file_one(who: str) -> Problem:
        gate.wait()
        try:
            return filed(d, by=d.users[who], description="7号楼下桶满了")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(file_one, ("检查员", "张家沟")))
    assert Problem.objects.count() == 2
    first, second = sorted(both, key=lambda p: p.number)
    matter, now = duplicates.of_problem(second), timezone.now()
    assert [c.problem for c in duplicates.candidates(matter, d.office, now)] == [first]


def test_on_planted_pairs_little_is_missed_and_little_is_mistaken() -> None:
    found = measure(pairs(120, seed=11, now=NOW), duplicates.THRESHOLD)
    assert found.recall >= 0.93, found
    assert found.precision >= 0.82, found
