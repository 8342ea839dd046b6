"""An undercover round through the eyes of those whom it concerns: before its release, every page of
the house reads for them as if there were no round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.district import District, op, picture, sign_in
from tests.inspecting import plan as planned
from tests.inspecting import site
from tests.played import Played, played
from tests.test_pages import HERE
from weicheng.inspections import acts
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import drafted, years
from weicheng.inspections.words import PlanKind
from weicheng.people.directory import changed
from weicheng.people.models import User
from weicheng.places.models import BuiltUp, Site
from weicheng.problems.models import Problem

#: Whom the round concerns, and others who may not know: their pages must not change by a letter.
CONCERNED = ("环卫局", "红叶镇", "包片", "审计", "借调", "领导借调", "外来")
MORE = (
    "/checks/", "/checks/?kind=undercover", "/checks/year/", "/checks/agreement/",
    "/checks/route/", "/checks/look-backs/", "/checks/rulings/", "/field/pack", "/search/?q=秘密",
    "/search/?q=腊月", "/problems/?q=秘密发现", "/problems/?status=open", "/problems/?flag=late",
    "/score/", "/places/?q=暗访", "/problems/look/places/?q=暗访", "/messages/", "/today/",
    "/mine/", "/check/", "/workbench/", "/digest/",
)  # fmt: skip
#: Pages of one's own account and of the machine: every reading is another session.
OWN = ("people:me", "people:second_factor", "frame:", "people:login")
#: What differs between two readings of one page: ids of acts, tokens (also as QR), the clock.
CHANGING = re.compile(
    rb"data:image/svg\+xml[^\"]*"
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|csrf[^>]*>|\d\d:\d\d(:\d\d(\.\d+)?)?|[\w=.-]{40,}"
    rb"|\d+\s*(\xe5\xb0\x8f\xe6\x97\xb6|\xe5\x88\x86\xe9\x92\x9f|\xe7\xa7\x92)"
)
SECRETS = ("腊月里悄悄看", "墙角的秘密发现")


def changes(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, str]:
    """By address, the first letters that differ, before and after."""
    found = {}
    for path, now in after.items():
        then = before[path]
        if now != then:
            pairs = zip(now, then, strict=False)
            at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(now), len(then)))
            cut = slice(max(at - 60, 0), at + 60)
            found[path] = (
                f"{then[cut].decode(errors='replace')} => {now[cut].decode('utf8', 'replace')}"
            )
    return found


class Round:
    """The round over the sites of 张家沟, with everybody's pages before it."""

    def __init__(self, city: Played) -> None:
        self.city, d = city, city.city
        Site.objects.filter(pk=d.sites["张家沟小区"].pk).update(built_up=BuiltUp.INSIDE)
        self.site = site(d, "待暗访的小区", bureau="环卫局", at=(26.62, 106.72))
        years(d)
        d.user("领导借调", "leader", "区领导", home="环卫局")
        d.user("第二人", "inspector", "创卫办")
        planned(d, sites=("待暗访的小区",))  # the inspector's open round of the day passes there
        d.users["外来"] = guest_of(d, planned(d, PlanKind.CROSS, open=True, title="公开的交叉检查"))
        self.paths = [*MORE, f"/places/{self.site.pk}/", f"/checks/sites/{self.site.pk}/"]
        self.paths += [
            f"/checks/{kind}route/?person={d.people[who].pk}"
            for kind in ("", "paper/") for who in ("检查员的人", "第二人的人")
        ]  # fmt: skip
        pages = [where(city) for name, where in HERE.items() if not name.startswith(OWN)]
        self.paths += pages
        changed()  # the addresses of some pages are made with a duty of their own

    def read(self, who: str) -> dict[str, bytes]:
        client = sign_in(Client(), User.objects.get(pk=self.city.city.users[who].pk))
        found: dict[str, bytes] = {}
        for path in dict.fromkeys(self.paths):
            answer: Any = client.get(path)
            body = answer.getvalue()
            kind = answer.get("Content-Type", "")
            told = CHANGING.sub(b"", body) if "text" in kind or "json" in kind else b""
            found[path] = str(answer.status_code).encode() + told
        return found

    def run(self) -> Plan:
        """Two teams see every stop one after the other, and something on the way; a guest walks
        the same places on a hidden 交叉检查."""
        d = self.city.city
        crews = (("检查员的人",), ("第二人的人",))
        plan = drafted(
            d, PlanKind.UNDERCOVER, title="腊月里悄悄看", sampled=False, doubled=100, crews=crews
        )
        acts.lock_and_draw(by=d.office, plan=plan, op_id=op())
        plan.refresh_from_db()
        for who in ("检查员", "第二人"):
            acts.break_seal(by=d.users[who], plan=plan, op_id=op())
            walk(d, plan, d.users[who])
        on_the_way = acts.Finding(
            kind=d.kinds["bin"], region=d.regions["张家沟社区"], place="墙角", plan=plan,
            words="墙角的秘密发现", photos=[picture("way")], position=(26.62, 106.72, 8.0),
        )  # fmt: skip
        acts.record_finding(by=d.users["检查员"], finding=on_the_way, op_id=op())
        crossed = planned(d, PlanKind.CROSS, title="腊月里悄悄看二", sites=("待暗访的小区",))
        walk(d, crossed, guest_of(d, crossed))
        return plan


def guest_of(d: District, plan: Plan) -> User:
    """The account of somebody from elsewhere on the plan's team."""
    guest = acts.invite_guest(
        by=d.office, plan=plan, name=f"外来{plan.title}", comes_from="邻市", op_id=op(),
        until=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    plan.teams.get().members.create(person=guest.user.person)  # type: ignore[misc]
    return User.objects.get(pk=guest.user_id)


def walk(d: District, plan: Plan, who: User) -> None:
    """Somebody looks at every stop and finds something on each."""
    for n, stop in enumerate(plan.stops.select_related("site__region", "plan", "second_team")):
        visit = acts.record_visit(
            by=who, op_id=op(),
            look=acts.Look(site=stop.site, stop=stop, photos=[picture(f"{who.pk}v{n}")]),
        )  # fmt: skip
        found = acts.Finding(
            kind=d.kinds["bin"], site=stop.site, visit=visit, words="墙角的秘密发现",
            photos=[picture(f"{who.pk}f{n}")], severity="serious",
        )  # fmt: skip
        acts.record_finding(by=who, finding=found, op_id=op())


@pytest.fixture(scope="module")
def told(
    test_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Round, dict[str, dict[str, bytes]], Plan]]:
    with played(django_db_blocker, tmp_path_factory.mktemp("leaks")) as city:
        here = Round(city)
        before = {who: here.read(who) for who in CONCERNED}
        yield here, before, here.run()


@pytest.fixture(autouse=True)
def _evidence(settings: Any, told: Any, _own_evidence: None, tmp_path_factory: Any) -> None:
    settings.EVIDENCE_ROOT = tmp_path_factory.getbasetemp() / "leaks0"


@pytest.mark.parametrize("who", CONCERNED)
def test_no_page_changes_by_a_letter_for_whom_the_round_concerns(
    told: tuple[Round, dict[str, dict[str, bytes]], Plan], who: str
) -> None:
    here, before, _plan = told
    after = here.read(who)
    assert "\n".join(f"{k}: {v}" for k, v in changes(before[who], after).items()) == ""
    shown = b"".join(after.values()).decode(errors="replace")
    assert [words for words in SECRETS if words in shown] == []


def test_no_address_of_the_round_exists_for_them(
    told: tuple[Round, dict[str, dict[str, bytes]], Plan],
) -> None:
    here, _before, plan = told
    stop = plan.stops.first()
    visit = plan.visits.first()
    found = plan.found.first()
    assert stop and visit and found
    photos = [*visit.photos.all(), *found.photos.all()]
    paths = [
        f"/checks/{plan.pk}/", f"/checks/{plan.pk}/edit/", f"/checks/{plan.pk}/teams/",
        f"/checks/{plan.pk}/guests/", f"/checks/observations/{plan.pk}/",
        f"/checks/paper/plan/{plan.pk}/",
        *(f"/evidence/{photo.pk}/{size}" for photo in photos for size in ("thumb", "screen")),
    ]  # fmt: skip
    posts = [
        f"/checks/{plan.pk}/{act}/" for act in ("lock", "drop", "release", "unseal", "replace")
    ] + [f"/checks/stops/{stop.pk}/gone/"]
    for who in CONCERNED:
        client = sign_in(Client(), User.objects.get(pk=here.city.city.users[who].pk))
        assert {client.get(path).status_code for path in paths} == {404}, who
        assert {client.post(path, {"op_id": str(op())}).status_code for path in posts} == {404}


def test_after_the_release_the_inspected_find_it_in_their_lists(
    told: tuple[Round, dict[str, dict[str, bytes]], Plan],
) -> None:
    here, _before, plan = told
    numbers = set(Problem.objects.values_list("number", flat=True))
    acts.release(by=here.city.city.office, plan=plan, op_id=op())
    fresh = Problem.objects.exclude(number__in=numbers)
    assert fresh.count() == 2 * plan.stops.count() + 1  # two teams, and one on the way
    client = sign_in(Client(), User.objects.get(pk=here.city.city.users["红叶镇"].pk))
    page = client.get("/problems/?q=秘密发现").content.decode()
    assert [p.number for p in fresh if p.number in page]
