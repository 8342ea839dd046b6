"""Whoever verifies is told which photos of a fix are doubtful, and sees the twin beside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.district import District, dispatched, handed_in, op, picture, sign_in

from weicheng.evidence.models import Attachment
from weicheng.places.models import Site
from weicheng.problems import acts, doubts
from weicheng.problems.doubts import doubts_of
from weicheng.problems.models import Problem


def fixed(d: District, photo: Attachment, to: str = "环卫局", **more: Any) -> Problem:
    return acts.hand_in(
        problem=dispatched(d, to=to, **more), fix=acts.Fix("clean", [photo]), by=d.users[to],
        op_id=op(),
    )  # fmt: skip


def kinds(d: District, problem: Problem) -> list[str]:
    rows = Problem.objects.filter(pk=problem.pk).for_rows()
    return [doubt.kind for doubt in doubts_of(list(rows), d.office)[problem.pk]]


def test_a_photo_used_on_another_problem_is_told_with_the_twin(
    district: District, client: Client
) -> None:
    first = fixed(district, picture("same", purpose="after"))
    second = fixed(district, picture("same", purpose="after"))
    assert kinds(district, first) == [] and kinds(district, second) == ["twin"]
    twin = first.after_photo
    assert twin is not None
    sign_in(client, district.office)
    for address in ("/check/", f"/problems/{second.pk}/", f"/workbench/?item={second.pk}"):
        page = client.get(address).content.decode()
        assert f"这张照片在{first.number}用过" in page, address
        assert f"/evidence/{twin.pk}/thumb" in page, address
    assert "用过" not in client.get(f"/problems/{first.pk}/").content.decode()


def test_a_photo_that_was_the_one_before_the_fix_is_told(district: District) -> None:
    before = picture("one")
    problem = fixed(district, picture("one", purpose="after"), photos=[before])
    (doubt,) = doubts_of([problem], district.office)[problem.pk]
    assert doubt.words == "整改后的照片与整改前是同一张"


def test_a_twin_of_another_district_is_told_without_showing_it(district: District) -> None:
    d = district
    site = Site.objects.create(
        name="江边", site_type=d.sites["张家沟小区"].site_type, region=d.regions["滨江街道"]
    )
    found = acts.Finding(kind=d.kinds["bin"], site=site, photos=[picture("far")])
    acts.file(finding=found, by=d.users["临江创卫办"], op_id=op())
    problem = fixed(d, picture("far", purpose="after"))
    (doubt,) = doubts_of([problem], d.office)[problem.pk]
    assert doubt.kind == "twin" and doubt.twin is None and doubt.problem is None


def test_a_photo_taken_far_from_its_site_is_told_beyond_its_accuracy(district: District) -> None:
    Site.objects.update(latitude=30.0, longitude=120.0)
    photo = picture("a", purpose="after")
    problem = fixed(district, photo)
    place = {"latitude": 30.004, "longitude": 120.0}  # 445 m
    Attachment.objects.filter(pk=photo.pk).update(**place, accuracy_m=20)
    assert kinds(district, problem) == ["far"]
    Attachment.objects.filter(pk=photo.pk).update(accuracy_m=200)
    assert kinds(district, problem) == []


def test_a_photo_taken_before_the_dispatch_is_told(district: District) -> None:
    photo = picture("b", purpose="after")
    problem = fixed(district, photo)
    Attachment.objects.filter(pk=photo.pk).update(taken_at=timezone.now() - timedelta(days=2))
    assert kinds(district, problem) == ["early"]


def test_the_doubts_of_many_take_no_more_queries(district: District) -> None:
    def asked() -> int:
        rows = list(Problem.objects.filter(status="check").for_rows())
        with CaptureQueriesContext(connection) as caught:
            doubts_of(rows, district.office)
        return len(caught)

    fixed(district, picture("x", purpose="after"))
    fixed(district, picture("x", purpose="after"))
    few = asked()
    for n in range(4):
        fixed(district, picture("x", purpose="after"))
        handed_in(district, photos=[picture(str(n))])
    assert asked() == few


def test_a_picture_that_stands_everywhere_is_read_up_to_a_bound(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [fixed(district, picture("grey", purpose="after")) for _n in range(6)]
    monkeypatch.setattr(doubts, "MOST", 3)
    (doubt,) = doubts_of([rows[5]], district.office)[rows[5].pk]
    assert doubt.problem == rows[0]
