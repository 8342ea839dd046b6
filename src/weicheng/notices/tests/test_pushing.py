"""Messages out of the house: allowance, quiet hours, circuit, outages and killed workers.

The clock is an argument; the provider is a real server on this machine.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from datetime import time as dtime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from tests.district import District, dispatched, in_hours, make_district, op
from tests.journeys.house import House

from weicheng.journal import outbox
from weicheng.notices import acts, digests, hours, jobs, pushing
from weicheng.notices.models import Channel, Delivery, Notice, PushDay
from weicheng.notices.sending import Outcome
from weicheng.notices.tests.conftest import robot
from weicheng.notices.tests.provider import Provider
from weicheng.notices.words import BREAKS_THROUGH
from weicheng.people.models import Person
from weicheng.problems import acts as deeds
from weicheng.problems.models import Problem
from weicheng.workdays.book import calendar

TUESDAY = date(2026, 11, 24)


def at(clock: str, day: date = TUESDAY) -> datetime:
    """A moment of the local day."""
    hour, minute = map(int, clock.split(":"))
    return timezone.make_aware(datetime.combine(day, dtime(hour, minute)))


MORNING = at("10:00")


def planned(
    channel: Channel, problem: Problem, sort: str = "assigned", *, now: datetime = MORNING,
    key: str = "", **more: Any,
) -> Delivery:  # fmt: skip
    """A push to everybody of the channel's unit, as an act leaves it."""
    assert channel.unit is not None
    persons = list(channel.unit.posts.values_list("person_id", flat=True))
    return Delivery.objects.create(
        channel=channel, key=key or f"{op()}", kind="push", sort=sort, problem=problem,
        persons=persons, planned_at=now, not_before=now, **more,
    )  # fmt: skip


def due_later(d: District, **fields: Any) -> Problem:
    """A matter of 环卫局 that is due the day after."""
    problem = dispatched(d)
    Problem.objects.filter(pk=problem.pk).update(due_at=MORNING + timedelta(days=2), **fields)
    problem.refresh_from_db()
    return problem


def push(channel: Channel, now: datetime = MORNING) -> int:
    """Send all that may leave now."""
    n = 0
    while pushing.step(channel.pk, now=now):
        n += 1
    return n


def states(channel: Channel) -> list[str]:
    return list(channel.deliveries.order_by("id").values_list("state", flat=True))


pytestmark = pytest.mark.django_db


def test_an_act_reaches_the_group_with_number_place_and_time_and_no_name(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    problem = dispatched(district)
    while outbox.drain(now=in_hours(0.01)):
        continue
    row = channel.deliveries.get()
    now = hours.next_leave(row.not_before, calendar())
    assert push(channel, now) == 1
    (said,) = robot_maker.texts
    assert problem.number in said
    assert "张家沟小区" in said
    assert "派给你单位" in said
    assert [p.name for p in district.people.values() if p.name in said] == []
    assert "13800000000" not in said
    assert states(channel) == ["sent"]


def test_the_fourth_push_of_a_day_waits_for_the_digest_and_the_next_day_has_three_again(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    problem = due_later(district)
    for _ in range(5):
        planned(channel, problem)
    assert push(channel) == 3
    assert states(channel) == ["sent"] * 3 + ["digest"] * 2
    planned(channel, problem)
    assert push(channel, at("10:00", date(2026, 11, 25))) == 1


@pytest.mark.parametrize(
    ("sort", "passes"),
    [("soon", True), ("sent_back", True), ("leader_words", True), ("assigned", False),
     ("late", False), ("reopened", False), ("settle", False)],
)  # fmt: skip
def test_only_three_sorts_break_through_the_allowance(
    district: District, channel: Channel, robot_maker: Provider, sort: str, passes: bool
) -> None:
    problem = due_later(district)
    for _ in range(3):
        planned(channel, problem)
    planned(channel, problem, sort)
    assert push(channel) == 3 + passes


def test_two_channels_share_the_allowance_of_a_person(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    other = robot(district, robot_maker)
    problem = due_later(district)
    for _ in range(2):
        planned(channel, problem)
        planned(other, problem)
    assert push(channel) + push(other) == 3


@pytest.mark.parametrize(
    ("clock", "day", "urgent", "leaves"),
    [
        ("08:00", TUESDAY, False, True), ("07:59", TUESDAY, False, False),
        ("18:59", TUESDAY, False, True), ("19:00", TUESDAY, False, False),
        ("03:00", TUESDAY, True, True), ("03:00", TUESDAY, False, False),
        ("10:00", date(2026, 11, 28), False, False),  # a Saturday
        ("10:00", date(2026, 11, 28), True, True),
        ("10:00", date(2026, 10, 1), False, False),  # a holiday on a Thursday
    ],
)  # fmt: skip
def test_quiet_hours_are_broken_only_by_what_is_most_urgent(
    district: District, channel: Channel, robot_maker: Provider, clock: str, day: date,
    urgent: bool, leaves: bool,
) -> None:  # fmt: skip
    now = at(clock, day)
    row = planned(channel, due_later(district), "sent_back", now=now, urgent=urgent)
    assert push(channel, now) == leaves
    row.refresh_from_db()
    if not leaves:
        assert row.state == "waiting"
        assert row.not_before == hours.next_leave(now, calendar())
        assert push(channel, row.not_before) == 1


def test_what_was_closed_meanwhile_is_no_longer_sent(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    problem = due_later(district)
    planned(channel, problem)
    deeds.close(problem=problem, outcome="gone", words="已清", by=district.office, op_id=op())
    assert push(channel) == 0
    assert robot_maker.heard == []


def test_a_robot_gets_eighteen_a_minute(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    problem = due_later(district)
    for _ in range(25):
        planned(channel, problem, "sent_back")
    assert push(channel) == 18
    assert push(channel, MORNING + timedelta(seconds=10)) == 3
    assert push(channel, MORNING + timedelta(seconds=60)) == 4


@pytest.mark.parametrize("mood", ["refusing", "garbage", "broken"])
def test_a_yes_on_the_wire_is_not_yet_a_yes(
    district: District, channel: Channel, robot_maker: Provider, mood: str
) -> None:
    robot_maker.mood = mood
    row = planned(channel, due_later(district))
    push(channel)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.error in {"errcode_93000", "garbage", "http_502"}
    assert set(PushDay.objects.values_list("n", flat=True)) == {0}  # no allowance is used up


def test_a_lost_acknowledgement_is_repeated_once_and_marked(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    robot_maker.mood = "dying"
    row = planned(channel, due_later(district))
    now = MORNING
    for _ in range(6):
        push(channel, now)
        now += timedelta(minutes=20)
    row.refresh_from_db()
    assert (row.state, len(robot_maker.heard)) == ("unsure", 2)
    assert ["重发" in said for said in robot_maker.texts] == [False, True]


def test_the_circuit_opens_after_five_failures_and_half_opens_once_a_minute(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    robot_maker.mood = "refusing"
    problem = due_later(district)
    for _ in range(10):
        planned(channel, problem, "sent_back")
    assert push(channel) == 5
    asked = [push(channel, MORNING + timedelta(seconds=s)) for s in range(1, 181)]
    assert sum(asked) == 3
    assert [s for s, n in enumerate(asked, 1) if n] == [60, 120, 180]
    robot_maker.mood = "kind"
    assert push(channel, MORNING + timedelta(seconds=240)) > 1


def test_a_provider_down_for_a_day_loses_nothing_and_the_rest_is_called_by_phone(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    robot_maker.mood = "refusing"
    problem = due_later(district)
    keys = [f"k{n}" for n in range(12)]
    now = MORNING
    for n in range(24 * 3):  # a look every twenty minutes, all day and night
        if n % 6 == 0:
            planned(channel, problem, "sent_back", now=now, key=keys[n // 6])
        push(channel, now)
        now += timedelta(minutes=20)
        if n == 0:
            assert pushing.undelivered(now=now) == []
        if n == 1:
            (row,) = pushing.undelivered(now=now)
            assert row.channel == channel
    assert set(states(channel)) == {"waiting"}
    robot_maker.mood, robot_maker.heard = "kind", []
    for _ in range(20):
        push(channel, now)
        now += timedelta(minutes=10)
    assert states(channel) == ["sent"] * 12
    assert len(robot_maker.heard) == 12
    assert pushing.undelivered(now=now) == []


def test_a_provider_that_hangs_holds_up_no_act(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    robot_maker.mood = "silent"
    began = time.monotonic()
    for _ in range(3):
        dispatched(district)
    while outbox.drain(now=in_hours(0.01)):
        continue
    assert time.monotonic() - began < 3
    assert robot_maker.reached == 0
    assert Notice.objects.count() == 3


def test_the_digest_goes_out_at_nine_and_at_five_once_each(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    problem = due_later(district)
    for clock in ("08:59", "09:00", "09:01", "12:00", "16:59", "17:00", "17:30", "20:00"):
        digests.plan(now=at(clock), days=calendar())
        push(channel, at(clock))
    digests.plan(now=at("09:00", date(2026, 11, 28)), days=calendar())
    assert len(robot_maker.heard) == 2
    assert problem.number in robot_maker.texts[0]
    assert list(channel.deliveries.order_by("id").values_list("key", flat=True)) == [
        "digest:2026-11-24T09", "digest:2026-11-24T17",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "where"), [("wecom", "text"), ("dingtalk", "text"), ("feishu", "content")]
)
def test_each_kind_of_robot_is_spoken_to_in_its_own_way(
    district: District, robot_maker: Provider, sort: str, where: str
) -> None:
    made = robot(district, robot_maker, sort=sort, secret="SEC1")
    acts.test(made, key=op(), now=MORNING)
    assert push(made) == 1
    assert states(made) == ["sent"]
    (said,) = robot_maker.heard
    assert "测试消息" in str(said[where])
    signed = "sign=" in robot_maker.paths[0] or "sign" in said
    assert signed == (sort != "wecom")


def test_the_workers_jobs_find_the_channel_and_send(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    acts.test(channel, key=op(), now=timezone.now())
    for _ in range(2):
        jobs.send_on.func(timestamp=0)
    jobs.send.func(channel=str(channel.pk))
    jobs.send.func(channel=str(channel.pk))
    assert ["测试消息" in said for said in robot_maker.texts] == [True]
    jobs.fade_nightly.func(timestamp=0)


def test_a_host_that_lost_its_approval_gets_nothing(
    district: District, channel: Channel, robot_maker: Provider
) -> None:
    from weicheng.notices.models import PrivateHost

    PrivateHost.objects.update(approved_by=None, approved_at=None)
    planned(channel, due_later(district))
    push(channel)
    assert robot_maker.reached == 0
    assert channel.deliveries.get().error == "foreign_host"


def test_a_busy_time_never_brings_anybody_more_than_three_a_day_nor_any_in_the_night(
    district: District, channel: Channel
) -> None:
    """Four days of random news on three groups that share people; nothing is lost."""
    chance = random.Random(20261124)
    groups = [channel, *(Channel.objects.create(**_like(channel, n)) for n in range(2))]
    problem = due_later(district)
    Problem.objects.filter(pk=problem.pk).update(due_at=MORNING + timedelta(days=30))
    people = list(Person.objects.values_list("pk", flat=True))[:9]
    sorts = ["assigned", "late", "reopened", "soon", "sent_back"]
    left: Counter[tuple[UUID, date]] = Counter()
    now = at("00:00")
    for _ in range(4 * 24):
        for group in groups:
            if chance.random() < 0.3:
                row = planned(group, problem, chance.choice(sorts), now=now)
                row.persons = chance.sample(people, 3)
                row.save()
        now += timedelta(hours=1)
        for group in groups:
            while (sent := pushing.claim(group.pk, now=now)) is not None:
                pushing.finish(sent.pk, Outcome("accepted"), now=now)
                assert hours.may_leave(now, calendar(), urgent=False)
                if sent.sort not in BREAKS_THROUGH:
                    left.update((p, timezone.localdate(now)) for p in sent.persons)
    assert 0 < max(left.values()) <= 3
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"sent", "digest", "waiting"}


def _like(channel: Channel, n: int) -> dict[str, Any]:
    """Another group of the same unit."""
    return {
        "sort": "wecom", "name": f"群{n}", "region": channel.region, "unit": channel.unit,
        "host": channel.host, "target": channel.target,
    }  # fmt: skip


SEND_AND_DIE = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from weicheng.notices import pushing
pushing.finish = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
pushing.step(sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_writing_repeats_once_and_says_so(
    transactional_db: None, robot_maker: Provider, settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    settings.CHANNEL_CA = robot_maker.ca
    d = make_district()
    channel = robot(d, robot_maker)
    row = planned(channel, due_later(d))
    house = House(tmp_path_factory.mktemp("killed"))
    environment = {**house.environment(), "WEICHENG_CHANNEL_CA": robot_maker.ca}
    command = [sys.executable, "-c", SEND_AND_DIE, str(channel.pk), MORNING.isoformat()]
    ended = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-800:]
    row.refresh_from_db()
    assert (row.state, len(robot_maker.heard)) == ("sending", 1)
    assert push(channel, MORNING + timedelta(seconds=30)) == 0  # it is still held
    assert push(channel, MORNING + timedelta(seconds=61)) == 1
    assert push(channel, MORNING + timedelta(hours=1)) == 0
    row.refresh_from_db()
    assert (row.state, row.unsure) == ("sent", 1)
    assert ["重发" in said for said in robot_maker.texts] == [False, True]
    assert PushDay.objects.get(person=row.persons[0]).n == 1
