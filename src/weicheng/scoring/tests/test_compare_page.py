"""Places stand beside each other only among their like; persons never."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import site, with_sheets

from weicheng.inspections import acts
from weicheng.people.models import SiteParty
from weicheng.scoring import comparison_page
from weicheng.scoring.asking import asked
from weicheng.scoring.comparison_page import COMMUNITIES, KINDS, TOWNS, TYPES, UNITS, compare_page

pytestmark = pytest.mark.django_db


def _town(d: District, name: str, code: str) -> None:
    d.region(name, "town", code, "凤凰区")
    d.region(f"{name}一社区", "community", f"{code}001", name)


def _sites(d: District, where: str, n: int, bad: int, kind: str = "estate") -> None:
    """So many looked-at sites, the first of them with a failed check."""
    now = timezone.now() - timedelta(hours=2)
    for number in range(n):
        place = site(d, f"{where}{kind}{number}", kind, where)
        failed = (f"{kind}-01",) if number < bad else ()
        look = acts.Look(site=place, failed=failed)
        told = acts.Reported(occurred_at=now, now=now)
        acts.record_visit(by=d.users["检查员"], look=look, op_id=op(), reported=told)


@pytest.fixture
def towns(district: District) -> District:
    """Two streets, well looked at; one town, and one street that was hardly looked at."""
    with_sheets(district)
    for name, code in (("东街道", "990102201"), ("西街道", "990102202"), ("北街道", "990102203")):
        _town(district, name, code)
    _sites(district, "东街道一社区", 10, 1)
    _sites(district, "西街道一社区", 10, 10)
    _sites(district, "北街道一社区", 3, 0)
    _sites(district, "张家沟社区", 9, 3)
    return district


def _page(d: District, kind: str, **given: str) -> Any:
    question = asked(d.office, given)
    assert question is not None
    return compare_page(question, d.office, kind)


def _named(page: Any, name: str) -> Any:
    return next(group for group in page.groups if group.name == name)


def test_a_street_is_never_placed_beside_a_town(towns: District) -> None:
    page = _page(towns, TOWNS)
    streets, rural = _named(page, "街道"), _named(page, "乡镇")
    assert [row.name for row in streets.rows] == ["东街道", "西街道"]
    assert [row.rank for row in streets.rows] == [1, 2]
    assert [row.name for row in rural.rows] == ["红叶镇"]
    first = streets.rows[0]
    assert first.low <= first.mean <= first.high
    assert first.n == 10


def test_what_was_hardly_looked_at_is_listed_without_a_rank(towns: District) -> None:
    site(towns, "石桥小区", region="石桥镇")
    few = _named(_page(towns, TOWNS), "街道").few
    assert [(row.name, row.n, row.rank) for row in few] == [("北街道", 3, None)]
    assert "石桥镇" in [row.name for row in _named(_page(towns, TOWNS), "乡镇").few]


def test_places_that_cannot_be_told_apart_share_a_rank(district: District) -> None:
    with_sheets(district)
    for name, code, bad in (("东街道", "990102201", 2), ("西街道", "990102202", 3)):
        _town(district, name, code)
        _sites(district, f"{name}一社区", 10, bad)
    rows = _named(_page(district, TOWNS), "街道").rows
    assert [row.rank for row in rows] == [1, 1]
    assert all(row.is_tied for row in rows)


def test_a_place_with_other_kinds_of_sites_has_no_rank_until_one_kind_is_chosen(
    towns: District,
) -> None:
    _town(towns, "南街道", "990102204")
    _sites(towns, "南街道一社区", 9, 0, "toilet")
    group = _named(_page(towns, TOWNS), "街道")
    odd = next(row for row in group.rows if row.name == "南街道")
    assert (odd.rank, odd.is_alike) == (None, False)
    assert group.is_bent
    only = _named(_page(towns, TOWNS, type="estate"), "街道")
    assert not only.is_bent
    assert "南街道" not in [row.name for row in only.rows]


def test_a_sponsor_shares_the_result_of_its_compounds(towns: District) -> None:
    for place in towns.sites.values():
        if place.name.startswith("西街道"):
            SiteParty.objects.create(site=place, unit=towns.units["档案局"], part="sponsor")
    rows = _named(_page(towns, UNITS), "包保单位").rows
    west = next(r for r in _named(_page(towns, TOWNS), "街道").rows if r.name == "西街道")
    assert [(row.name, row.n, row.mean) for row in rows] == [("档案局", 10, west.mean)]


def test_villages_and_communities_and_types_stand_apart(towns: District) -> None:
    _town(towns, "山口镇", "990102205")
    towns.region("山口村", "community", "990102205002", "山口镇")
    _sites(towns, "山口村", 8, 0)
    names = {group.name for group in _page(towns, COMMUNITIES).groups}
    assert {"社区", "村"} <= names
    assert not _page(towns, TYPES).ranked


def test_a_day_before_the_visits_knows_none_of_them(towns: District) -> None:
    before = (timezone.localdate() - timedelta(days=3)).isoformat()
    page = _page(towns, TOWNS, on=before)
    assert page.seen == 0
    assert not any(group.rows for group in page.groups)


def test_the_page_says_nothing_about_persons(client: Client, towns: District) -> None:
    sign_in(client, towns.office)
    for kind in KINDS:
        page = client.get(reverse("scoring:compare"), {"of": kind}).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert not [name for name in towns.people if name in main]
    code = Path(comparison_page.__file__).read_text("utf-8")
    assert not re.search(r"Person\b|inspector|\.person", code)


def test_an_odd_question_is_answered_with_a_sentence(client: Client, towns: District) -> None:
    sign_in(client, towns.office)
    page = client.get(reverse("scoring:compare"), {"of": "persons", "on": "gestern"})
    assert page.status_code == 200
    assert "下面比的是镇街" in page.content.decode()


def test_nobody_below_the_region_opens_it(client: Client, towns: District) -> None:
    for name in ("环卫局", "红叶镇", "张家沟", "档案局", "管理员"):
        sign_in(client, towns.users[name])
        assert client.get(reverse("scoring:compare")).status_code == 404


def test_more_places_ask_no_more_questions(client: Client, towns: District) -> None:
    sign_in(client, towns.office)
    for kind in KINDS:
        client.get(reverse("scoring:compare"), {"of": kind})
    counts = []
    for grow in (False, True):
        if grow:
            _town(towns, "中街道", "990102206")
            _sites(towns, "中街道一社区", 9, 2)
        for kind in KINDS:
            with CaptureQueriesContext(connection) as asked_now:
                client.get(reverse("scoring:compare"), {"of": kind})
            counts.append(len(asked_now))
    assert counts[:4] == counts[4:]
