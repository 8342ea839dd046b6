"""我的责任: what is mine, what is open on it, and who else may look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.district import dispatched, sign_in

from weicheng.command.my_duties import mine
from weicheng.duties.book import changed
from weicheng.duties.models import Duty
from weicheng.problems.models import Problem
from weicheng.standards.models import Aspect, Item

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(district: District) -> Item:
    """Item “waste”, worth 12 points by default, with the kind “bin”; 环卫局 leads it."""
    aspect = Aspect.objects.get()
    kind = district.kinds["bin"]
    kind.item_key = "waste"
    kind.save()
    row = Item.objects.create(
        standard=aspect.standard, aspect=aspect, key="waste", number=1, name_zh="垃圾收运",
        name_en="Waste", demand_zh="要求", onsite_milli=12000,
    )  # fmt: skip
    Duty.objects.create(
        item_key="waste", region=district.regions["凤凰区"], unit=district.units["环卫局"],
        person=district.people["环卫局的人"],
    )  # fmt: skip
    changed()
    return row


def test_my_clause_my_open_matters_and_their_worth(district: District, item: Item) -> None:
    dispatched(district)
    dispatched(district, "cable", "环卫局")  # of another item
    found = mine(district.users["环卫局"], district.people["环卫局的人"], timezone.now())
    (line,) = found.lines
    assert (line.clause, line.part, line.how) == ("垃圾收运", "牵头", "具体责任人")
    assert [(one.kind, one.n) for one in line.open] == [("bin", 1)]
    assert (found.milli, found.is_guessed) == (12000, True)
    assert found.due == Problem.objects.get(kind_id="bin").due_at


def test_the_head_sees_what_his_unit_leads(district: District, item: Item) -> None:
    head = district.person("局长", "环卫局")
    district.units["环卫局"].head = head
    district.units["环卫局"].save()
    changed()
    found = mine(district.users["环卫局"], head, timezone.now())
    assert [line.how for line in found.lines] == ["第一责任人"]


def test_a_town_answers_where_the_table_says_each_its_own(district: District, item: Item) -> None:
    Duty.objects.update(unit=None, person=None, unit_rule="territory")
    district.units["红叶镇政府"].contact = district.people["红叶镇的人"]
    district.units["红叶镇政府"].save()
    changed()
    found = mine(district.users["红叶镇"], district.people["红叶镇的人"], timezone.now())
    assert [line.unit for line in found.lines] == [district.units["红叶镇政府"]]
    other = mine(district.users["石桥镇"], district.people["石桥镇的人"], timezone.now())
    assert other.lines == []


def test_the_area_s_leader_sees_his_area(district: District, item: Item) -> None:
    found = mine(district.users["包片"], district.people["包片的人"], timezone.now())
    assert [region.name for region in found.areas] == ["红叶镇"]


def test_a_count_is_the_length_of_its_list(client: Client, district: District, item: Item) -> None:
    for _ in range(3):
        dispatched(district)
    sign_in(client, district.users["环卫局"])
    shown = client.get("/my-duties/").content.decode()
    where = f"/problems/?status=open&amp;unit={district.units['环卫局'].pk}&amp;kind=bin"
    assert where in shown
    rows = client.get(where.replace("&amp;", "&")).content.decode()
    assert all(p.number in rows for p in Problem.objects.all())


@pytest.mark.parametrize(
    ("who", "answer"), [("创卫办", 200), ("指挥长", 200), ("红叶镇", 404), ("临江创卫办", 404)]
)
def test_only_the_office_and_leaders_look_at_another(
    client: Client, district: District, item: Item, who: str, answer: int
) -> None:
    sign_in(client, district.users[who])
    person = district.people["环卫局的人"]
    assert client.get(f"/my-duties/?person={person.pk}").status_code == answer


def test_the_page_costs_the_same_with_many_matters(
    client: Client, district: District, item: Item, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        dispatched(district)
    sign_in(client, district.users["环卫局"])
    client.get("/my-duties/")
    with django_assert_max_num_queries(12):
        client.get("/my-duties/")
