"""A day without signal, then a bad line: sixty problems and a hundred and eighty photos, none
lost and none doubled. The phone is a model of these tests: what the server promises it; the real
program goes over a bad line in tests/journeys/test_bad_line_phone.py."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.district import District, make_district, sign_in
from tests.inspecting import with_sheets

from weicheng.evidence.models import Attachment
from weicheng.fieldwork.models import Held, Piece, Sent, Upload
from weicheng.fieldwork.tests.phone import Phone, iso, sha, shot
from weicheng.inspections.models import Found, Visit
from weicheng.people.models import User
from weicheng.problems.models import Event, Photo, Problem

PROBLEMS, PHOTOS = 60, 180
LOST = 0.3
PIECE = 1000  # bytes: a small picture takes one or two pieces
GONE = {"received", "remark", "quarantined"}


class Cut(Exception):
    """The line broke: the request, or its answer, is lost."""


@dataclass
class Disk:
    """What the phone keeps whatever happens to its program."""

    acts: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)


class BadLine:
    """Loses requests and answers, repeats requests, ends the session now and then."""

    def __init__(self, user: User, dice: random.Random) -> None:
        self.user, self.dice = user, dice
        self.client = sign_in(Client(), user)
        self.asked = self.expired = self.lost = 0

    def ask(self, send: Callable[[Client], Any]) -> Any:
        """One request over the line. Raises Cut."""
        self.asked += 1
        if self.asked % 97 == 0:
            self.client.logout()
        if self.dice.random() < LOST / 2:
            self.lost += 1
            raise Cut
        answer = send(self.client)
        if self.dice.random() < 0.05:
            answer = send(self.client)  # a proxy that sends it twice
        if self.dice.random() < LOST / 2:
            self.lost += 1
            raise Cut
        if answer.status_code == 401:
            self.expired += 1
            self.client = sign_in(Client(), self.user)
            raise Cut
        return answer


class Program:
    """The program of the phone: knows nothing but its disk, and may be killed at any request."""

    def __init__(self, disk: Disk, line: BadLine) -> None:
        self.disk, self.line = disk, line

    def run(self) -> None:
        """One round: the acts that are due in batches, then each photo in pieces. A cut is tried
        again later; one in eight kills the program."""
        due = [
            act for op_id, act in self.disk.acts.items()
            if op_id not in self.disk.posted or not set(act["photos"]) & set(self.disk.photos)
        ]  # fmt: skip
        for start in range(0, len(due), 7):
            self.through(partial(self.send_acts, due[start : start + 7]))
        for data in list(self.disk.photos.values()):
            self.through(partial(self.send_photo, data))

    def through(self, work: Callable[[], None]) -> None:
        """A step over the line; what is cut waits for the next round."""
        try:
            work()
        except Cut:
            if self.line.dice.random() < 1 / 8:
                raise

    def send_acts(self, batch: list[dict[str, Any]]) -> None:
        phone = _speaking(self.line)
        answer = self.line.ask(lambda client: phone(client, "acts", {"acts": batch}))
        for told in answer.json()["results"]:
            if told["state"] in GONE and not told["missing"]:
                self.disk.acts.pop(told["op_id"], None)
            else:
                assert told["state"] == "waiting_photos", told
                self.disk.posted.add(told["op_id"])

    def send_photo(self, data: bytes) -> None:
        post, name = _speaking(self.line), sha(data)
        about = {
            "sha256": name, "size": len(data), "taken_at": iso(timezone.now()),
            "offset_seconds": 0, "lat": 30.0, "lon": 120.0, "accuracy_m": 9, "purpose": "before",
        }  # fmt: skip
        told = self.line.ask(lambda client: post(client, "photos", about)).json()
        while told["state"] != "received":
            told = self.send_piece(data, told["have"])
        del self.disk.photos[name]

    def send_piece(self, data: bytes, have: int) -> dict[str, Any]:
        piece, dice = data[have : have + PIECE], self.line.dice
        if dice.random() < 0.05:
            piece = piece[: len(piece) // 2]  # cut in the middle, and the proxy closed it neatly
        answer = self.line.ask(
            lambda client: client.put(
                f"/field/photos/{sha(data)}?from={have}", piece,
                content_type="application/octet-stream",
            )
        )  # fmt: skip
        assert answer.status_code in {200, 409}, answer.content
        found: dict[str, Any] = answer.json()
        return found


def _speaking(line: BadLine) -> Callable[[Client, str, Any], Any]:
    phone = Phone.__new__(Phone)

    def post(client: Client, path: str, told: Any) -> Any:
        phone.client = client
        return phone.post(path, told)

    return post


def a_day(d: District, disk: Disk) -> None:
    """Eight hours without signal: twelve looks, sixty problems, three photos each."""
    begun, made = timezone.now() - timedelta(hours=8), 0
    phone = Phone.__new__(Phone)
    for n in range(PROBLEMS):
        photos = [shot(made + i, size=(96, 72), quality=70) for i in range(3)]
        made += 3
        at = iso(begun + timedelta(minutes=8 * n))
        body = {
            "site": str(d.sites["张家沟小区"].pk), "kind": ("bin", "cable", "road")[n % 3],
            "lat": 30.0 + n / 1000, "lon": 120.0, "accuracy_m": 9, "words": f"第{n}处",
        }  # fmt: skip
        act = phone.act(
            "finding", body, photos=[sha(p) for p in photos], occurred_at=at, offset_seconds=2820
        )
        disk.acts[act["op_id"]] = act
        disk.photos |= {sha(p): p for p in photos}
        if n % 5 == 0:
            look = {"site": body["site"], "failed": ["estate-01"]}
            visit = phone.act("visit", look, occurred_at=at, offset_seconds=2820)
            disk.acts[visit["op_id"]] = visit


def whole(seed: int, d: District) -> BadLine:
    """Send everything, killing the program whenever the line breaks."""
    disk, line = Disk(), BadLine(d.users["检查员"], random.Random(seed))
    a_day(d, disk)
    assert len(disk.photos) == PHOTOS
    for _ in range(400):
        if not disk.acts and not disk.photos:
            return line
        try:
            Program(disk, line).run()
        except Cut:
            disk = copy.deepcopy(disk)  # killed; what is left is what lay on the disk
    raise AssertionError("the phone never came to an end")


def test_sixty_problems_and_a_hundred_and_eighty_photos_over_a_bad_line(
    district: District,
) -> None:
    with_sheets(district)
    line = whole(2026, district)
    assert line.lost > 100 and line.expired >= 3
    assert Problem.objects.count() == Found.objects.count() == PROBLEMS
    assert Visit.objects.count() == PROBLEMS / 5
    assert Photo.objects.count() == Attachment.objects.count() == PHOTOS
    assert Photo.objects.values("attachment").distinct().count() == PHOTOS
    assert {p.photos.count() for p in Problem.objects.all()} == {3}
    assert {f.photos.count() for f in Found.objects.all()} == {3}
    assert not Problem.objects.filter(before_photo=None).exists()
    assert Event.objects.count() == PROBLEMS
    assert not Sent.objects.exclude(missing=[], state="received").exists()
    assert not Held.objects.exists() and not Piece.objects.exists()
    assert Upload.objects.filter(state="received").count() == PHOTOS
    words = sorted(p.description for p in Problem.objects.all())
    assert words == sorted(f"第{n}处" for n in range(PROBLEMS))
    assert {f.offset_seconds for f in Found.objects.all()} == {2820}


@pytest.mark.django_db(transaction=True)
def test_the_same_act_and_photo_sent_eight_times_at_once_are_one() -> None:
    d = make_district()
    with_sheets(d)
    data = shot(7, size=(160, 120))
    phones = [Phone(d.users["检查员"]) for _ in range(8)]
    act = phones[0].act(
        "finding", {"site": str(d.sites["张家沟小区"].pk), "kind": "bin"}, photos=[sha(data)]
    )

    def both(phone: Phone) -> str:
        try:
            told = phone.post("acts", {"acts": [act]}).json()["results"][0]
            phone.announce(data)
            phone.piece(data, 0)
            return str(told["state"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(both, phones))
    assert set(states) <= {"waiting_photos", "received", "refused"}
    for _ in range(3):
        phones[0].announce(data)
    assert phones[0].send(act)[0]["state"] == "received"
    assert Problem.objects.count() == Found.objects.count() == Photo.objects.count() == 1
    assert Attachment.objects.count() == 1
