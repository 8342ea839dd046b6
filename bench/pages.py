"""Pages and posts as a browser asks for them, beside the floor behind the same middleware."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench.figures import Claim, p50, side_by_side
from bench.floor.models import Plain
from bench.servers import Server
from bench.wire import Line, get, post, rate
from bench.world import SESSIONS, World, cookie_of
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Problem

LIST_MOST, DEEP_MOST, DASH_MOST = 12, 1.2, 10
LEAN_LEAST, FULL_LEAST = 0.30, 0.20
ROUNDS = 5
FORM = "/problems/new/"
FULL = "/full/"
WORDS = "约三处，请尽快处理。"
_AFTER = re.compile(r'href="\?([^"]*\bafter=[^"]+)"')


@dataclass
class Pages:
    """Both servers and the cookies of those who ask."""

    world: World
    size: str
    ours: Server
    floor: Server
    times: int
    seconds: float
    cookies: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in ("office", "town", "bureau"):
            self.cookies[key] = [cookie_of(self.world.users[key])]
        for n, finder in enumerate(self.world.finders):
            self.cookies[f"finder{n}"] = [cookie_of(finder) for _ in range(SESSIONS)]

    def create(self) -> list[Claim]:
        """Filing, lean and by the page's form, with one and with eight clients."""
        found = []
        for clients in (1, 8):
            two, lean, full, page = self._rates(clients)
            for name, value, least in (
                ("create, act over HTTP", lean, LEAN_LEAST),
                ("create, act with duplicates, routing, due time", full, FULL_LEAST),
                ("create, the page's form", page, FULL_LEAST),
            ):
                found.append(Claim(
                    f"{name}, c={clients}", self.size, "req/s", value, two, at_least=least
                ))  # fmt: skip
        return found

    def _rates(self, clients: int) -> list[float]:
        """Medians over interleaved rounds: the floor's two INSERTs, the acts, the page's form."""
        plans = [
            (self.floor.port, "/two/", 201), (self.floor.port, "/lean/", 201),
            (self.floor.port, FULL, 201),            (self.ours.port, FORM, 302),
        ]  # fmt: skip
        found: list[list[float]] = [[] for _ in plans]
        for turn in range(ROUNDS + 1):
            for kept, (port, path, expected) in zip(found, plans, strict=True):
                asks = [self._posts(path, n) for n in range(clients)]
                told = rate(port, asks, self.seconds, expected)
                if turn:
                    kept.append(told)
        return [statistics.median(values) for values in found]

    def _posts(self, path: str, client: int) -> Iterator[bytes]:
        """Finds as the lean view takes them; the page's form takes every kind, those that go
        straight to their unit with a due time among them, and places of their own, so that what
        may be the same is looked for and nothing is there to be asked about."""
        every = path in {FORM, FULL}
        kinds = cycle(k.key for k in self.world.kinds if every or not k.direct)
        sites = cycle(self.world.sites[client::8])
        for cookie, kind, site in zip(cycle(self.cookies[f"finder{client}"]), kinds, sites):
            own = uuid7()
            place = {"site": str(site.pk), "place": site.name}
            if every:
                place = {"place": f"河堤{own.int % 10**9}号", "region": str(site.region_id)}
            yield post(path, cookie, {
                **place, "op_id": str(own), "kind": kind, "description": WORDS, "source": "daily",
                "do": "file",
            })  # fmt: skip

    def lists(self) -> list[Claim]:
        """Fifty rows as the reader sees them beside fifty bare rows as JSON."""
        kind = self.world.kinds[0].key
        found: list[Claim] = []
        for name, who, query in (
            ("list, open, one scope", "office", "?status=open"),
            ("list, open, 12 scopes", "town", "?status=open"),
            ("list, open, 13 scopes, long past", "bureau", "?status=open"),
            ("list, closed + kind", "office", f"?status=done&kind={kind}"),
            ("list, a unit's duties", "town", "/mine/"),
            ("list, a bureau's duties", "bureau", "/mine/"),
            ("list, to be verified", "office", "/check/"),
            ("list, workbench", "office", "/workbench/"),
        ):
            path = query if query.startswith("/") else f"/problems/{query}"
            mine, theirs = self._beside(path, who, "/rows/")
            found.append(Claim(
                name, self.size, "ms p50", mine, theirs, at_most=LIST_MOST,
                note=self._queries(path, who),
            ))  # fmt: skip
        return [*found, self._deep()]

    def _deep(self) -> Claim:
        """Page 50 of the closed ones beside their first page."""
        first = "/problems/?status=done"
        line, cookie, path = Line(self.ours.port), self.cookies["office"][0], first
        for _page in range(49):
            onward = _AFTER.findall(line.ask(get(path, cookie)).decode())
            if not onward:
                break
            path = "/problems/?" + onward[-1].replace("&amp;", "&")
        line.close()
        mine, theirs = self._both(self.ours.port, path, self.ours.port, first, "office")
        return Claim("list, page 50 / page 1", self.size, "ms p50", mine, theirs, at_most=DEEP_MOST)

    def detail(self) -> list[Claim]:
        """A problem's page beside one row by its key."""
        problem = Problem.objects.filter(status="done").order_by("-filed_at")[7]
        path = f"/problems/{problem.pk}/"
        mine, theirs = self._beside(path, "office", self._one())
        note = self._queries(path, "office")
        return [Claim("detail, page", self.size, "ms p50", mine, theirs, note=note)]

    def dashboard(self) -> list[Claim]:
        """The leader's page of today beside one row by its key."""
        mine, theirs = self._beside("/today/", "office", self._one())
        note = self._queries("/today/", "office")
        return [Claim(
            "dashboard, page of today", self.size, "ms p50", mine, theirs, at_most=DASH_MOST,
            note=note,
        )]  # fmt: skip

    def _one(self) -> str:
        row = next(iter(Plain._default_manager.order_by("id")[:1]))
        return f"/one/{row.pk}/"

    def _beside(self, path: str, who: str, floor: str) -> tuple[float, float]:
        return self._both(self.ours.port, path, self.floor.port, floor, who)

    def _both(
        self, port: int, path: str, floor_port: int, floor: str, who: str
    ) -> tuple[float, float]:
        cookie = self.cookies[who][0]
        mine, theirs = Line(port), Line(floor_port)
        one, two = get(path, cookie), get(floor, cookie)
        for _ in range(4):  # both workers of both servers
            warm, other = Line(port), Line(floor_port)
            warm.ask(one)
            other.ask(two)
            warm.close()
            other.close()
        a, b = side_by_side(self.times, lambda: mine.ask(one), lambda: theirs.ask(two))
        mine.close()
        theirs.close()
        return p50(a), p50(b)

    def _queries(self, path: str, who: str) -> str:
        """How many statements the page asks, in this process, session and user included."""
        client: Any = Client()
        name, _, value = self.cookies[who][0].partition("=")
        client.cookies[name] = value
        with override_settings(ROOT_URLCONF="weicheng.urls"):
            return self._told(client, path)

    def _told(self, client: Client, path: str) -> str:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return f"{len(asked)} queries, {len(answer.content) // 1024} KiB"
