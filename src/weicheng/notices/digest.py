"""The digest: what is owed, worst first, as lines to read, to copy into a group and to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.frame.moments import moment, span_words
from weicheng.notices.robots import Message
from weicheng.orders.gather import Group, post_of
from weicheng.orders.texts import post_text
from weicheng.people.models import Post, Unit
from weicheng.problems.models import Obligation, Problem

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.notices.models import Channel

#: Rows read; lines of one text for a group.
MOST_ROWS, MOST_LINES = 300, 20


@dataclass(frozen=True)
class Line:
    """One thing owed, by one unit."""

    duty: Obligation
    problem: Problem
    is_late: bool
    is_today: bool
    is_mine: bool

    @property
    def due_at(self) -> datetime | None:
        """When it is due."""
        return self.duty.due_at


@dataclass(frozen=True)
class Sheet:
    """每日任务单: the lines of some units, worst first, and what is beyond."""

    name: str
    now: datetime
    lines: Sequence[Line]
    more: int
    units: Sequence[Unit] = ()

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(line.is_late for line in self.lines)

    @property
    def today(self) -> int:
        """How many are due before the day is over."""
        return sum(line.is_today for line in self.lines)


def sheet_of(
    units: Iterable[Unit], scopes: Sequence[UUID], *, now: datetime, person: UUID | None = None
) -> Sheet:
    """What these units owe of the problems that these scopes see.

    Worst first: late before due; what residents said again first; then the oldest due time.
    """
    held = list(units)
    ids = [u.id for u in held]
    seen = Problem.objects.in_scopes(scopes).filter(voided=False)
    owed = (
        Obligation.objects.filter(unit__in=ids, state=Obligation.State.OPEN, problem__in=seen)
        .exclude(sort=Obligation.Sort.MAIN, problem__status__in=("check", "done", "new"))
        .exclude(sort=Obligation.Sort.MAIN, part="support", problem__lead_unit__in=ids)
        .select_related("unit", "problem__kind", "problem__region", "problem__site")
        .defer("problem__search", "problem__fixes")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )
    rows = list(owed[: MOST_ROWS + 1])
    more = owed.count() - MOST_ROWS if len(rows) > MOST_ROWS else 0
    lines = [_line(row, now, person) for row in rows[:MOST_ROWS]]
    lines.sort(key=lambda line: (not line.is_late, -line.problem.said_again))  # stable: then by due
    return Sheet(_("、").join(str(u) for u in held), now, lines, more, held)


def _line(duty: Obligation, now: datetime, person: UUID | None) -> Line:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    due = duty.due_at
    is_late = due is not None and due < now
    is_today = due is not None and not is_late and due < midnight + timedelta(days=1)
    mine = person is not None and duty.problem.person_id == person
    return Line(duty, duty.problem, is_late, is_today, mine)


def text_of(sheet: Sheet, most: int = MOST_LINES) -> str:
    """Plain lines for a group: numbers, places and times; no names."""
    local = timezone.localtime(sheet.now)
    head = _("【每日任务单】%(unit)s　%(month)s月%(day)s日 %(time)s") % {
        "unit": sheet.name, "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
    }  # fmt: skip
    if not sheet.lines:
        return "\n".join([head, _("没有欠着的事。")])
    total = len(sheet.lines) + sheet.more
    told = _("未办结%(total)s件，超期%(late)s件，今天到期%(today)s件。") % {
        "total": total, "late": sheet.late, "today": sheet.today,
    }  # fmt: skip
    lines, shown = [head, told], sheet.lines[:most]
    groups = (
        (_("■ 超期未办："), [x for x in shown if x.is_late]),
        (_("▲ 今天到期："), [x for x in shown if x.is_today]),
        (_("● 以后到期："), [x for x in shown if not x.is_late and not x.is_today]),
    )
    n = 0
    for name, rows in groups:
        lines += ["", name] if rows else []
        for row in rows:
            n += 1
            lines.append(_text_line(n, row, sheet.now))
    if total > n:
        lines.append(_("……另有%(n)s件，见系统") % {"n": total - n})
    return "\n".join(lines)


def _text_line(n: int, line: Line, now: datetime) -> str:
    task = f"　{line.duty.words}" if line.duty.words else ""  # tells it from the fix itself
    return _("%(n)s. %(number)s %(title)s（%(when)s）") % {
        "n": n, "number": line.problem.number, "title": line.problem.title() + task,
        "when": when_words(line, now),
    }  # fmt: skip


def when_words(line: Line, now: datetime) -> str:
    """“超期2天”, “今天 16:00前”, or 长期推进 where there is no time."""
    if line.due_at is None:
        return _("长期推进")
    if line.is_late:
        return _("超期%(span)s") % {"span": span_words(now - line.due_at)}
    return _("%(moment)s前") % {"moment": moment(line.due_at, now)}


def message(channel: Channel, now: datetime) -> Message:
    """The digest of a channel: its unit's sheet, its person's, or the whole district's post."""
    title, *lines = _text(channel, now).split("\n")
    return Message(title, tuple(filter(None, lines)), settings.ADDRESS)


def _text(channel: Channel, now: datetime) -> str:
    if channel.unit is not None:
        return text_of(sheet_of([channel.unit], [channel.unit.id], now=now))
    if channel.person_id is not None:
        posts = Post.objects.filter(person=channel.person_id, sort=Post.Sort.WORKING)
        day = timezone.localdate(now)
        units = [p.unit for p in posts.select_related("unit") if p.in_force(day)]
        scopes = [u.id for u in units]
        return text_of(sheet_of(units, scopes, now=now, person=channel.person_id))
    group = Group(str(channel.region_id), channel.region.name, [channel.region_id])
    return post_text(post_of(group, now=now))
