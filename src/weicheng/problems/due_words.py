"""The words of time limits: a rule as one sentence, and why a problem is due when it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.moments import span_words
from weicheng.problems.reckoning import DAY_KINDS, Amount, Clock, Due, Step, Terms
from weicheng.problems.words import Severity
from weicheng.standards.models import Haste
from weicheng.workdays.kinds import TimeKind
from weicheng.workdays.reckon import Day

if TYPE_CHECKING:
    from weicheng.problems.models import DueRule
    from weicheng.standards.models import ProblemKind


class Line(NamedTuple):
    """One step in words, and the moment it leads to, if any."""

    words: str
    at: datetime | None = None


class Run(NamedTuple):
    """Days in a row that counted, or did not, for the same reason."""

    counts: bool
    words: str


@dataclass(frozen=True)
class Why:
    """Why a problem is due when it is: the rule, each step, the days, and what is not certain."""

    at: datetime
    rule: str
    lines: list[Line] = field(default_factory=list)
    days: list[Run] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


AMOUNTS: dict[str, Promise] = {
    TimeKind.URGENT: _("%(n)s个紧急工作时"),
    TimeKind.HOURS: _("%(n)s个工作时"),
    TimeKind.DAYS: _("%(n)s个工作日"),
    TimeKind.NATURAL: _("%(n)s个自然日"),
}
DAY_WHY: dict[str, Promise] = {
    "work": _("工作日"),
    "makeup": _("调休上班"),
    "weekend": _("周末，不计"),
    "holiday": _("放假，不计"),
    "start": _("起算当天，不计"),
    "closed": _("已下班，不计"),
    "natural": _("自然日"),
}
DAY_NAMED: dict[str, Promise] = {
    "makeup": _("调休上班（%(name)s）"),
    "holiday": _("放假（%(name)s），不计"),
}
STEPS: dict[str, Promise] = {
    "start": _("开始计时"),
    "amount": _("时限%(amount)s"),
    "reached": _("计到"),
    "night": _("落在夜间，顺延到早上"),
    "paused": _("缓办，时钟停着，恢复后顺延"),
    "extended": _("批准延期到"),
    "manual": _("创卫办填定"),
    "whole_reached": _("不超过全程时限"),
    "limit_reached": _("不超过上级规定的时间"),
}
#: Months and days; the year only when it is another than the first day's.
_DAY, _DAY_OF_YEAR = _("n月j日"), _("Y年n月j日")


def amount_words(amount: Amount) -> str:
    """“4个工作时”."""
    return str(AMOUNTS[amount.kind]) % {"n": amount.n}


def why(clock: Clock, due: Due, row: DueRule | None, kind: ProblemKind) -> Why:
    """The steps of a reckoning in the reader's language."""
    lines = [_line(step) for step in due.steps]
    rule = rule_words(row) if row is not None else fallback_words(clock, kind)
    warnings = [unpublished_words(year) for year in due.unpublished]
    return Why(due.at, rule, lines, runs(due.days, clock["kind"]), warnings)


def unpublished_words(year: int) -> str:
    """What is said on every due time that touches a year without a list."""
    return gettext("%(year)s年放假安排未公布，暂按周一至周五推算，公布后重算。") % {"year": year}


def _line(step: Step) -> Line:
    if step.code == "pause":
        assert step.at is not None and step.until is not None
        ends = step.until
        words = gettext("缓办%(span)s，顺延%(gained)s") % {
            "span": span_words(ends - step.at), "gained": _gained(step),
        }  # fmt: skip
        return Line(words, ends)
    words = str(STEPS[step.code])
    if step.code == "amount":
        words %= {"amount": amount_words(Amount(step.n, step.kind))}
        if step.kind == TimeKind.URGENT:
            words = gettext("%(words)s，昼夜、节假日连续计算") % {"words": words}
    return Line(words, step.at)


def _gained(step: Step) -> str:
    """What a pause gave back, in the kind of time of the limit."""
    if step.kind in DAY_KINDS:
        return amount_words(Amount(step.n, step.kind))
    hours, minutes = divmod(step.n // 60, 60)
    words = gettext("%(hours)s小时%(minutes)s分") if minutes else gettext("%(hours)s小时")
    return words % {"hours": hours, "minutes": minutes}


def runs(days: tuple[Day, ...], kind: str) -> list[Run]:
    """The days on the way, equal ones in a row drawn together."""
    found = []
    for (why_, name, counts), group in groupby(days, lambda d: (d.why, d.name, d.counts)):
        row = list(group)
        span = _span(row[0].day, row[-1].day)
        reason = str(DAY_WHY[why_])
        if name and why_ in DAY_NAMED:
            reason = str(DAY_NAMED[why_]) % {"name": name}
        found.append(Run(counts, _run_words(span, reason, row, kind)))
    return found


def _run_words(span: str, reason: str, row: list[Day], kind: str) -> str:
    if not row[0].counts:
        return gettext("%(span)s　%(reason)s") % {"span": span, "reason": reason}
    if kind == TimeKind.HOURS:
        hours, minutes = divmod(sum(day.minutes for day in row), 60)
        worked = gettext("%(hours)s小时%(minutes)s分") if minutes else gettext("%(hours)s小时")
        amount = worked % {"hours": hours, "minutes": minutes}
    else:
        amount = gettext("%(days)s天") % {"days": len(row)}
    return gettext("%(span)s　%(reason)s，计%(amount)s") % {
        "span": span, "reason": reason, "amount": amount,
    }  # fmt: skip


def _span(first: date, last: date) -> str:
    begin = date_format(first, str(_DAY))
    if first == last:
        return begin
    pattern = _DAY if first.year == last.year else _DAY_OF_YEAR
    return gettext("%(first)s至%(last)s") % {
        "first": begin, "last": date_format(last, str(pattern)),
    }  # fmt: skip


def kind_name(kind: ProblemKind) -> str:
    """The kind's name in the reader's language."""
    return kind.name_en if (get_language() or "").startswith("en") else kind.name_zh


def fallback_words(clock: Clock, kind: ProblemKind) -> str:
    """The rule that follows from the kind itself."""
    return gettext("“%(kind)s”没有单独的规则，按类别自带的时限：%(amount)s") % {
        "kind": kind_name(kind),
        "amount": amount_words(Amount(clock["amount"], clock["kind"])),
    }


def tests_words(row: DueRule) -> str:
    """Which problems a row is about: “石桥镇的暴露垃圾（较重）”."""
    parts = []
    if row.region is not None:
        parts.append(gettext("%(region)s的") % {"region": row.region.name})
    if row.haste and row.kind is None:
        parts.append(gettext("%(haste)s的") % {"haste": Haste(row.haste).label})
    parts.append(kind_name(row.kind) if row.kind else gettext("所有问题"))
    notes = [row.condition] if row.condition else []
    notes += [str(Severity(row.severity).label)] if row.severity else []
    notes += [str(Haste(row.haste).label)] if row.haste and row.kind is not None else []
    if notes:
        parts.append(gettext("（%(notes)s）") % {"notes": gettext("、").join(notes)})
    return "".join(parts)


def terms_words(terms: Terms) -> str:
    """“4个工作时内整改；1个工作时内签收；…”."""
    stages = (
        (terms.sign, gettext("%(amount)s内签收")), (terms.fix, gettext("%(amount)s内整改")),
        (terms.verify, gettext("交验后%(amount)s内验收")),
        (terms.whole, gettext("全程%(amount)s")),
    )  # fmt: skip
    said = [words % {"amount": amount_words(amount)} for amount, words in stages if amount]
    return gettext("，").join(said)


def rule_words(row: DueRule) -> str:
    """A row of the table as one sentence."""
    from weicheng.problems.deadlines import terms_of

    return gettext("%(tests)s：%(terms)s。") % {
        "tests": tests_words(row), "terms": terms_words(terms_of(row)),
    }  # fmt: skip
