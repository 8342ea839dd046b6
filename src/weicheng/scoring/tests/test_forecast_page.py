"""能不能过: what the two see, how a run comes about, and that it says what it rests on."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, filed, op, sign_in
from tests.inspecting import plan

from weicheng.inspections.models import Plan, Visit
from weicheng.inspections.words import PlanKind
from weicheng.people.models import User
from weicheng.places.models import Region
from weicheng.scoring import acts, forecast_page, running, sentences
from weicheng.scoring.beside import UNKNOWN_SHARE, others
from weicheng.scoring.curve import curve, trend
from weicheng.scoring.models import ForecastRun, ForecastSwitch
from weicheng.scoring.refusals import Refused
from weicheng.standards.models import Item

from .foretold import make_director, ready, region_of, run_now, switched

pytestmark = pytest.mark.django_db
PAGE = "/score/forecast/"


def _read(client: Client, who: User, path: str = PAGE) -> str:
    answer = sign_in(client, User.objects.get(pk=who.pk)).get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_page_is_off_until_the_commander_turns_it_on(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    chief = district.users["指挥长"]
    assert "这一页现在是关着的" in _read(client, chief)
    answer = client.post("/score/forecast/switch/", {"on": "1", "op_id": str(op())}, follow=True)
    assert "照现在的样子，100次抽查里" in answer.content.decode()
    client.post("/score/forecast/switch/", {"on": "0", "op_id": str(op())})
    assert "这一页现在是关着的" in _read(client, chief)
    assert [row.on for row in ForecastSwitch.objects.order_by("at")] == [True, False]


def test_the_director_of_the_office_is_the_other_of_the_two(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    switched(district)
    assert sign_in(client, district.office).get(PAGE).status_code == 404
    make_director(district)
    assert "最可能的总分是" in _read(client, district.office)
    assert sign_in(client, district.users["借调"]).get(PAGE).status_code == 404


def test_the_page_says_everything_that_a_forecast_must_say(
    client: Client, district: District
) -> None:
    ready(district)
    run = run_now(district)
    switched(district)
    page = _read(client, district.users["指挥长"])
    for words in (
        "模拟分", "数据截止", "模拟抽查600次", f"种子{run.seed}", "八成可能在", "内部预警线",
        "争先线", "七个方面", "为什么说不准", "外来评估员比我们严多少", "抽签的运气", "失分最多的",
        "看过多少",
        "从没看过", "从落脚点步行", "凤凰宾馆周边", "默认分值", "看数据表", "不是官方评分",
    ):  # fmt: skip
        assert words in page, words
    assert "style=" not in page
    assert "合格线" not in page


def test_a_chance_is_the_share_of_the_draws_and_the_curve_holds_them_all(
    district: District,
) -> None:
    ready(district)
    run = run_now(district)
    told = run.result["quota"]
    assert sum(told["bins"]["counts"]) == run.draws
    chances = dict(zip([x["name"] for x in run.parameters["lines"]], told["chances"], strict=True))
    assert 0 <= chances["争先线"] <= chances["内部预警线"] <= 1
    assert told["p10"] <= told["p50"] <= told["p90"]
    assert abs(sum(told["parts"].values()) - told["sd"] ** 2) <= 0.02 * told["sd"] ** 2 + 1e4
    drawn = curve(told["bins"], [{"name": "线", "milli": told["p50"]}])
    assert sum(bar.n for bar in drawn.bars) == run.draws
    assert any(bar.reached for bar in drawn.bars)
    assert not all(bar.reached for bar in drawn.bars)


def test_the_same_seed_gives_the_same_run_and_another_seed_another(district: District) -> None:
    ready(district)
    now = timezone.now()
    first, again, other = (
        run_now(district, as_of=now, seed=seed).result["quota"]["bins"] for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


def test_the_weeks_before_make_a_trend_and_each_is_made_once(district: District) -> None:
    ready(district)
    now = timezone.now()
    for days in (10, 17):
        as_of = now - timedelta(days=days)
        run = run_now(district, as_of=as_of)
        ForecastRun.objects.filter(pk=run.pk).update(parameters={**run.parameters, "trend": True})
    latest = run_now(district)
    assert running.latest(region_of(district)) == latest
    from weicheng.scoring.forecast_page import weeks

    found = weeks(region_of(district), latest)
    assert len(found) == 3
    drawn = trend([(r.as_of, r.result["quota"]) for r in found], [])
    assert drawn is not None
    assert [week.at for week in drawn.weeks] == sorted(week.at for week in drawn.weeks)


def test_a_look_that_is_still_hidden_begins_no_trend(district: District) -> None:
    ready(district)
    now = timezone.now()
    Visit.objects.update(sealed=False, received_at=now)
    assert running._week_without(region_of(district), now) is None
    past = now - timedelta(days=30)
    hidden = plan(district, PlanKind.UNDERCOVER, sites=("小区0",))
    Visit.objects.update(plan=hidden, sealed=True, occurred_at=past, received_at=past)
    assert running._week_without(region_of(district), now) is None
    Plan.objects.update(released_at=past)
    assert running._week_without(region_of(district), now) is not None


def test_where_no_week_is_missing_no_look_is_asked_for(
    district: District, django_assert_num_queries: Any
) -> None:
    ready(district)
    now, region = timezone.now(), region_of(district)
    past = now - timedelta(days=100)
    Visit.objects.update(sealed=False, occurred_at=past, received_at=past)
    for _turn in range(running.TREND_WEEKS):
        week = running._week_without(region, now)
        assert week is not None
        ForecastRun.objects.create(region=region, as_of=week, seed=1, draws=1)
    with django_assert_num_queries(1):
        assert running._week_without(region, now) is None


def test_a_site_that_was_only_reported_was_not_looked_at(district: District) -> None:
    ready(district)
    seen = run_now(district).result["seen"]
    filed(district, site=district.sites["小区7"])
    assert run_now(district).result["seen"] == seen


def test_the_night_makes_one_run_for_each_region_and_not_a_second(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(district)
    now = timezone.now()
    monkeypatch.setattr(running, "DRAWS", 300)
    first = running.make_due(now)
    assert first >= 1
    done = ForecastRun.objects.filter(region=region_of(district)).done().count()
    running.make_due(now)
    night = ForecastRun.objects.filter(region=region_of(district)).done()
    assert night.exclude(parameters__trend=True).count() == done == 1


def test_asking_for_a_run_queues_one_and_a_repeat_queues_no_second(
    client: Client, district: District
) -> None:
    ready(district)
    switched(district)
    sign_in(client, district.users["指挥长"])
    body = {"op_id": str(op())}
    for _ in range(2):
        assert client.post("/score/recompute/", body).status_code == 302
    client.post("/score/recompute/", {"op_id": str(op())})
    waiting = ForecastRun.objects.get(state=ForecastRun.State.WAITING)
    assert "正在推算" in client.get(PAGE).content.decode()
    running.make_asked(waiting.pk)
    assert "最可能的总分是" in client.get(PAGE).content.decode()


def test_a_stranger_to_the_region_asks_for_nothing(district: District) -> None:
    ready(district)
    with pytest.raises(Refused, match="not_yours"):
        acts.ask_run(
            by=district.users["临江创卫办"], region=region_of(district), seed=1, draws=10,
            op_id=op(),
        )  # fmt: skip


def test_a_district_without_sites_says_that_nothing_can_be_drawn(
    client: Client, district: District
) -> None:
    run = ForecastRun.objects.create(region=region_of(district), seed=1, draws=10)
    running.make(run)
    assert run.state == ForecastRun.State.FAILED
    switched(district)
    assert "还推算不了" in _read(client, district.users["指挥长"])


def test_nothing_stated_is_unknown_and_wide_rather_than_lost(district: District) -> None:
    ready(district)
    for sheet in others(region_of(district), timezone.now()):
        assert sheet.known == 0
        assert sheet.mean == pytest.approx(UNKNOWN_SHARE * sheet.of)
        assert sheet.sd > 0.1 * sheet.of or sheet.of == 0


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0, "没有一次"),
        (0.001, "不到1次"),
        (0.325, "大约33次"),
        (0.999, "99次以上"),
        (1, "每一次都"),
    ],
)
def test_a_chance_is_said_as_so_many_of_a_hundred(chance: float, words: str) -> None:
    assert sentences.times(chance) == words


def test_the_checklist_of_the_dawn_lists_what_is_near_and_no_chance(
    client: Client, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(district)
    run_now(district)
    start = district.sites["凤凰宾馆"]
    page = _read(client, district.users["检查员"], f"/score/around/?start={start.pk}")
    assert "这里列最近的" not in page
    assert "小区0" in page
    assert "从没看过" in page
    assert "可能性" not in page
    monkeypatch.setattr("weicheng.scoring.nearby.MOST", 3)
    short = _read(client, district.users["检查员"], f"/score/around/?start={start.pk}")
    count = re.search(r"能被抽到的点位(\d+)个", page)
    assert count is not None
    assert count.group() in short
    assert "这里列最近的3个" in short
    assert client.get(f"/score/around/?start={op()}").status_code == 404
    assert client.get("/score/around/?start=abc").status_code == 404


def test_no_page_and_no_text_of_scores_speaks_of_a_pass_line() -> None:
    from pathlib import Path

    room = Path(sentences.__file__).parent
    files = [*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.yaml")]
    said: list[Any] = [
        path.name
        for path in files
        if "tests" not in path.parts and re.search("合格线|及格线", path.read_text("utf-8"))
    ]
    assert said == []


def test_the_count_of_the_never_visited_is_a_count_and_not_a_rounded_share() -> None:
    rows = [{"key": "toilet", "sites": 1234, "ever": 732 / 1234, "lately": 0.0},
            {"key": "estate", "sites": 900, "ever": 897 / 900, "lately": 1.0}]  # fmt: skip
    found = {row.sites: row for row in forecast_page._types(rows)}
    assert (found[1234].never, found[900].never) == (502, 3)
    assert found[900].ever == "99%以上"
    assert "不到1%的公厕从没看过（900处里有3处）" in sentences.coverage("公厕", 3, 900)


def test_the_sites_to_visit_first_are_named_by_their_types(
    client: Client, district: District
) -> None:
    ready(district)
    run = run_now(district)
    switched(district)
    kinds = [row["type"] for row in run.result["coverage"]["first"]]
    page = _read(client, district.users["指挥长"])
    assert f"先看下面这{len(kinds)}处（" in page
    assert f"公共厕所{kinds.count('toilet')}处" in page


def test_a_run_of_monday_before_dawn_belongs_to_the_week_that_begins(district: District) -> None:
    ready(district)
    zone = timezone.get_current_timezone()
    sunday = datetime(2026, 11, 22, 22, tzinfo=zone)
    monday = datetime(2026, 11, 23, 3, tzinfo=zone)
    first, last = (run_now(district, as_of=at) for at in (sunday, monday))
    assert forecast_page.weeks(region_of(district), last) == [first, last]


def test_a_change_is_told_from_the_day_of_the_forecast_before(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district, as_of=timezone.now() - timedelta(days=24))
    run_now(district)
    switched(district)
    page = _read(client, district.users["指挥长"])
    day = timezone.localdate() - timedelta(days=24)
    assert f"{day.month}月{day.day}日那次推算" in page
    assert "上周" not in page


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.0, "100次抽查里没有一次能到线900分"), (1.0, "100次抽查里每一次都能到线900分"),
     (0.62, "100次抽查里大约62次能到线900分"), (0.001, "100次抽查里不到1次能到线900分")],
)  # fmt: skip
def test_the_headline_reads_well_at_both_ends(chance: float, words: str) -> None:
    told = {"p10": 1, "p50": 2, "p90": 3}
    line = {"name": "线", "milli": 900_000, "chance": chance}
    assert words in sentences.headline(told, [line])


def test_the_citys_own_items_count_apart_from_our_share(client: Client, district: District) -> None:
    sheets = ready(district)
    Item.objects.filter(pk=sheets.items["clean"].pk).update(whose="city")
    run = run_now(district)
    result = run.result
    assert "clean" not in {row["key"] for row in result["items"]}
    assert {row["key"] for row in result["city_items"]} == {"clean"}
    assert not {"estate-01", "estate-03"} & {row["key"] for row in result["checks"]}
    lost = sum(row["loss"] for row in result["whose"].values())
    told = {row["key"]: row["loss"] for row in result["types"]}
    assert lost == pytest.approx(
        sum(told.values()) + result["whose"]["city"]["loss"], abs=len(told) + 2
    )
    switched(district)
    page = _read(client, district.users["指挥长"])
    assert "只有市里能补" in page
    Region.objects.filter(pk=region_of(district).pk).update(level="prefecture")
    whole = run_now(district, region=Region.objects.get(pk=region_of(district).pk))
    assert "clean" in {row["key"] for row in whole.result["items"]}
