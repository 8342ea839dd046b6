"""Duties, the queue of verification and the long lists, as people read them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.desk import at_desk, card
from tests.district import District, dispatched, filed, handed_in, in_hours, op, picture

from weicheng.frame import navigation
from weicheng.problems import acts
from weicheng.problems.models import Event, Obligation, Problem

pytestmark = pytest.mark.django_db
LIST_QUERIES = 6


# --- duties and verification


def test_a_unit_reads_what_it_owes_by_time_left(district: District) -> None:
    late, soon = dispatched(district), dispatched(district)
    Obligation.objects.filter(problem=late).update(due_at=in_hours(-3))
    Obligation.objects.filter(problem=soon).update(due_at=in_hours(60))
    waiting = handed_in(district)
    page = at_desk(district.users["环卫局"]).get(reverse("problems:mine")).content.decode()
    assert page.index("超期") < page.index(late.number) < page.index("三天内")
    assert page.index("三天内") < page.index(soon.number) < page.index("等别人")
    assert waiting.number in page.split("等别人")[1]


def test_the_office_opens_the_duties_of_any_unit(district: District) -> None:
    problem = dispatched(district)
    address = reverse("problems:unit_todo", args=[district.units["环卫局"].pk])
    page = at_desk(district.office).get(address).content.decode()
    assert problem.number in page
    assert "代录整改" in page
    assert at_desk(district.users["环卫局"]).get(address).status_code == 404
    assert at_desk(district.users["临江创卫办"]).get(address).status_code == 404


def test_the_queue_says_who_may_not_verify(district: District) -> None:
    problem = handed_in(district)
    page = at_desk(district.users["借调"]).get(reverse("problems:check")).content.decode()
    assert problem.number in page
    assert "请换一位与整改单位无关的人验收" in page


def test_what_was_fixed_on_the_spot_is_passed_in_bulk_and_taken_back(district: District) -> None:
    finding = acts.Finding(
        kind=district.kinds["bin"], site=district.sites["张家沟小区"], photos=[picture("a")]
    )
    rows = [
        acts.fix_on_spot(
            finding=finding,
            after=[picture("b", purpose="after")],
            by=district.users["张家沟"],
            op_id=op(),
        )
        for _n in range(3)
    ]
    client = at_desk(district.office)
    chosen = [f"{row.pk}:{op()}" for row in rows]
    client.post(reverse("problems:check_pass"), {"chosen": chosen})
    assert Problem.objects.filter(status="done").count() == 3
    assert Event.objects.filter(act="pass_fix").values("operation").distinct().count() == 3
    page = client.get(reverse("problems:check")).content.decode()
    assert "通过3件即查即改" in page
    client.post(reverse("problems:check_undo"), {"pairs": " ".join(chosen)})
    assert Problem.objects.filter(status="check").count() == 3


def test_a_picture_is_seen_by_whoever_sees_its_problem(district: District) -> None:
    photo = picture("a")
    filed(district, photos=[photo])
    address = reverse("evidence:serve", args=[photo.pk, "thumb"])
    assert at_desk(district.office).get(address).status_code == 200
    assert at_desk(district.users["临江创卫办"]).get(address).status_code == 404


# --- lists


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("创卫办", "/problems/"),
        ("创卫办", "/problems/?flag=late"),
        ("创卫办", "/problems/?q=小区"),
        ("张家沟", "/problems/?status=open"),
        ("红叶镇", "/problems/"),
        ("环卫局", "/mine/"),
        ("创卫办", "/check/"),
        ("创卫办", "/check/?only=spot"),
    ],
)
def test_a_list_page_asks_at_most_six_times(
    district: District,
    django_assert_max_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    address: str,
) -> None:
    """Session, account, posts and scopes included; the figures of the menu are other rooms'."""
    monkeypatch.setattr(navigation, "COUNTERS", {})
    for kind in ("bin", "road", "bin"):
        dispatched(district, kind)
        handed_in(district, kind)
    client = at_desk(district.users[who])
    client.get(address)  # regions, units and kinds come into memory
    with django_assert_max_num_queries(LIST_QUERIES):
        assert client.get(address).status_code == 200


def test_a_list_is_read_on_by_its_key_without_gaps_or_repeats(district: District) -> None:
    from weicheng.problems import lists
    from weicheng.problems.lists import Wanted

    made = {filed(district).pk for _n in range(7)}
    for wanted in (Wanted(), Wanted(oldest=True), Wanted(status="open")):
        seen, after = [], ""
        while True:
            page = lists.page(district.users["红叶镇"], wanted, after=after, size=3)
            seen += [row.pk for row in page.rows]
            after = page.after
            if not after:
                break
        assert len(seen) == 7
        assert set(seen) == made
    back = lists.page(district.office, Wanted(), before=page.before, size=3)
    assert len(back.rows) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("status=run", True),
        ("status=new", False),
        ("flag=late", False),
        ("kind=bin", True),
        ("kind=road", False),
        ("q=张家沟", True),
        ("q=没有的地方", False),
        ("flag=void", False),
        ("status=open&kind=bin", True),
        ("unit=环卫局", True),
        ("unit=联通", False),
    ],
)
def test_the_address_is_the_filter(district: District, query: str, found: bool) -> None:
    problem = dispatched(district)
    page = at_desk(district.office).get(f"/problems/?{query}").content.decode()
    assert (problem.number in page) is found


def test_a_region_narrows_the_list_but_never_widens_it(district: District) -> None:
    problem = dispatched(district)
    inside, other = district.regions["红叶镇"].pk, district.regions["石桥镇"].pk
    client = at_desk(district.office)
    assert problem.number in client.get(f"/problems/?region={inside}").content.decode()
    assert problem.number not in client.get(f"/problems/?region={other}").content.decode()
    stranger = at_desk(district.users["经信局"])
    assert problem.number not in stranger.get(f"/problems/?region={inside}").content.decode()


def test_a_voided_problem_is_found_only_among_the_voided(district: District) -> None:
    problem = filed(district)
    acts.void(problem=problem, words="录错", by=district.office, op_id=op())
    client = at_desk(district.office)
    assert problem.number not in client.get("/problems/").content.decode()
    assert problem.number in client.get("/problems/?flag=void").content.decode()
    assert "作废" in card(client, problem)


def test_places_are_found_by_a_few_characters(district: District) -> None:
    answer = at_desk(district.users["检查员"]).get("/problems/look/places/", {"q": "张家"})
    assert [p["name"] for p in answer.json()["places"]] == ["张家沟小区"]
    stranger = at_desk(district.users["临江创卫办"]).get("/problems/look/places/", {"q": "张家"})
    assert stranger.json()["places"] == []
