"""Random walks through the life of problems: state, lists and tallies always follow the events."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.district import District, filed, op, picture

from weicheng.problems import acts, deadlines, life, tallies
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, Party, Problem, Tally, TallyDelta
from weicheng.problems.refusals import Refused
from weicheng.problems.verify import verify_problems

STEPS = 60
WALKERS = ["创卫办", "借调", "检查员", "指挥长", "环卫局", "联通", "红叶镇", "市创卫办", "石桥镇"]
ACTS = [
    "dispatch", "dispatch", "hand_in", "hand_in", "pass_fix", "pass_fix", "send_back", "reopen",
    "sign", "recall", "withdraw", "park", "unpark", "set_long_term", "report_progress", "close",
    "decline", "remark", "amend", "void", "undo", "file", "dispatch_by_rule", "ask_extension",
    "ask_pause", "dispute", "dispute", "drop_request", "grant", "grant", "deny", "resume",
    "set_due", "split", "merge", "unmerge", "say_again",
]  # fmt: skip


class Walk:
    """One walk: problems filed so far, and the last operation of each."""

    def __init__(self, district: District) -> None:
        self.d = district
        self.photo = picture("after", purpose="after")
        self.problems = [filed(district)]
        self.last: dict[Any, Any] = {}
        self.done = 0

    def step(self, act: str, walker: str, pick: int) -> None:
        problem = self.problems[pick % len(self.problems)]
        before = state_of(Problem.objects.get(pk=problem.pk))
        same = op()
        try:
            with transaction.atomic():
                self._do(act, problem, {"by": self.d.users[walker], "op_id": same})
            self.done += 1
            if act != "undo":
                self.last[problem.pk] = same
        except Refused as refused:
            assert refused.sentence()
            assert state_of(Problem.objects.get(pk=problem.pk)) == before

    def _do(self, act: str, problem: Problem, who: Any) -> None:
        units, today = self.d.units, timezone.localdate()
        due = timezone.now() + timedelta(days=1)
        calls: dict[str, Any] = {
            "dispatch": {"lead": units["联通" if problem.version % 2 else "环卫局"], "due_at": due},
            "hand_in": {"fix": acts.Fix("clean", [self.photo])},
            "pass_fix": {"level": "above"},
            "send_back": {"reason": "angle"},
            "reopen": {"reason": "relapsed"},
            "park": {"addressee": "铁路段", "words": "函", "review_on": today + timedelta(days=7)},
            "set_long_term": {
                "lead": units["环卫局"],
                "milestones": [(today + timedelta(days=90), "完工")],
            },
            "report_progress": {"words": "进场"},
            "close": {"outcome": "gone"},
            "decline": {"reason": "outside"},
            "remark": {"words": "看过"},
            "amend": {"correction": acts.Correction(severity="serious")},
            "void": {"words": "录错"},
            "undo": {"operation": self.last.get(problem.pk) or op()},
            **self._asking(problem),
        }
        if act == "file":
            kind = "road" if len(self.problems) % 2 else "bin"
            self.problems.append(filed(self.d, kind, by=who["by"]))
        elif act == "dispatch_by_rule":
            acts.dispatch(problem=problem, lead=units["环卫局"], **who)
        else:
            made = getattr(acts, act)(problem=problem, **calls.get(act, {}), **who)
            self.problems += made if act == "split" else []

    def _asking(self, problem: Problem) -> dict[str, Any]:
        units, other = self.d.units, self.problems[problem.version % len(self.problems)]
        later = timezone.now() + timedelta(days=5 + problem.version)
        piece = acts.Piece(kind=self.d.kinds["road"], place="东门", lead=units["环卫局"])
        return {
            "ask_extension": {"reason": "works", "until": later},
            "ask_pause": {"reason": "season", "until": later},
            "dispute": {
                "reason": "duty", "suggested": units["环卫局" if problem.version % 2 else "联通"],
            },
            "deny": {"words": "按期办结"},
            "set_due": {"due_at": later, "words": "等料"},
            "split": {"pieces": [piece], "close": False},
            "merge": {"into": other},
        }  # fmt: skip

    def check(self) -> None:
        for problem in Problem.objects.all():
            state = state_of(problem)
            assert state == life.fold(Event.objects.filter(problem=problem).order_by("seq"))
            assert not state.clock or state.due_at == deadlines.due_of(state.clock).at
            shown = "void" if state.voided else state.status
            rows = set(Party.objects.filter(problem=problem).values_list("status", "due_at"))
            assert rows == {(shown, state.due_at)}
            owed = problem.obligations.filter(part="lead", state="open", unit=problem.lead_unit)
            assert {o.due_at for o in owed} <= {state.due_at}
        assert verify_problems() == []
        kept: Counter[Any] = Counter()
        for tally in Tally.objects.all():
            kept[tally.scope, tally.key] += tally.n
        for delta in TallyDelta.objects.all():
            kept[delta.scope, delta.key] += delta.delta
        assert {k: n for k, n in kept.items() if n} == dict(tallies.recompute())


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(WALKERS), st.integers(0, 5)),
        min_size=STEPS, max_size=STEPS,
    )
)  # fmt: skip
def test_after_any_walk_the_state_is_the_fold_of_its_events(
    district: District, steps: list[tuple[str, str, int]]
) -> None:
    with transaction.atomic():
        walk = Walk(district)
        for number, (act, walker, pick) in enumerate(steps):
            walk.step(act, walker, pick)
            if number % 20 == 0:
                tallies.fold()
        walk.check()
        assert walk.done > 0
        transaction.set_rollback(True)
