"""What the house does while the days are lived: alarms come true, news is handed on and read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from weicheng.demo.plot import ZONE, at_hour
from weicheng.journal import outbox
from weicheng.journal.models import Outbox
from weicheng.notices import bell, telling
from weicheng.problems.watching import watch

if TYPE_CHECKING:
    from weicheng.demo.settling import Cast

HOURS = (9.1, 18.6)  # when the watchdogs look; people read in the evening
#: The bells were switched on so long ago; what was told before rang for nobody.
RINGING = timedelta(days=2.5)
#: What was told less than so long ago may still be unread.
UNREAD = timedelta(hours=14)
#: Who looks in once in a while only.
RARELY = frozenset({"zuzhang"})
MOST = 500


@dataclass
class Living:
    """The clockwork between two acts; `go_on` turns it up to the next one."""

    cast: Cast
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        self._ticks = _ticks(self.start, self.end)
        self._next = next(self._ticks, None)

    def go_on(self, until: datetime) -> None:
        """Everything that the house does by then."""
        while self._next is not None and self._next <= until:
            self._tick(self._next)
            self._next = next(self._ticks, None)

    def finish(self) -> None:
        """Up to the end of the story; what the planned checks brought late is told before it."""
        self.go_on(self.end)
        self._tick(self.end - timedelta(minutes=1))
        self._tick(self.end)

    def _tick(self, now: datetime) -> None:
        watch(now)
        if now < self.end - RINGING:
            Outbox.objects.filter(consumer=telling.CONSUMER).delete()
        while outbox.drain(now=now, most=MOST) == MOST:
            continue
        if now >= self.end - RINGING:
            for user in self.cast.users.values():
                if user.person_id is not None and user.username not in RARELY:
                    bell.read_all(user, until=now - UNREAD)


def _ticks(start: datetime, end: datetime) -> Iterator[datetime]:
    day = start.astimezone(ZONE).date()
    while day <= end.date():
        yield from (at for at in (at_hour(day, hour) for hour in HOURS) if start < at < end)
        day += timedelta(days=1)
