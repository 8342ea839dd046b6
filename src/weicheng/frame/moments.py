"""How times are said: the moment (“今天 16:00”) and what is left of a deadline (“剩 6小时”)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

SOON = timedelta(hours=24)
_DAY_WORDS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


@dataclass(frozen=True, kw_only=True)
class Left:
    """What is left of a deadline: kind "", "soon" or "late"; `used` is a percentage or None."""

    kind: str
    words: str
    exact: str
    used: int | None


def day_words(day: date, today: date) -> str:
    """A day as “今天”, “12月3日 周四”, or with its year when that is another one."""
    if day == today:
        return pgettext("within a sentence", "今天")
    week = gettext(_DAY_WORDS[day.weekday()])
    pattern = gettext("n月j日") if day.year == today.year else gettext("Y年n月j日")
    return gettext("%(day)s %(week)s") % {"day": date_format(day, pattern), "week": week}


def moment(at: date | datetime | None, now: datetime | None = None) -> str:
    """A moment in local words; a plain date has no clock; nothing for None."""
    if at is None:
        return ""
    today = timezone.localdate(now)
    if not isinstance(at, datetime):
        return day_words(at, today)
    local = timezone.localtime(at)
    return gettext("%(day)s %(clock)s") % {
        "day": day_words(local.date(), today),
        "clock": local.strftime("%H:%M"),
    }


def span_words(span: timedelta) -> str:
    """A length of time in at most two units: “3天”, “1天5小时”, “6小时”, “40分钟”."""
    minutes = max(int(span.total_seconds() // 60), 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days >= 3 or (days and not hours):
        return gettext("%(days)s天") % {"days": days}
    if days:
        return gettext("%(days)s天%(hours)s小时") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s小时") % {"hours": hours}
    return gettext("%(minutes)s分钟") % {"minutes": max(minutes, 1)}


def left(due: datetime, now: datetime | None = None, since: datetime | None = None) -> Left:
    """What is left until `due`; `since` is the start of the clock, for the bar."""
    now = now or timezone.now()
    if now > due:
        words = gettext("超期 %(span)s") % {"span": span_words(now - due)}
        exact = gettext("应于%(moment)s前") % {"moment": moment(due, now)}
        return Left(kind="late", words=words, exact=exact, used=100)
    words = gettext("剩 %(span)s") % {"span": span_words(due - now)}
    exact = gettext("%(moment)s前") % {"moment": moment(due, now)}
    used = None
    if since is not None and due > since:
        used = min(max(round(100 * (now - since) / (due - since)), 0), 100)
    return Left(kind="soon" if due - now <= SOON else "", words=words, exact=exact, used=used)
