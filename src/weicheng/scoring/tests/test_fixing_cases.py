"""What to fix first, in examples a clerk could check by hand; bad input; speed; without HiGHS."""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time
from datetime import date, datetime
from typing import Any

import pytest

from weicheng.scoring.fixing import BadInput, Pair, Work, choose, shared_out

GATE = date(2026, 12, 10)
SOON = date(2026, 12, 1)


def work(key: str, *pays: str, unit: str = "城管局", days: float = 1, **more: Any) -> Work:
    """A problem at 张家沟小区 that pays these checks."""
    told: dict[str, Any] = {"kind": "problem", "earliest_done": SOON, "yuan": None, **more}
    return Work(key, unit, pays=tuple(("张家沟小区", c) for c in pays), working_days=days, **told)


def gains(**milli: float) -> dict[Pair, float]:
    return {("张家沟小区", check): worth for check, worth in milli.items()}


def why(choice: Any) -> dict[str, str]:
    return {entry.key: entry.reason for entry in choice.left_out}


def test_nothing_to_fix_gives_an_empty_choice() -> None:
    choice = choose([], {}, {}, GATE)
    assert (choice.parts, choice.left_out, choice.nano, choice.proved) == ((), (), 0, True)


def test_two_small_works_beat_one_big_work_of_the_same_days() -> None:
    works = [work("大", "a", days=2), work("小1", "b"), work("小2", "c")]
    choice = choose(works, gains(a=10, b=6, c=6), {"城管局": 2}, GATE)
    assert [(part.key, part.milli) for part in choice.parts] == [("小1", 6), ("小2", 6)]
    left = choice.left_out[0]
    assert (left.key, left.reason, left.needs, left.left) == ("大", "capacity", 2.0, 0.0)
    assert choice.units["城管局"].used == 2.0
    assert choice.units["城管局"].worth == pytest.approx(5.0)


def test_two_problems_of_one_check_regain_it_only_together_and_share_it() -> None:
    works = [work("p", "a"), work("q", "a", unit="住建局")]
    both = choose(works, gains(a=5), {"城管局": 1, "住建局": 1}, GATE)
    assert [(part.key, part.nano) for part in both.parts] == [("p", 2_500_000), ("q", 2_500_000)]
    assert [part.milli for part in both.parts] == [3, 2]
    assert [part.lost_without for part in both.parts] == [5_000_000, 5_000_000]
    one = choose(works, gains(a=5), {"城管局": 1}, GATE)
    assert one.nano == 0
    assert why(one) == {"p": "partner", "q": "capacity"}
    assert one.left_out[0].partners == ("q",)


def test_a_partner_that_comes_too_late_makes_the_other_worthless() -> None:
    works = [work("p", "a"), work("q", "a", earliest_done=None), work("r", "a", "b")]
    choice = choose(works, gains(a=5, b=1), {"城管局": 9}, GATE)
    assert [part.key for part in choice.parts] == ["r"]
    assert why(choice) == {"p": "partner", "q": "late"}
    assert {entry.key: entry.partners for entry in choice.left_out}["p"] == ("q",)


def test_a_work_done_on_the_day_of_the_gate_comes_too_late() -> None:
    works = [
        work("当天", "a", earliest_done=GATE),
        work("前一天", "b", earliest_done=date(2026, 12, 9)),
    ]
    choice = choose(works, gains(a=9, b=1), {"城管局": 9}, GATE)
    assert [part.key for part in choice.parts] == ["前一天"]


def test_a_work_without_effort_is_always_taken() -> None:
    choice = choose([work("p", "a", days=0)], gains(a=0.01), {}, GATE)
    assert [part.key for part in choice.parts] == ["p"]
    assert choice.nano == 10_000


def test_money_and_number_bound_the_choice_and_unknown_cost_is_said() -> None:
    works = [work("贵", "a", yuan=800), work("便宜", "b", yuan=300), work("不知", "c")]
    told = gains(a=9, b=5, c=1)
    choice = choose(works, told, {"城管局": 9}, GATE, budget_yuan=1000)
    assert {part.key for part in choice.parts} == {"贵", "不知"}
    assert (choice.yuan, choice.unpriced, why(choice)) == (800, ("不知",), {"便宜": "budget"})
    choice = choose(works, told, {"城管局": 9}, GATE, limit=2)
    assert why(choice) == {"不知": "limit"}


def test_the_reason_of_a_work_without_points_is_that() -> None:
    choice = choose([work("p"), work("q", "z")], gains(a=1), {"城管局": 9}, GATE)
    assert why(choice) == {"p": "nothing", "q": "nothing"}


def test_effort_is_counted_to_a_thousandth_without_drift() -> None:
    works = [work(f"w{n}", f"c{n}", days=0.1) for n in range(10)]
    told = {("张家沟小区", f"c{n}"): 1.0 for n in range(10)}
    assert len(choose(works, told, {"城管局": 1}, GATE).parts) == 10
    assert len(choose(works, told, {"城管局": 0.999}, GATE).parts) == 9


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"days": -1}, "below_zero", "working_days"),
        ({"days": math.nan}, "need_number", "working_days"),
        ({"days": "三天"}, "need_number", "working_days"),
        ({"yuan": -5}, "below_zero", "yuan"),
        ({"yuan": 1.5}, "need_whole", "yuan"),
        ({"earliest_done": "明天"}, "need_date", "earliest_done"),
        ({"earliest_done": datetime(2026, 12, 1, 8)}, "need_date", "earliest_done"),  # noqa: DTZ001
    ],
)
def test_a_work_that_makes_no_sense_is_refused_by_name(
    changes: dict[str, Any], code: str, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        choose([work("p", "a", **changes)], gains(a=1), {"城管局": 9}, GATE)
    assert (refused.value.code, refused.value.params) == (code, {"name": name, "key": "p"})


@pytest.mark.parametrize(
    ("told", "code", "name"),
    [
        ({"capacity": {"城管局": -1}}, "below_zero", "capacity"),
        ({"capacity": {"城管局": math.inf}}, "need_number", "capacity"),
        ({"budget_yuan": -1}, "below_zero", "budget"),
        ({"limit": 2.5}, "need_whole", "limit"),
        ({"gains": gains(a=-0.1)}, "below_zero", "gain"),
        ({"gains": gains(a=math.nan)}, "need_number", "gain"),
        ({"gate": datetime(2026, 12, 1, 8)}, "need_date", "gate"),  # noqa: DTZ001
    ],
)
def test_a_frame_that_makes_no_sense_is_refused_by_name(
    told: dict[str, Any], code: str, name: str
) -> None:
    asked: dict[str, Any] = {"gains": gains(a=1), "capacity": {"城管局": 9}, "gate": GATE, **told}
    with pytest.raises(BadInput) as refused:
        choose([work("p", "a")], **asked)
    assert (refused.value.code, refused.value.params["name"]) == (code, name)


def test_a_work_named_twice_or_of_no_known_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="work_twice"):
        choose([work("p", "a"), work("p", "b")], {}, {}, GATE)
    with pytest.raises(BadInput, match="unknown_kind"):
        choose([work("p", "a", kind="wish")], {}, {}, GATE)


def test_a_total_is_shared_to_the_last_unit() -> None:
    assert shared_out(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert shared_out(3, {"a": 0, "b": 5}) == {"a": 0, "b": 3}
    assert shared_out(2, {"a": 0, "b": 0}) == {"a": 1, "b": 1}
    assert shared_out(0, {}) == {}


def test_without_highs_the_choice_still_stands_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    works = [work("大", "a", days=2), work("小", "b")]
    choice = choose(works, gains(a=10, b=6), {"城管局": 2}, GATE)
    assert (choice.method, choice.proved) == ("greedy", False)
    assert 0 < choice.gap < 1
    assert choice.units["城管局"].worth is None


def district(
    works: int, units: int, seed: int = 7, apart: bool = False
) -> tuple[list[Work], dict[Pair, float]]:
    """Problems of a district; one in five shares its check at its site with another one, of the
    same unit if `apart`."""
    dice = random.Random(seed)
    made, told = list[Work](), dict[Pair, float]()
    for n in range(works):
        unit, yuan = f"单位{n % units}", dice.randrange(50_000)
        sites = (f"{unit if apart else ''}点位{dice.randrange(400)}" for _ in range(3))
        pays = [(site, f"检查{dice.randrange(60)}") for site in sites]
        if n >= units and dice.random() < 0.2:
            pays[0] = made[n - units if apart else dice.randrange(n)].pays[0]
        told.update((pair, dice.expovariate(1 / 3)) for pair in pays if pair not in told)
        done = None if dice.random() < 0.05 else SOON
        days = dice.choice([0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13])
        made.append(Work(f"w{n:04}", unit, "problem", tuple(pays), days, done, yuan))
    return made, told


@pytest.mark.parametrize("bounds", [{}, {"budget_yuan": 9_000_000, "limit": 700}])
def test_two_thousand_works_of_sixty_units_are_chosen_in_seconds(bounds: dict[str, Any]) -> None:
    works, told = district(2000, 60)
    capacity = {f"单位{n}": 20.0 + n for n in range(60)}
    began = time.perf_counter()
    choice = choose(works, told, capacity, GATE, **bounds)
    took = time.perf_counter() - began
    print(f"{took:.2f} s, gap {choice.gap:.2%}, {len(choice.parts)} works")
    assert took < 12
    assert choice.gap < 0.03
    assert sum(part.milli for part in choice.parts) == choice.milli


def test_units_that_share_no_check_are_chosen_to_the_very_best() -> None:
    works, told = district(2000, 60, apart=True)
    began = time.perf_counter()
    choice = choose(works, told, {f"单位{n}": 20.0 + n for n in range(60)}, GATE, seconds=20)
    print(f"{time.perf_counter() - began:.2f} s")
    assert (choice.proved, choice.gap) == (True, 0.0)
    assert any(entry.reason == "capacity" for entry in choice.left_out)


def test_the_solver_prints_nothing() -> None:
    asked = (
        "from datetime import date; from weicheng.scoring.fixing import Work, choose;"
        "works = [Work(k, 'u', 'problem', ((k, 'c'),), 1, date(2026, 1, 1)) for k in 'abc'];"
        "gains = {(k, 'c'): 1.0 for k in 'abc'};"
        "assert choose(works, gains, {'u': 2}, date(2026, 2, 1)).method == 'highs'"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"")


def test_when_time_is_over_the_answer_keeps_its_bounds_and_names_the_gap() -> None:
    works, told = district(2000, 60)
    capacity = {f"单位{n}": 20.0 + n for n in range(60)}
    choice = choose(works, told, capacity, GATE, seconds=0.0)
    assert not choice.proved
    assert 0 < choice.gap < 0.2
    assert all(use.left >= 0 for use in choice.units.values())
