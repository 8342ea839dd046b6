"""An undercover round, stage by stage before every role: who knows of the plan, of its route, of
what was found. One table, drawn by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, filed, op, picture, sign_in
from tests.inspecting import site

from weicheng.evidence import access
from weicheng.evidence.models import Attachment
from weicheng.inspections import acts
from weicheng.inspections.models import Found, Plan, Stop
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import drafted, with_sites
from weicheng.inspections.words import PlanKind
from weicheng.journal.models import Outbox
from weicheng.people.models import User
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db

# Stages: d draft, l locked, o opened, r running with a finding, x released.
# Whoever is not named at a stage does not know. Columns: plan, route, findings.
TABLE: dict[str, tuple[str, str, str]] = {
    "创卫办":     ("dlorx", "orx", "rx"),
    "指挥长":     ("dlorx", "orx", "rx"),
    "市创卫办":   ("dlorx", "orx", "rx"),
    "检查员":     ("lorx",  "orx", "rx"),   # leads the team
    "组员":       ("lorx",  "orx", "rx"),
    "别的检查员": ("x", "x", "x"),
    "借调":       ("x", "x", "x"),          # of the office, 原单位 is inspected
    "镇上借调":   ("x", "x", "x"),          # of the office, 原单位 is the town
    "审计":       ("x", "x", "x"),
    "包片":       ("x", "x", "x"),
    "环卫局":     ("x", "x", "x"),
    "红叶镇":     ("x", "x", "x"),
    "张家沟":     ("x", "x", "x"),
    "档案局":     ("x", "x", "x"),
    "经信局":     ("",  "",  ""),
    "石桥镇":     ("",  "",  ""),
    "管理员":     ("",  "",  ""),
    "临江创卫办": ("",  "",  ""),
    "临江环卫局": ("",  "",  ""),
}  # fmt: skip


class Round:
    """The round as it goes on; ``plan`` is read anew at each stage."""

    def __init__(self, d: District) -> None:
        self.d = d
        with_sites(d, estates=1)
        site(d, "保洁站旁小区", bureau="环卫局", at=(26.62, 106.72))
        d.user("组员", "inspector", "创卫办")
        d.user("别的检查员", "inspector", "创卫办")
        d.user("镇上借调", "office", "创卫办", home="红叶镇政府")
        plan = drafted(
            d, PlanKind.UNDERCOVER, title="腊月里悄悄看", sampled=False,
            crews=(("检查员的人", "组员的人"),),
        )  # fmt: skip
        self.pk = plan.pk
        self.photos: list[Attachment] = []

    @property
    def plan(self) -> Plan:
        return Plan.objects.select_related("region").get(pk=self.pk)

    def lock(self) -> None:
        acts.lock_and_draw(by=self.d.office, plan=self.plan, op_id=op())

    def open(self) -> None:
        acts.break_seal(by=self.d.users["检查员"], plan=self.plan, op_id=op())

    def run(self) -> None:
        for n, stop in enumerate(self.plan.stops.select_related("site", "plan")):
            failed = [f"{stop.site_type}-01"]
            shot = picture(f"secret{n}")
            visit = acts.record_visit(
                by=self.d.users["检查员"], op_id=op(),
                look=acts.Look(site=stop.site, stop=stop, failed=failed, photos=[shot]),
            )  # fmt: skip
            found = acts.Finding(
                kind=self.d.kinds["bin"], site=stop.site, visit=visit, words="墙角的秘密发现",
                photos=[picture(f"found{n}")],
            )  # fmt: skip
            row = acts.record_finding(by=self.d.users["检查员"], finding=found, op_id=op())
            self.photos += [shot, *row.photos.all()]

    def release(self) -> None:
        acts.release(by=self.d.office, plan=self.plan, op_id=op())


STEPS: dict[str, str] = {"d": "", "l": "lock", "o": "open", "r": "run", "x": "release"}


def fresh(d: District, who: str) -> User:
    return User.objects.get(pk=d.users[who].pk)


def test_who_knows_what_at_each_stage_is_as_the_table_says(district: District) -> None:
    played = Round(district)
    known: dict[str, list[str]] = {who: ["", "", ""] for who in TABLE}
    for stage, step in STEPS.items():
        if step:
            getattr(played, step)()
        for who, columns in known.items():
            user = fresh(district, who)
            rows: tuple[Any, ...] = (
                Plan.objects.visible_to(user).filter(pk=played.pk),
                Stop.objects.visible_to(user).filter(plan=played.pk),
                Found.objects.visible_to(user).filter(plan=played.pk),
            )
            for n, found in enumerate(rows):
                columns[n] += stage if found.exists() else ""
    assert {who: tuple(columns) for who, columns in known.items()} == TABLE


def test_pages_of_the_plan_do_not_exist_for_whom_the_table_leaves_out(
    client: Client, district: District
) -> None:
    played = Round(district)
    for stage, step in STEPS.items():
        if step:
            getattr(played, step)()
        for who in TABLE:
            sign_in(client, fresh(district, who))
            opened = client.get(f"/checks/{played.pk}/").status_code == 200
            reads = district.users[who].role not in {"unit", "sponsor", "admin"}
            assert opened == (reads and stage in TABLE[who][0]), (who, stage)
            listed = client.get("/checks/")
            seen = listed.status_code == 200 and "腊月里悄悄看" in listed.content.decode()
            assert seen == opened, (who, stage)


def test_pictures_are_seen_by_who_sees_the_finding_and_by_nobody_else(district: District) -> None:
    played = Round(district)
    played.lock()
    played.open()
    played.run()
    for who, (_plan, _route, found) in TABLE.items():
        user = fresh(district, who)
        seen = {access.may_see(user, photo) for photo in played.photos}
        assert seen == {"r" in found}, who


def test_numbers_leave_no_gap_and_news_tell_nothing_before_the_release(
    district: District,
) -> None:
    played = Round(district)
    before = filed(district)
    waiting = Outbox.objects.count()
    played.lock()
    played.open()
    played.run()
    assert Outbox.objects.count() == waiting
    after = filed(district, "road")
    assert (before.number_seq, after.number_seq) == (1, 2)
    assert Problem.objects.count() == 2


def test_only_the_leader_opens_the_route_and_not_before_the_day(
    client: Client, district: District
) -> None:
    played = Round(district)
    played.lock()
    plan = played.plan
    for who in ("组员", "创卫办", "指挥长"):
        with pytest.raises(Refused, match="not_your_route"):
            acts.break_seal(by=fresh(district, who), plan=plan, op_id=op())
    for who in ("别的检查员", "借调", "环卫局"):
        with pytest.raises(Refused, match="not_yours"):
            acts.break_seal(by=fresh(district, who), plan=plan, op_id=op())
    Plan.objects.filter(pk=plan.pk).update(starts_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused, match="route_not_yet"):
        acts.break_seal(by=fresh(district, "检查员"), plan=plan, op_id=op())
    Plan.objects.filter(pk=plan.pk).update(starts_on=timezone.localdate())
    sign_in(client, fresh(district, "检查员"))
    assert "上车启封" in client.get(f"/checks/{plan.pk}/").content.decode()
    client.post(f"/checks/{plan.pk}/unseal/", {"op_id": str(op())})
    assert "保洁站旁小区" in client.get(f"/checks/{plan.pk}/").content.decode()


def test_the_office_opens_on_paper_at_departure_unless_it_is_concerned(
    district: District,
) -> None:
    played = Round(district)
    played.lock()
    team = played.plan.teams.get()
    with pytest.raises(Refused, match="not_yours"):
        acts.break_seal(
            by=fresh(district, "借调"), plan=played.plan, on_paper=True, team=team, op_id=op()
        )
    opened = acts.break_seal(
        by=district.office, plan=played.plan, on_paper=True, team=team, op_id=op()
    )
    assert [(one.on_paper, one.opened_at is not None) for one in opened] == [(True, True)]


def test_whom_the_round_concerns_can_neither_arrange_it_nor_go(district: District) -> None:
    played = Round(district)
    with pytest.raises(Refused) as refused:
        drafted(district, PlanKind.UNDERCOVER, by=fresh(district, "借调"))
    assert "暗访请由别的同志安排" in refused.value.sentence()
    crew = acts.Crew("第1组", district.people["借调的人"], [district.people["借调的人"]])
    with pytest.raises(Refused) as barred:
        acts.set_teams(by=district.office, plan=played.plan, crews=[crew], op_id=op())
    assert barred.value.sentence() == (
        "借调的人所在的单位（含原单位）负责这次可能抽到的点位，请换一位。"
    )


def test_the_page_of_teams_names_who_must_stay_out(client: Client, district: District) -> None:
    played = Round(district)
    sign_in(client, district.office)
    shown = client.get(f"/checks/{played.pk}/teams/").content.decode()
    stays_out = shown.partition("这次要回避的人")[2]
    assert "借调的人" in stays_out
    assert "检查员的人" not in stays_out


def test_somebody_else_goes_instead_after_the_lock(client: Client, district: District) -> None:
    played = Round(district)
    played.lock()
    team = played.plan.teams.get()
    sign_in(client, district.office)
    given = {
        "op_id": str(op()), "team": str(team.pk), "old": str(district.people["检查员的人"].pk),
        "new": str(district.people["别的检查员的人"].pk),
    }  # fmt: skip
    client.post(f"/checks/{played.pk}/replace/", given)
    team.refresh_from_db()
    assert team.leader == district.people["别的检查员的人"]
    assert not Plan.objects.visible_to(fresh(district, "检查员")).exists()
    client.post(
        f"/checks/{played.pk}/replace/",
        {**given, "op_id": str(op()), "old": given["new"],
         "new": str(district.people["借调的人"].pk)},
    )  # fmt: skip
    team.refresh_from_db()
    assert team.leader == district.people["别的检查员的人"]


def test_the_years_count_does_not_count_a_hidden_round_for_whom_it_concerns(
    client: Client, district: District
) -> None:
    Round(district)

    def used(who: str) -> bool:
        sign_in(client, fresh(district, who))
        page = client.get("/checks/year/").content.decode()
        return '<th scope="row">旬暗访</th><td class="n">1' in page

    assert [who for who in ("创卫办", "指挥长", "借调", "审计", "别的检查员") if used(who)] == [
        "创卫办", "指挥长",
    ]  # fmt: skip
