"""The particular matters of the demo performed: what a visitor is told on its pages is so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from weicheng.complaints.models import Complaint
from weicheng.demo import story
from weicheng.demo.build import build_demo
from weicheng.demo.cases import HANDED_OVER
from weicheng.demo.plot import ZONE
from weicheng.intake.models import Lead
from weicheng.journal.models import Outbox
from weicheng.notices.models import Notice
from weicheng.people.models import User
from weicheng.problems.deadlines import uncertain_year
from weicheng.problems.models import Alarm, Link, Problem, Request

NOW = datetime(2026, 11, 20, 10, 20, tzinfo=ZONE)


@pytest.fixture
def told(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty days of the particular matters and a dozen of ordinary ones."""
    monkeypatch.setenv("WEICHENG_VAR", str(tmp_path))
    monkeypatch.setattr(story, "USUAL", 12)
    assert build_demo(today=NOW).refused == []


def test_the_particular_matters_are_performed_without_a_refusal_and_stand_as_told(
    told: None,
) -> None:
    _asked()
    _one_of_many()
    _handed_over()
    _rung()
    _around()


def _asked() -> None:
    waiting = Request.objects.filter(state=Request.State.WAITING)
    assert sorted(waiting.values_list("sort", flat=True)) == ["dispute", "dispute", "extension"]
    third = Problem.objects.get(bounces=2)
    assert third.settler_unit is not None
    assert third.settler_unit.short_name == "市容环境专责组"
    paused = Problem.objects.get(paused=True)
    assert uncertain_year(paused) == 2027


def _one_of_many() -> None:
    sorts = list(Link.objects.values_list("sort", flat=True))
    assert sorted(sorts) == ["merged", "merged", "split", "split", "split"]
    assert list(Problem.objects.filter(said_again=2).values_list("status", flat=True).order_by(
        "status")) == ["done", "run"]  # fmt: skip


def _handed_over() -> None:
    unit, _days, follower, _title = HANDED_OVER
    case = Problem.objects.get(lead_unit__short_name=unit, kind="river_dirty", status="run")
    assert case.person is not None
    assert case.person.name == follower


def _rung() -> None:
    assert set(Alarm.objects.values_list("sort", flat=True)) >= {"soon", "late", "sign_late"}
    assert not Outbox.objects.exists()
    group = User.objects.get(username="zuzhang")
    assert Notice.objects.get(person=group.person, unread=True).sort == "settle"
    assert not Notice.objects.filter(unread=True, at__lt=NOW - timedelta(days=2)).exists()


def _around() -> None:
    leads = Lead.objects.filter(state=Lead.State.WAITING)
    assert leads.exclude(outside=None).count() >= 3
    assert [c.replies.count() for c in Complaint.objects.order_by("at")] == [1, 1, 0]
