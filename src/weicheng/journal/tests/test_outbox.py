"""News is handed on exactly once, by whichever worker is free; what fails waits and is shown."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from weicheng.journal import outbox
from weicheng.journal.ids import uuid7
from weicheng.journal.models import Outbox

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
LATER = NOW + timedelta(seconds=outbox.UNDO_SECONDS)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One consumer of its own, which fails at 13 and keeps what it hears."""
    said: list[int] = []

    def hear(news: outbox.News, now: datetime) -> None:
        if news.payload["n"] == 13:
            raise ValueError("thirteen")
        said.append(news.payload["n"])

    monkeypatch.setattr(outbox, "_consumers", defaultdict(dict))
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.subscribe("test", "listener", lambda payload: payload["n"] >= 0)
    outbox.handle("listener", hear)
    yield said


def publish(*numbers: int) -> None:
    for n in numbers:
        outbox.publish(topic="test", payload={"n": n}, operation=uuid7(), now=NOW)


def test_news_waits_until_an_undo_is_no_longer_possible(heard: list[int]) -> None:
    publish(1)
    assert outbox.drain(now=LATER - timedelta(seconds=1)) == 0
    assert outbox.drain(now=LATER) == 1
    assert (heard, Outbox.objects.count()) == ([1], 0)


def test_what_nobody_wants_is_not_even_written(heard: list[int]) -> None:
    publish(-1)
    assert Outbox.objects.count() == 0


def test_news_of_a_consumer_without_a_handler_is_kept(heard: list[int]) -> None:
    outbox.subscribe("test", "later")
    publish(1)
    outbox.drain(now=LATER)
    assert [r.consumer for r in Outbox.objects.all()] == ["later"]


def test_one_failing_row_does_not_hold_up_the_others(heard: list[int]) -> None:
    publish(1, 13, 2)
    outbox.drain(now=LATER)
    assert heard == [1, 2]
    (row,) = outbox.stuck()
    assert (row.tries, row.error, row.ready_at) == (1, "ValueError", LATER + outbox.PAUSE)


def test_a_failing_row_waits_twice_as_long_each_time_up_to_an_hour(heard: list[int]) -> None:
    publish(13)
    at, pauses = LATER, []
    for _ in range(9):
        assert outbox.drain(now=at) == 1
        row = Outbox.objects.get()
        pauses.append(row.ready_at - at)
        assert outbox.drain(now=row.ready_at - timedelta(seconds=1)) == 0
        at = row.ready_at
    assert pauses[:3] == [outbox.PAUSE, outbox.PAUSE * 2, outbox.PAUSE * 4]
    assert pauses[-1] == outbox.LONGEST_PAUSE


def test_a_worker_killed_in_the_middle_leaves_its_row_to_the_next(
    heard: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection dies with the process: nothing it wrote stays, its row is free at once."""
    publish(1)

    def killed(news: Any, now: datetime) -> None:
        Outbox.objects.create(consumer="half", topic="x", ready_at=now)
        raise KeyboardInterrupt

    monkeypatch.setitem(outbox._handlers, "listener", killed)
    with pytest.raises(KeyboardInterrupt):
        outbox.drain(now=LATER)
    assert [r.consumer for r in Outbox.objects.all()] == ["listener"]
    outbox.handle("listener", lambda news, now: heard.append(news.payload["n"]))
    outbox.drain(now=LATER)
    assert heard == [1]


def test_four_workers_at_once_hear_everything_once(heard: list[int]) -> None:
    publish(*range(20, 140))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while outbox.drain(now=LATER, most=7):
                continue
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert sorted(heard) == list(range(20, 140))
