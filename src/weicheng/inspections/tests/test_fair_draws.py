"""A draw that can be trusted: sites decided later, draws dropped and drawn again, two clerks at
once, districts that do not take part, and types that keep their past."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.district import District, op, sign_in
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.acts import drawing_up
from weicheng.inspections.drawing import Candidate, draw, odds, opens, read
from weicheng.inspections.models import Plan, YearPlan
from weicheng.inspections.pool import Scope, drawn, fingerprint_of, pool_of
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import SEED, drafted, locked, names, wish, with_sites
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.places.acts import save_site
from weicheng.places.models import BuiltUp, Participation, Site
from weicheng.standards.models import Quota

TOILETS = ("toilet",)


def scope(d: District) -> Scope:
    return Scope(d.regions["凤凰区"], TOILETS, rounds=6, kind=PlanKind.UNDERCOVER)


def chances(d: District) -> dict[str, float]:
    given_ = pool_of(scope(d)).given()
    sites = [Candidate(*row) for row in given_["candidates"]]
    return odds(sites, given_["quotas"], history=given_["history"], rounds=6)


@pytest.mark.django_db
def test_sites_that_are_decided_later_do_not_take_the_places_of_the_others(
    district: District,
) -> None:
    with_sites(district, toilets=30)
    waiting = [site(district, f"待定{n}", "toilet") for n in range(20)]
    for row in waiting:
        row.built_up = BuiltUp.UNDECIDED
        row.save()
    Quota.objects.filter(site_type="toilet").update(number=10)
    for n in range(7):
        locked(district, PlanKind.UNDERCOVER, site_types=TOILETS, rounds=6, seed=bytes([n] * 32))
    for row in waiting:
        save_site(
            by=district.office, site=row, name=row.name, site_type=row.site_type,
            region=row.region, built_up=BuiltUp.INSIDE,
        )  # fmt: skip
    found = chances(district)
    new = {str(row.pk) for row in waiting}
    old = [chance for key, chance in found.items() if key not in new]
    assert len(found) == 50
    assert min(old) > 0.05
    assert max(found[key] for key in new) < 0.25
    assert max(found[key] for key in new) <= min(old) + 1e-9


@pytest.mark.django_db
def test_a_site_that_is_opened_again_or_changes_its_type_waits_from_then(
    district: District,
) -> None:
    with_sites(district)
    row = site(district, "歇业的小区")
    first = row.drawable_since
    assert first is not None
    row.active = False
    row.save(update_fields=["active"])
    assert Site.objects.get(pk=row.pk).drawable_since is None
    row.active = True
    row.save()
    again = Site.objects.get(pk=row.pk).drawable_since
    assert again is not None
    assert again > first
    other = Site.objects.get(name="1号公厕").site_type
    save_site(
        by=district.office, site=row, name=row.name, site_type=other, region=row.region,
        built_up=BuiltUp.INSIDE,
    )  # fmt: skip
    assert row.drawable_since is not None
    assert row.drawable_since > again
    kept = row.drawable_since
    row.name = "改名"
    row.save()
    assert row.drawable_since == kept


@given(
    st.integers(5, 30), st.integers(2, 6), st.integers(0, 20), st.integers(0, 14),
    st.integers(0, 10**6),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_whoever_is_decided_has_no_better_odds_than_who_waits_and_all_come_within_n(
    sites: int, quota: int, decided: int, held: int, dice: int
) -> None:
    rounds = 3 * -(-(sites + decided) // quota)
    chance = random.Random(dice)
    pool = [Candidate(f"old{n}", "toilet") for n in range(sites)]
    past: list[set[str]] = []

    def turn() -> None:
        picks = draw(chance.randbytes(32), pool, {"toilet": quota}, history=past, rounds=rounds)
        past.append({pick.key for pick in picks.picks})

    for _round in range(held):
        turn()
    pool += [Candidate(f"new{n}", "toilet", since=held) for n in range(decided)]
    found = odds(pool, {"toilet": quota}, history=past, rounds=rounds)
    least = min(chance for key, chance in found.items() if key.startswith("old"))
    new = [chance for key, chance in found.items() if key.startswith("new")]
    assert max(new, default=0) <= least + 1e-9
    assert least > 0
    for _round in range(rounds):
        turn()
    seen = set().union(*past[-rounds:])
    assert seen == {one.key for one in pool}


@pytest.mark.django_db
def test_a_type_keeps_its_past_when_another_is_added_or_left_out(district: District) -> None:
    with_sites(district, toilets=6)
    first = locked(district, PlanKind.UNDERCOVER, site_types=TOILETS, rounds=4)
    pool = pool_of(Scope(district.regions["凤凰区"], (), rounds=4, kind=PlanKind.UNDERCOVER))
    taken = sorted(str(pk) for pk in first.stops.values_list("site", flat=True))
    assert {kind: [sorted(r) for r in held] for kind, held in pool.history.items()} == {
        "toilet": [taken], "estate": [],
    }  # fmt: skip
    second = locked(district, PlanKind.UNDERCOVER, rounds=4, seed=bytes(32))
    kept = second.drawn_from
    assert fingerprint_of(kept.given) == kept.fingerprint
    assert {pick.key for pick in drawn(kept.given, bytes(32)).picks} == {
        str(pk) for pk in second.stops.values_list("site", flat=True)
    }


@pytest.mark.django_db
def test_a_draw_that_was_kept_with_one_history_for_all_types_is_proved_still(
    district: District,
) -> None:
    with_sites(district)
    plan = locked(district)
    given_ = {**plan.drawn_from.given, "history": [["a"], ["b"]]}
    assert len(fingerprint_of(given_)) == 64
    assert drawn(given_, SEED).picks


@pytest.mark.django_db
def test_the_draft_says_that_the_promise_changed_and_that_the_draw_is_small(
    client: Client, district: District
) -> None:
    with_sites(district)
    Quota.objects.filter(site_type="estate").update(number=99)
    locked(district, PlanKind.UNDERCOVER, rounds=6)
    plan = drafted(district, PlanKind.UNDERCOVER, rounds=4)
    sign_in(client, district.office)
    shown = client.get(f"/checks/{plan.pk}/").content.decode()
    assert "上一轮的覆盖是“6轮之内”，这次是“4轮之内”" in shown
    assert "这次共抽7个点位，比评审抽查的最少数101个少。" in shown
    same = drafted(district, PlanKind.UNDERCOVER, rounds=6, site_types=TOILETS)
    shown = client.get(f"/checks/{same.pk}/").content.decode()
    assert "上一轮的覆盖" not in shown
    assert "最少数" not in shown


@pytest.mark.django_db
def test_the_draft_tells_nothing_of_earlier_rounds_to_whom_one_is_hidden(
    client: Client, district: District
) -> None:
    with_sites(district, estates=5)
    Quota.objects.filter(site_type="estate").update(number=2)
    site(district, "环卫的小区", bureau="环卫局")
    clerk = district.user("借来的", "office", "创卫办", home="环卫局")
    series: dict[str, Any] = {"rounds": 3, "site_types": ("estate",)}
    given = {"sampled": True, **series}
    first, second = (locked(district, PlanKind.SPECIAL, open=False, **given) for _ in range(2))
    for stop, again in zip(second.stops.all(), first.stops.all(), strict=True):
        second.stops.filter(pk=stop.pk).update(site=again.site, order=again.order + 10)
    plan = drafted(district, PlanKind.SPECIAL, **given)
    said = {}
    for user in (district.office, clerk):
        sign_in(client, user)
        said[user.pk] = client.get(f"/checks/{plan.pk}/").content.decode()
    assert "已等过" in said[district.office.pk]
    assert "居民小区" in said[clerk.pk]
    assert "已等过" not in said[clerk.pk]


@pytest.mark.django_db
def test_a_draw_that_is_dropped_counts_shows_its_seed_and_the_next_says_so(
    client: Client, district: District
) -> None:
    with_sites(district)
    YearPlan.objects.filter(kind=PlanKind.MONTHLY).update(count=1)
    plan = locked(district)
    sign_in(client, district.office)
    assert "已经抽过：取消后仍占年度次数" in client.get(f"/checks/{plan.pk}/").content.decode()
    acts.drop_plan(by=district.office, plan=plan, reason="不合适", op_id=op())
    shown = client.get(f"/checks/{plan.pk}/").content.decode()
    assert SEED.hex()[:8] in shown.replace(" ", "")
    assert f"weicheng draw --plan {plan.pk} --verify" in shown
    assert opens(read(SEED.hex()), plan.sealed, str(plan.pk))
    with pytest.raises(Refused, match="over_year"):
        acts.make_plan(by=district.office, wish=wish(district), op_id=op())
    again = drafted(district, basis="重新安排", site_types=TOILETS)
    said = "同一范围第2次抽取"
    assert said in client.get(f"/checks/{again.pk}/").content.decode()
    done = acts.lock_and_draw(by=district.office, plan=again, op_id=op())
    assert said in client.get(f"/checks/{done.pk}/").content.decode()
    other = drafted(district, PlanKind.CROSS, open=True)
    later = drafted(district, basis="下一次", site_types=TOILETS)
    for one in (other, later):
        assert "同一范围第" not in client.get(f"/checks/{one.pk}/").content.decode()


@pytest.mark.django_db
def test_a_hidden_draw_that_was_dropped_is_not_told_by_the_number_of_the_next(
    client: Client, district: District
) -> None:
    with_sites(district)
    site(district, "环卫公厕", "toilet", bureau="环卫局")
    locked(district, PlanKind.CROSS, rounds=9)
    plan = locked(district, PlanKind.CROSS, rounds=9)
    acts.drop_plan(by=district.office, plan=plan, reason="不合适", op_id=op())
    again = drafted(district, PlanKind.CROSS, open=True, basis="重新安排")
    seen = {}
    for who in ("创卫办", "借调"):
        sign_in(client, district.users[who])
        shown = client.get(f"/checks/{again.pk}/").content.decode()
        seen[who] = ("同一范围第2次抽取" in shown, "上一轮的覆盖" in shown)
    assert seen == {"创卫办": (True, True), "借调": (False, False)}


@pytest.mark.django_db
def test_of_two_who_lock_at_once_the_second_is_told_and_a_dropped_draft_stays_dropped(
    district: District,
) -> None:
    with_sites(district)
    plan, now = drafted(district), timezone.now()
    first, second = op(), op()
    drawing_up._seal(district.office, plan, first, None, now)
    drawing_up._seal(district.office, plan, second, None, now)
    drawing_up._draw(district.office, plan, first, now)
    with pytest.raises(Refused, match="wrong_state"):
        drawing_up._draw(district.office, plan, second, now)
    other = drafted(district)
    third = op()
    drawing_up._seal(district.office, other, third, None, now)
    acts.drop_plan(by=district.office, plan=other, reason="不查了", op_id=op())
    with pytest.raises(Refused, match="wrong_state"):
        drawing_up._draw(district.office, other, third, now)
    assert Plan.objects.get(pk=other.pk).state == PlanState.DROPPED
    assert not other.stops.exists()


@pytest.mark.django_db
def test_only_districts_that_take_part_are_drawn_from(district: District) -> None:
    with_sites(district)
    site(district, "滨江小区", region="滨江街道")
    city = Scope(district.regions["凤城市"], kind=PlanKind.MONTHLY)
    assert "滨江小区" in {line for line in _named(city)}
    Participation.objects.filter(region=district.regions["临江区"]).delete()
    assert "滨江小区" not in _named(city)
    YearPlan.objects.create(
        region=district.regions["临江区"], year=timezone.localdate().year, kind="monthly", count=9
    )
    with pytest.raises(Refused) as refused:
        acts.make_plan(
            by=district.users["临江创卫办"], op_id=op(),
            wish=wish(district, region=district.regions["临江区"]),
        )  # fmt: skip
    assert refused.value.sentence() == "临江区没有参加这次创建，不能抽取。"


def _named(asked: Scope) -> set[str]:
    keys = [one.key for one in pool_of(asked).candidates]
    return set(Site.objects.filter(pk__in=keys).values_list("name", flat=True))


@pytest.mark.django_db
def test_only_the_draw_of_a_whole_district_is_called_a_rehearsal(district: District) -> None:
    with_sites(district)
    town = district.regions["红叶镇"]
    assert drafted(district).rehearsal
    assert not drafted(district, region=town).rehearsal
    assert not drafted(district, PlanKind.SPECIAL).rehearsal
    assert not drafted(district, sampled=False).rehearsal


@pytest.mark.django_db
def test_the_route_sets_out_from_the_place_that_was_named(district: District) -> None:
    with_sites(district, estates=6)
    far = site(district, "西站", at=(26.60, 106.60))
    far.built_up = BuiltUp.OUTSIDE
    far.save()
    end = site(district, "东站", at=(26.63, 106.80))
    end.built_up = BuiltUp.OUTSIDE
    end.save()
    orders: list[list[float]] = []
    for start in ("西站", "东站"):
        plan = locked(district, PlanKind.SPECIAL, sampled=False, starting_point=start)
        stops = plan.stops.exclude(site__latitude=None).order_by("order")
        found = stops.values_list("site__longitude", flat=True)
        orders.append([longitude for longitude in found if longitude is not None])
    assert orders[0][0] < orders[0][-1]
    assert orders[0] != orders[1]
    assert names(plan)


@pytest.mark.django_db
def test_a_concerned_clerk_gets_the_same_answer_whether_the_year_is_full_or_not(
    district: District,
) -> None:
    with_sites(district)
    site(district, "环卫公厕", "toilet", bureau="环卫局")
    YearPlan.objects.filter(kind=PlanKind.CROSS).update(count=2)
    drafted(district, PlanKind.CROSS, open=True)
    clerk, asked = district.users["借调"], wish(district, PlanKind.CROSS, open=True)
    said = []
    for _time in range(2):
        with pytest.raises(Refused) as refused:
            acts.make_plan(by=clerk, wish=asked, op_id=op())
        said.append(refused.value.sentence())
        if _time == 0:
            drafted(district, PlanKind.CROSS)
    assert said[0] == said[1]
    assert "您看不全" in said[0]
    with pytest.raises(Refused, match="over_year"):
        acts.make_plan(by=district.office, wish=asked, op_id=op())
    named = wish(district, PlanKind.CROSS, open=True, basis="市里要求",
                 ends_on=timezone.localdate() + timedelta(days=1))  # fmt: skip
    assert acts.make_plan(by=clerk, wish=named, op_id=op()).basis == "市里要求"
    YearPlan.objects.filter(kind=PlanKind.SPECIAL).update(count=0)
    with pytest.raises(Refused, match="year_unseen"):
        acts.make_plan(by=clerk, wish=wish(district, PlanKind.SPECIAL), op_id=op())
    YearPlan.objects.filter(kind=PlanKind.SPECIAL).update(count=2)
    drafted(district, PlanKind.SPECIAL, open=False)
    drafted(district, PlanKind.SPECIAL, open=False)
    free = wish(district, PlanKind.SPECIAL)
    assert acts.make_plan(by=clerk, wish=free, op_id=op()).state == PlanState.DRAFT
    with pytest.raises(Refused, match="over_year"):
        acts.make_plan(by=district.office, wish=free, op_id=op())
