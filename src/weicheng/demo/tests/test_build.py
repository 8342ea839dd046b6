"""The demo built for real: its first weeks, act by act, into a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from weicheng.demo.build import NotEmpty, build_demo
from weicheng.demo.performing import op_id
from weicheng.demo.plot import ZONE
from weicheng.duties.book import book
from weicheng.duties.vacancies import vacancies
from weicheng.evidence.models import Attachment
from weicheng.journal.models import Operation
from weicheng.people.models import Post, Unit, User
from weicheng.people.roles import Role
from weicheng.places.models import Campaign, Region, Site
from weicheng.problems import life
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, Problem

NOW = datetime(2026, 12, 3, 9, 46, tzinfo=ZONE)
ACTS = 80


@pytest.fixture
def built(db: None, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEICHENG_VAR", str(tmp_path))
    with time_machine.travel(NOW - timedelta(minutes=5)):
        made = build_demo(today=NOW, only=ACTS)
    assert made.refused == []
    assert made.acts == ACTS


def test_the_district_of_the_demo_is_whole_and_its_history_true(built: None) -> None:
    _places_and_people()
    _duties()
    _acts_at_their_own_time()
    _state_follows_from_events()
    with pytest.raises(NotEmpty):
        build_demo(today=NOW)


def _duties() -> None:
    """Nearly everything has an owner; what a real table lacks, it lacks too."""
    county = Region.objects.get(level="county")
    office = User.objects.filter(role=Role.OFFICE)[0]
    found = vacancies(book(), office, county, NOW.date())
    assert [hole.item_key for hole in found.holes] == ["slaughter", "breeding_sites"]
    assert [area.area.is_whole for area in found.holes] == [True, False]
    assert [doubt.item_key for doubt in found.doubts] == ["markets"]
    assert len(found.left) == 1
    assert not found.unmanned
    assert found.idle


def _places_and_people() -> None:
    assert Region.objects.filter(level="community").count() == 30
    assert Site.objects.count() >= 2500
    assert Unit.objects.count() >= 110
    assert Campaign.objects.get().applicant.level == "prefecture"
    assert {user.role for user in User.objects.all()} == set(Role.values)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Post.objects.filter(sort=Post.Sort.HOME).count() == 10


def _acts_at_their_own_time() -> None:
    assert Operation.objects.count() >= ACTS
    assert Operation.objects.filter(recorded_at__gte=NOW).count() == 0
    assert Operation.objects.filter(op_id=op_id(0, 0, "")).exists()
    assert Attachment.objects.exclude(taken_at=None).exists()


def _state_follows_from_events() -> None:
    for problem in Problem.objects.all():
        events = Event.objects.filter(problem=problem).order_by("seq")
        assert life.fold(events) == state_of(problem)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT number) FROM problems_problem")
        total, numbers = cursor.fetchone()
    assert total == numbers
