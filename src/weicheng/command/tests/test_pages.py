"""Today, search, sites and units: what they say, to whom, and in how many queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.district import dispatched, filed, handed_in, in_hours, op, sign_in

from weicheng.command.finding import find
from weicheng.command.today import today
from weicheng.people.directory import directory, forget
from weicheng.people.models import Person, Unit
from weicheng.places.models import Gate, Region, Site
from weicheng.places.pinyin import key
from weicheng.problems import acts
from weicheng.problems.models import Party, Problem

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District


@pytest.fixture
def named(district: District) -> District:
    """The district with pinyin keys on everything."""
    for model in (Site, Unit, Region):
        for row in model.objects.all():
            row.pinyin = key(row.name)
            row.save(update_fields=["pinyin"])
    forget()
    directory()
    return district


def late(d: District, hours: float = 50, **changes: Any) -> Problem:
    """A problem whose unit is late."""
    problem = dispatched(d, **changes)
    Problem.objects.filter(pk=problem.pk).update(due_at=in_hours(-hours))
    Party.objects.filter(problem=problem).update(due_at=in_hours(-hours))
    return problem


def text(client: Client, name: str, *args: Any, **query: str) -> str:
    """A page as text."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


# today


def test_the_leader_reads_who_is_late_with_head_and_phone_and_never_a_person_count(
    client: Client, district: District
) -> None:
    late(district)
    head = Person.objects.create(name="崔×", phone="15400000001")
    Unit.objects.filter(name="环卫局").update(head=head)
    found = text(sign_in(client, district.users["指挥长"]), "command:today")
    assert "1件超期，环卫局最多，有1件。" in found
    assert "最长2天" in found
    assert "崔×" in found
    assert "tel:15400000001" in found


def test_each_figure_equals_the_list_behind_it(client: Client, district: District) -> None:
    filed(district)
    late(district)
    handed_in(district)
    soon = dispatched(district)
    Problem.objects.filter(pk=soon.pk).update(due_at=in_hours(3))
    Party.objects.filter(problem=soon).update(due_at=in_hours(3))
    leader = district.users["指挥长"]
    figures = today(leader, timezone.now()).figures
    assert (figures.open, figures.late, figures.soon, figures.again) == (4, 1, 1, 0)
    page = text(sign_in(client, leader), "command:today")
    for query in ("status=open", "flag=late", "flag=again&amp;status=open", "flag=soon"):
        assert f"{reverse('problems:list')}?{query}" in page


def test_the_countdown_goes_to_the_next_gate(client: Client, district: District) -> None:
    from datetime import timedelta

    from weicheng.places.models import Campaign

    campaign, day = Campaign.objects.get(), timezone.localdate()
    Gate.objects.create(campaign=campaign, name="过去的", on=day - timedelta(days=3))
    Gate.objects.create(campaign=campaign, name="省级初审", on=day + timedelta(days=28))
    filed(district)
    found = today(district.users["指挥长"], timezone.now())
    assert found.gate is not None
    assert (found.gate.name, found.days) == ("省级初审", 28)


def test_a_relapse_is_shown_with_how_often(client: Client, district: District) -> None:
    problem = handed_in(district)
    Problem.objects.filter(pk=problem.pk).update(level="picture")
    acts.pass_fix(problem=problem, by=district.office, op_id=op())
    acts.reopen(problem=problem, reason="relapsed", by=district.office, op_id=op())
    found = text(sign_in(client, district.users["指挥长"]), "command:today")
    assert "第2次" in found


def test_nothing_waits_for_the_leader_unless_something_does(
    client: Client, district: District
) -> None:
    filed(district)
    sign_in(client, district.users["指挥长"])
    assert "要我定的" not in text(client, "command:today")
    above = handed_in(district)
    Problem.objects.filter(pk=above.pk).update(level="above")
    assert "要我定的" in text(client, "command:today")


def test_an_empty_district_is_one_box(client: Client, district: District) -> None:
    Site.objects.all().delete()
    found = text(sign_in(client, district.office), "command:today")
    assert "把你手里的表拖进来" in found
    assert "谁在拖" not in found
    assert client.get("/")["Location"] == reverse("command:today")


def test_the_front_door_leads_each_role_to_its_own_page(client: Client, district: District) -> None:
    for key_, where in (("指挥长", "/today/"), ("创卫办", "/workbench/"), ("环卫局", "/mine/")):
        sign_in(client, district.users[key_])
        assert client.get("/")["Location"] == where
    assert client.get(reverse("command:today")).status_code == 404


def test_today_says_nothing_of_the_other_district(client: Client, district: District) -> None:
    late(district)
    figures = today(district.users["临江创卫办"], timezone.now()).figures
    assert (figures.open, figures.late, figures.found) == (0, 0, 0)
    assert today(district.users["市创卫办"], timezone.now()).figures.late == 1


# search


def test_search_finds_by_number_place_unit_and_initials(named: District) -> None:
    problem = filed(named)
    number = problem.number
    for words in (number, number.lower(), number.replace("-", ""), number[-8:], f" {number} "):
        assert find(named.office, words).problems == [problem], words
    wide = number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    assert find(named.office, wide).problems == [problem]
    for words in ("张家沟", "张 家 沟", "zjg", "ZJG", "zhangjiagou"):
        found = find(named.office, words)
        assert [s.name for s in found.sites] == ["张家沟小区"], words
        assert found.problems == [problem], words
    assert [u.name for u in find(named.office, "hwj").units] == ["环卫局"]
    assert [u.name for u in find(named.office, "环卫").units] == ["环卫局"]


def test_search_bears_odd_characters(named: District) -> None:
    filed(named)
    for words in ("", "'", "&|!", "%%", "（）", "\\", "a" * 500):
        found = find(named.office, words)
        assert (found.problems, found.sites, found.units) == ([], [], []), words
    assert [s.name for s in find(named.office, "张家").sites] == ["张家沟小区"]


def test_search_shows_nothing_of_the_other_district(named: District) -> None:
    problem = filed(named)
    for words in (problem.number, "张家沟", "zjg", "环卫局", "垃圾"):
        found = find(named.users["临江创卫办"], words)
        assert (found.problems, found.sites) == ([], []), words
        assert all(u.region_id != named.regions["凤凰区"].pk for u in found.units)


# sites and units


def test_the_page_of_a_site_shows_who_answers_and_what_happened(
    client: Client, district: District
) -> None:
    open_one, done = filed(district), handed_in(district)
    Problem.objects.filter(pk=done.pk).update(level="picture")
    acts.pass_fix(problem=done, by=district.office, op_id=op())
    site = district.sites["张家沟小区"]
    page = text(sign_in(client, district.office), "command:site", site.pk)
    for words in ("档案局", "红叶镇政府", "张家沟居委会", open_one.number, done.number):
        assert words in page


def test_the_page_of_a_unit_shows_posts_home_unit_and_figures(
    client: Client, district: District
) -> None:
    late(district)
    office = district.units["创卫办"]
    page = text(sign_in(client, district.office), "command:unit", office.pk)
    assert "原单位：环卫局" in page
    units = text(client, "command:units")
    assert "超期1" in units


@pytest.mark.parametrize("name", ["command:site", "command:unit"])
def test_pages_of_another_district_do_not_exist(
    client: Client, district: District, name: str
) -> None:
    sign_in(client, district.users["临江创卫办"])
    key_ = (
        district.sites["张家沟小区"].pk if name == "command:site" else district.units["环卫局"].pk
    )
    assert client.get(reverse(name, args=[key_])).status_code == 404
    assert "环卫局</b>" not in text(client, "command:units").replace("临江环卫局", "")


@pytest.mark.parametrize(
    ("name", "query", "most"),
    [
        ("command:today", {}, 14), ("command:search", {"q": "张家沟"}, 7),
        ("command:units", {}, 6), ("places:index", {}, 8),
    ],
)  # fmt: skip
def test_pages_need_few_queries(
    client: Client, named: District, django_assert_max_num_queries: Any, name: str,
    query: dict[str, str], most: int,
) -> None:  # fmt: skip
    for i in range(6):
        late(named, place=f"{i}号楼")
    sign_in(client, named.users["指挥长"])  # the office's menu has figures of its own
    directory()
    with django_assert_max_num_queries(most):
        assert client.get(reverse(name), query).status_code == 200
