"""A ledger of many problems is filed with the same rules and numbers as single acts."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.utils import timezone
from tests.district import District, filed, op

from weicheng.problems import acts, bulk, life
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, NumberHold, Problem
from weicheng.problems.tallies import counts, recompute

pytestmark = pytest.mark.django_db(transaction=True)


def rows(district: District, n: int, prefix: str = "r") -> list[bulk.Adopted]:
    now = timezone.now()
    claims = [
        {"status": "new"},
        {
            "status": "run", "lead": str(district.units["环卫局"].id),
            "due_at": now.isoformat(), "dispatched_at": now.isoformat(),
        },
        {
            "status": "done", "lead": str(district.units["环卫局"].id), "outcome": "fixed",
            "closed_at": now.isoformat(),
        },
    ]  # fmt: skip
    return [
        bulk.Adopted(
            acts.Finding(
                kind=district.kinds["bin"], region=district.regions["红叶镇"], place=f"人民路{i}号",
                description="垃圾桶满溢", source="ledger", external=("台账", f"{prefix}{i}"),
            ),
            claims[i % 3],
            words="原台账说明",
        )
        for i in range(n)
    ]  # fmt: skip


def test_a_ledger_is_filed_with_gapless_numbers_and_honest_states(district: District) -> None:
    filed(district)
    made = bulk.adopt_chunk(rows(district, 30), by=district.office, op_id=op())
    filed(district)
    assert [p.number_seq for p in Problem.objects.order_by("number_seq")] == list(range(1, 33))
    for problem in made:
        kept = Problem.objects.get(pk=problem.pk)
        assert state_of(kept) == life.fold(Event.objects.filter(problem=kept).order_by("seq"))
    assert counts(district.office.scopes()) == {
        k: n for (s, k), n in recompute().items() if s == district.regions["凤凰区"].id
    }


def test_the_same_ledger_twice_files_nothing_twice(district: District) -> None:
    same, sheet = op(), rows(district, 12)
    first = bulk.adopt_chunk(sheet, by=district.office, op_id=same)
    again = bulk.adopt_chunk(sheet, by=district.office, op_id=same)
    assert {p.pk for p in first} == {p.pk for p in again}
    bulk.adopt_chunk(rows(district, 15), by=district.office, op_id=op())
    assert Problem.objects.count() == 15


def test_a_failed_ledger_gives_its_numbers_back(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(batch: object) -> None:
        raise RuntimeError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "_write", broken)
        with pytest.raises(RuntimeError):
            bulk.adopt_chunk(rows(district, 5), by=district.office, op_id=op())
    assert Problem.objects.count() == 0
    for _ in range(6):
        filed(district)
    assert sorted(p.number_seq or 0 for p in Problem.objects.all()) == [1, 2, 3, 4, 5, 6]
    assert not NumberHold.objects.filter(held_until__gt=timezone.now()).exists()


def test_a_thousand_rows_take_about_a_second(district: District) -> None:
    started = time.perf_counter()
    made = bulk.adopt_chunk(rows(district, 1000), by=district.office, op_id=op())
    taken = time.perf_counter() - started
    assert Counter(p.status for p in made) == {"new": 334, "run": 333, "done": 333}
    assert taken < 4, taken
