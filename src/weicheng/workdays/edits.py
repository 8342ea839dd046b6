"""What the office changes in the calendar: a day, the hours, a year's list. Each once, traced."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal import once
from weicheng.journal.refusals import Refusal
from weicheng.workdays import book, shipped
from weicheng.workdays.models import Day, Hours, Year

OFFICE = "office"
Days = dict[date, tuple[bool, str]]

SENTENCES: dict[str, Promise] = {
    "office_only": _("只有创卫办能改工作日历。"),
    "other_body": _("这次提交的编号已经用过，内容却不一样。请刷新后再试。"),
    "hours_order": _("时间先后不对：应当是上班、午休开始、午休结束、下班。"),
}


class Refused(Refusal):
    """A change of the calendar that may not happen."""

    SENTENCES = SENTENCES


def set_day(
    *, by: Any, day: date, working: bool | None, name: str, op_id: UUID, now: datetime | None = None
) -> None:
    """Set a day as worked or free; None gives it back to the list and the week."""
    moment = now or timezone.now()
    with transaction.atomic():
        body = {"day": day, "working": working, "name": name}
        if not _begin(by, "set_day", body, op_id, moment):
            return
        if working is None:
            Day.objects.filter(pk=day).delete()
            _restore_listed(day, op_id, moment)
        else:
            values = {"working": working, "name": name, "operation": op_id, "changed_at": moment}
            Day.objects.update_or_create(day=day, defaults=values)
        book.changed()


def _restore_listed(day: date, op_id: UUID, now: datetime) -> None:
    """A year put in by the office has no shipped list below; its own notice is kept with it."""
    own = Year.objects.filter(pk=day.year).first()
    listed = own.listed.get(day.isoformat()) if own is not None else None
    if listed is not None:
        Day.objects.create(
            day=day, working=listed[0], name=listed[1], operation=op_id, changed_at=now
        )


def set_hours(
    *,
    by: Any,
    since: date,
    hours: tuple[time, time, time, time] | None,
    op_id: UUID,
    now: datetime | None = None,
) -> None:
    """Working hours from a day on: opens, noon from, noon to, closes; None takes them away."""
    moment = now or timezone.now()
    with transaction.atomic():
        if not _begin(by, "set_hours", {"since": since, "hours": hours}, op_id, moment):
            return
        if hours is None:
            Hours.objects.filter(pk=since).delete()
        else:
            opens, noon_from, noon_to, closes = hours
            if not opens < noon_from <= noon_to < closes:
                raise Refused("hours_order")
            Hours.objects.update_or_create(
                since=since,
                defaults={
                    "opens": opens, "noon_from": noon_from, "noon_to": noon_to, "closes": closes,
                    "operation": op_id, "changed_at": moment,
                },
            )  # fmt: skip
        book.changed()


def publish_year(
    *, by: Any, year: int, days: Days, source: str, op_id: UUID, now: datetime | None = None
) -> None:
    """Put in the list of a year; it takes the place of the shipped one and of edited days."""
    moment = now or timezone.now()
    listed = {day.isoformat(): [working, name] for day, (working, name) in sorted(days.items())}
    with transaction.atomic():
        body = {"year": year, "days": listed, "source": source}
        if not _begin(by, "publish_year", body, op_id, moment):
            return
        values = {"source": source, "listed": listed, "changed_at": moment}
        Year.objects.update_or_create(year=year, defaults=values)
        Day.objects.filter(day__year=year).delete()
        for day, (working, name) in days.items():
            Day.objects.update_or_create(
                day=day,
                defaults={
                    "working": working, "name": name, "operation": op_id, "changed_at": moment,
                },
            )  # fmt: skip
        book.changed()


def source_of(year: int) -> tuple[str, str]:
    """Where the list of a year comes from, and how sure that is; empty when there is none."""
    own = Year.objects.filter(pk=year).first()
    if own is not None:
        return own.source, "confirmed"
    listed = shipped.years().get(year)
    return (listed.source, listed.certainty) if listed else ("", "")


def _begin(by: Any, act: str, body: dict[str, Any], op_id: UUID, now: datetime) -> bool:
    """Claim the operation; False when the same change was made before. Raises Refused."""
    if getattr(by, "role", "") != OFFICE:
        raise Refused("office_only")
    return once.claim(Refused, by=by, act=act, body=body, op_id=op_id, now=now)
