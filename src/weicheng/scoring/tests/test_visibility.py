"""Who sees the chance of passing: the two, while the switch is on; nobody else, on no page, in no
file, by no message, however they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, op, sign_in

from weicheng.journal.models import Outbox
from weicheng.people.models import Unit, User
from weicheng.people.roles import Role
from weicheng.scoring.lights import colour_of, light
from weicheng.scoring.models import ForecastRun
from weicheng.scoring.permissions import holds_the_switch, may_draw_lines, may_see_chance
from weicheng.scoring.words import AMBER, GREEN, RED

from .foretold import make_director, ready, region_of, run_now, switched

pytestmark = pytest.mark.django_db

ALL = ("创卫办", "借调", "指挥长", "环卫局", "联通", "红叶镇", "张家沟", "检查员", "审计", "档案局",
       "包片", "管理员", "市创卫办", "临江创卫办")  # fmt: skip
THE_TWO = ("创卫办", "指挥长")
READERS = ("创卫办", "借调", "指挥长", "环卫局", "红叶镇", "检查员", "审计", "包片")
#: Pages, exports, messages and searches where a careless hand might let it out.
ELSEWHERE = (
    "/today/", "/workbench/", "/score/", "/score/why/", "/score/changes/",
    "/score/fixing/", "/score/fixing/?all=1",
    "/score/around/", "/score/compare/", "/score/figures/", "/score/sheets/", "/messages/",
    "/digest/", "/orders/", "/orders/leader/", "/search/?q=能不能过", "/search/?q=过关",
"/problems/", "/problems/?status=open", "/mine/", "/my-duties/", "/me/",
    "/places/", "/units/", "/checks/", "/check/", "/field/pack", "/campaign/",
)  # fmt: skip
#: How the chance, the curve or the interval would read.
TELLING = re.compile(
    r"100次|次抽查里|模拟抽查|八成可能|八成在|可能性|达到内部预警线|fc-kept|fc-range|fc-band|中位|概率"
)


@pytest.fixture
def told(district: District) -> District:
    """The district with a forecast and a director."""
    ready(district)
    run_now(district)
    make_director(district)
    return district


@pytest.fixture(params=[True, False], ids=["on", "off"])
def turned(request: pytest.FixtureRequest, told: District) -> Iterator[tuple[District, bool]]:
    """The switch on, and off."""
    if request.param:
        switched(told)
    yield told, request.param


def _fresh(d: District, who: str) -> User:
    """The account as it is in the database now."""
    return User.objects.get(pk=d.users[who].pk)


def _as(d: District, who: str) -> Client:
    return sign_in(Client(), _fresh(d, who))


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        return ""
    return str(answer.getvalue().decode("utf-8", "replace"))


def test_only_the_two_find_the_page_and_the_chance_only_while_it_is_on(
    turned: tuple[District, bool],
) -> None:
    d, on = turned
    found = {who: _as(d, who).get("/score/forecast/").status_code for who in ALL}
    opened = {who for who, status in found.items() if status == 200}
    assert opened - {"市创卫办", "临江创卫办"} == set(THE_TWO)
    for who in THE_TWO:
        assert bool(TELLING.search(_main(_text(_as(d, who), "/score/forecast/")))) is on or not on
        assert ("最可能的总分是" in _text(_as(d, who), "/score/forecast/")) is on
        assert set(ForecastRun.objects.visible_to(_fresh(d, who))) == (
            set(ForecastRun.objects.all()) if on else set()
        )


def _main(page: str) -> str:
    return page[page.find("<main") :]


def test_no_other_page_of_the_house_tells_it_to_anybody(turned: tuple[District, bool]) -> None:
    d, on = turned
    leaks = []
    for who in READERS if on else READERS[:3]:
        client = _as(d, who)
        for path in ELSEWHERE:
            if hit := TELLING.search(_main(_text(client, path))):
                leaks.append((who, path, hit.group()))
    assert leaks == []


def test_the_menu_offers_the_page_to_the_two_alone(turned: tuple[District, bool]) -> None:
    d, _on = turned
    offered = {who for who in ALL if "/score/forecast/" in _text(_as(d, who), "/me/")}
    assert offered == set(THE_TWO)


def test_runs_are_rows_of_the_two_alone(turned: tuple[District, bool]) -> None:
    d, _on = turned
    for who in set(ALL) - set(THE_TWO):
        assert not ForecastRun.objects.visible_to(_fresh(d, who)).exists(), who


def test_turning_it_on_and_a_new_run_send_no_message(told: District) -> None:
    before = Outbox.objects.count()
    switched(told)
    run_now(told)
    assert Outbox.objects.count() == before


def test_nobody_else_turns_the_switch(told: District) -> None:
    for who in set(ALL) - set(THE_TWO) - {"市创卫办", "临江创卫办"}:
        answer = _as(told, who).post(
            reverse("scoring:forecast_switch"), {"on": "1", "op_id": str(op())}
        )
        assert answer.status_code == 404, who
    from weicheng.scoring.permissions import is_switched_on

    assert not is_switched_on(region_of(told))


def test_everybody_who_sees_the_score_gets_a_light_without_a_number(told: District) -> None:
    region = region_of(told)
    for who in ("创卫办", "指挥长", "检查员", "审计", "包片"):
        found = light(region, _fresh(told, who))
        assert found is not None
        assert found.colour in {RED, AMBER, GREEN}
        assert not re.search(r"\d", found.words)
    for who in ("环卫局", "红叶镇", "管理员", "临江创卫办"):
        assert light(region, _fresh(told, who)) is None


@pytest.mark.parametrize(
    ("likeliest", "lines", "colour"),
    [(899, [850, 900], AMBER), (900, [850, 900], GREEN), (849, [850, 900], RED),
     (905, [900], AMBER), (911, [900], GREEN), (889, [900], RED)],
)  # fmt: skip
def test_the_light_against_one_line_and_two(likeliest: int, lines: list[int], colour: str) -> None:
    assert colour_of(likeliest * 1000, [line * 1000 for line in lines]) == colour


#: Who is head of what -> the two. Drawn by hand: a row a case, the accounts that hold the switch.
SEATED: tuple[tuple[dict[str, str], set[str]], ...] = (
    ({}, set()),
    ({"区领导": "指挥长"}, {"指挥长"}),
    ({"创卫办": "创卫办"}, {"创卫办"}),
    ({"区领导": "指挥长", "创卫办": "创卫办"}, {"指挥长", "创卫办"}),
    ({"区领导": "副指挥长", "创卫办": "借调"}, {"副指挥长", "借调"}),
    ({"区领导": "包片"}, set()),  # in charge of an area, not of the district
    ({"区领导": "创卫办", "创卫办": "指挥长"}, set()),  # each heads where the other belongs
    ({"环卫局": "环卫局", "督查室": "审计", "红叶镇政府": "红叶镇"}, set()),
    ({"市创卫办": "市创卫办", "临江创卫办": "临江创卫办"}, set()),  # of other regions
    ({"创卫办": "检查员"}, set()),  # the head, but with an inspector's account
)  # fmt: skip


@pytest.mark.parametrize(("heads", "two"), SEATED)
def test_the_two_are_the_heads_of_the_leaders_and_of_the_office_and_nobody_else(
    district: District, heads: dict[str, str], two: set[str]
) -> None:
    ready(district)
    run_now(district)
    switched(district)
    district.user("副指挥长", Role.LEADER, "区领导")
    Unit.objects.update(head=None)
    for unit, who in heads.items():
        Unit.objects.filter(name=unit).update(head=district.users[who].person)
    region = region_of(district)
    fresh = {who: _fresh(district, who) for who in (*ALL, "副指挥长")}
    assert {who for who, user in fresh.items() if may_see_chance(user, region)} == two
    assert {who for who, user in fresh.items() if may_draw_lines(user, region)} == two
    seen = {who for who, user in fresh.items() if ForecastRun.objects.visible_to(user).exists()}
    assert seen == two


def test_of_several_units_of_leaders_the_one_above_the_office_counts(district: District) -> None:
    ready(district)
    region = region_of(district)
    assert holds_the_switch(_fresh(district, "指挥长"), region)
    district.unit("区委", "leaders", "凤凰区")
    assert not holds_the_switch(_fresh(district, "指挥长"), region)
    Unit.objects.filter(name="创卫办").update(parent=district.units["区领导"])
    assert holds_the_switch(_fresh(district, "指挥长"), region)
    Unit.objects.filter(name="区领导").update(active=False)
    assert not holds_the_switch(_fresh(district, "指挥长"), region)


def test_the_page_that_is_off_names_the_two(district: District) -> None:
    ready(district)
    page = _text(_as(district, "指挥长"), "/score/forecast/")
    assert "指挥长：指挥长的人（区领导负责人）" in page
    assert "创卫办主任：还没有定" in page
