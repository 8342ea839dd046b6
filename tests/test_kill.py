"""kill -9 of the web server while people write: every acknowledged act once, and nothing by halves.

Quick form in the suite; ``WEICHENG_KILLS=100`` for the long one.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from PIL import Image

from tests.district import District, dispatched, make_district, sign_in
from tests.journeys.house import House
from weicheng.intake import batches
from weicheng.intake.jobs import later
from weicheng.intake.models import Batch
from weicheng.intake.receiving import Arrived, receive
from weicheng.journal.ids import uuid7
from weicheng.journal.jobs import return_stalled
from weicheng.journal.models import Operation
from weicheng.problems.models import Event, Problem
from weicheng.problems.verify import verify_problems
from weicheng.sheets.tests.makers import xlsx

KILLS = int(os.environ.get("WEICHENG_KILLS", "12"))
WRITERS = 8
ROWS = 1200
CHANCE = random.Random(7)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


SEAM = "----seam"


def form(words: dict[str, str], files: dict[str, bytes]) -> bytes:
    """A form as a browser sends it."""
    parts = [
        f'--{SEAM}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in words.items()
    ]
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="IMG_1.jpg"'
        parts.append(f"--{SEAM}\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode())
        parts.append(content + b"\r\n")
    return b"".join(parts) + f"--{SEAM}--\r\n".encode()


@dataclass
class Writer:
    """One clerk at a socket: does acts, each with its own op_id, until each is answered."""

    port: int
    cookies: dict[str, str]
    kind: str
    matters: list[UUID]
    stop: threading.Event
    photo: bytes
    acknowledged: list[UUID] = field(default_factory=list)
    tries: int = 0
    refused: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Write until told to stop; the act at hand is finished first."""
        self.token = TOKEN.findall(self.ask("GET", "/problems/new/", b"")[1])[0]
        while not self.stop.is_set():
            op_id = uuid7()
            told = {"op_id": str(op_id), "csrfmiddlewaretoken": self.token}
            if self.kind == "hand_in" and self.matters:
                path = f"/problems/{self.matters.pop()}/hand-in/"
                told |= {"measure": "clean", "swept": "0", "swept_fixed": "0"}
            else:
                path = "/problems/new/"
                told |= {
                    "place": "张家沟小区",
                    "kind": "bin",
                    "do": "file",
                    "source": "daily",
                    "sure": "1",
                }
            photo = {"photos": self.photo} if "hand-in" in path else {}
            status, body = self.ask("POST", path, form(told, photo))
            if status == 302:
                self.acknowledged.append(op_id)
            else:
                self.refused.append(f"{status} {path} {body[:200]}")

    def ask(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        """The answer, asked for again whenever the connection is lost; a 5xx is noted."""
        while True:
            self.tries += 1
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            try:
                asked.request(method, path, body, self.headers())
                answer = asked.getresponse()
                text = answer.read().decode()
                if answer.status < 500:
                    return answer.status, text
                self.refused.append(f"{answer.status} {method} {path}")
            except (OSError, http.client.HTTPException):
                pass
            finally:
                asked.close()
            time.sleep(0.1)

    def headers(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": jar, "Content-Type": f"multipart/form-data; boundary={SEAM}"}


@pytest.fixture
def house(
    transactional_db: None, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A web server with two worker processes, to be killed."""
    house = House(tmp_path_factory.mktemp("killed"), workers=2)
    settings.EVIDENCE_ROOT = house.var / "evidence"
    yield house.open()
    house.close()


def cookies(city: District, who: str) -> dict[str, str]:
    """A session, and the token that forms need."""
    client = sign_in(Client(), city.users[who])
    client.get("/problems/new/")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def small_photo() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (160, 120), (30, 120, 60)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_every_acknowledged_act_survives_kill_9_once(house: House) -> None:
    city = make_district()
    matters = [dispatched(city).pk for _n in range(20 + 3 * KILLS)]
    photo = small_photo()
    stop = threading.Event()
    writers = [
        Writer(house.port, cookies(city, who), kind, matters, stop, photo)
        for who, kind in (("检查员", "file"), ("环卫局", "hand_in")) * (WRITERS // 2)
    ]
    threads = [threading.Thread(target=writer.run, daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    for number in range(1, KILLS + 1):
        until_more(writers, 4)
        kill_one(house, whole=number % 6 == 0)
    until_more(writers, WRITERS)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert [r for w in writers for r in w.refused] == []
    acknowledged = [op_id for w in writers for op_id in w.acknowledged]
    asked = sum(w.tries for w in writers)
    print(f"\n{KILLS} kills, {len(acknowledged)} acts acknowledged in {asked} requests")
    assert len(acknowledged) > 3 * KILLS
    _each_is_there_once(acknowledged)
    _numbers_have_no_gaps()
    assert verify_problems() == []


def until_more(writers: list[Writer], more: int, seconds: float = 60) -> None:
    """Wait until so many further acts are acknowledged, and a moment more."""
    until = time.monotonic() + seconds
    wanted = sum(len(w.acknowledged) for w in writers) + more
    while sum(len(w.acknowledged) for w in writers) < wanted:
        assert time.monotonic() < until, "nobody is answered any more"
        time.sleep(0.005)
    time.sleep(CHANCE.uniform(0, 0.05))


def kill_one(house: House, *, whole: bool) -> None:
    """kill -9 of the worker that has served longest, or of the whole server."""
    if whole:
        house.kill()
        house.open()
        return
    wait_for(lambda: bool(house.web_workers()), house)
    os.kill(house.web_workers()[0], signal.SIGKILL)


def test_a_worker_killed_half_way_loses_no_row_and_takes_none_twice(
    transactional_db: None, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house = House(tmp_path_factory.mktemp("worker"))
    settings.EVIDENCE_ROOT = house.var / "evidence"
    batch = a_ledger(make_district())
    try:
        house.spawn("django", "procrastinate", "worker")
        wait_for(lambda: batch_done(batch) > 0, house)
        house.kill()
        assert Batch.objects.get(pk=batch.pk).state == Batch.State.RUNNING, "it was too quick"
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1m'"
            )
        async_to_sync(return_stalled.func)(timestamp=0)
        house.spawn("django", "procrastinate", "worker")
        wait_for(lambda: Batch.objects.get(pk=batch.pk).state == Batch.State.DONE, house)
    finally:
        house.close()
    taken = Counter(Problem.objects.values_list("external_id", flat=True))
    assert taken == Counter(f"T-{n}" for n in range(ROWS))
    assert verify_problems() == []
    _numbers_have_no_gaps()


def a_ledger(city: District) -> Batch:
    """A ledger dropped by the office and confirmed, waiting for a worker."""
    rows = [["编号", "检查时间", "点位", "存在问题", "责任单位", "整改时限"]]
    rows += [
        [f"T-{n}", "2026.11.02", "张家沟小区", f"垃圾桶满溢 第{n}处", "环卫局", "11月20日前"]
        for n in range(ROWS)
    ]
    region = city.regions["凤凰区"]
    batch = receive([Arrived("台账.xlsx", xlsx(rows))], district=region, by=city.office)[0]
    batches.read(batch)
    assert batches.start(batch)
    later("take", batch)
    return batch


def batch_done(batch: Batch) -> int:
    return Batch.objects.values_list("done", flat=True).get(pk=batch.pk)


def wait_for(true: Callable[[], bool], house: House, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, house.log[-2000:]
        time.sleep(0.005)


def _each_is_there_once(acknowledged: list[UUID]) -> None:
    """Every act once in the journal and once in the events; none without its event."""
    kept = Counter(Operation.objects.filter(pk__in=acknowledged).values_list("pk", flat=True))
    assert kept == Counter(acknowledged)
    told = Counter(
        Event.objects.filter(operation_id__in=acknowledged).values_list("operation_id", flat=True)
    )
    assert told == Counter(acknowledged)
    journal = set(Operation.objects.values_list("pk", flat=True))
    assert journal == set(Event.objects.values_list("operation_id", flat=True))


def _numbers_have_no_gaps() -> None:
    given: dict[str, list[int]] = defaultdict(list)
    for number in Problem.objects.values_list("number", flat=True):
        series, _dash, last = number.rpartition("-")
        given[series].append(int(last))
    for series, numbers in given.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), series
