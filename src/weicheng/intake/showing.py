"""A batch in words: what it would add, what to look at, which column is read as what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from weicheng.intake import guesses
from weicheng.intake.fields import field_name
from weicheng.intake.gist import Gist, Note
from weicheng.intake.layouts import VOCABULARY
from weicheng.intake.models import Batch, BatchKind
from weicheng.intake.sentences import file_sentence, general, rows_words, sentence
from weicheng.problems.words import Status

ADDS = {
    "town": gettext_noop("%(n)s个镇街"), "community": gettext_noop("%(n)s个社区"),
    "site": gettext_noop("%(n)s个点位"), "unit": gettext_noop("%(n)s个单位"),
    "person": gettext_noop("%(n)s个人"), "party": gettext_noop("%(n)s条责任关系"),
    "lead": gettext_noop("%(n)s条线索"), "duty": gettext_noop("%(n)s条责任"),
}  # fmt: skip
MOST_NOTES = 40
#: Columns that hold days.
DAYS = frozenset({"found_at", "deadline", "closed_at", "at", "since", "until"})
_ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d).*)?")
MOST_ALIKE = 4
#: Where to go after a kind was taken in: address name, words.
NEXT = {
    "duty": (
        ("places:index", gettext_lazy("去看点位")),
        ("command:units", gettext_lazy("去看单位")),
    ),
    "duties": (
        ("duties:gaps", gettext_lazy("去看责任空档和责任待明确")),
        ("duties:tree", gettext_lazy("去看责任分解")),
    ),
    "ledger": (
        ("command:workbench", gettext_lazy("去工作台")),
        ("problems:list", gettext_lazy("去看问题")),
    ),
    "messages": (("intake:leads", gettext_lazy("去线索池")),),
    "chat": (("intake:inbox", gettext_lazy("去微信群收件箱")),),
    "places": (("places:index", gettext_lazy("去看点位")),),
    "regions": (("places:index", gettext_lazy("去看点位")),),
    "people": (("command:units", gettext_lazy("去看单位")),),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Something to look at: which rows, what about them."""

    rows: str
    words: str


@dataclass
class Shown:
    """Everything that the page of a batch says."""

    batch: Batch
    headline: str = ""
    error: str = ""
    columns: list[dict[str, Any]] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    notices: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    more: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    can_take: bool = False
    has_errors: bool = False


def shown(batch: Batch) -> Shown:
    """The page of a batch in its present state."""
    if batch.state == Batch.State.DONE:
        return _done(batch)
    page, report = Shown(batch), batch.report
    if report.get("discarded"):
        page.error = _("这份没有导入，已经放弃。要导入请重新拖进来。")
        return page
    if report.get("error"):
        page.error = file_sentence(*report["error"])
    elif report.get("failed"):
        page.error = file_sentence("failed")
    elif batch.kind == BatchKind.UNKNOWN and batch.state == Batch.State.READ:
        page.error = _("看不出这是什么表。请在下面选一种，再指明各列。")
    _columns(page)
    if batch.kind == BatchKind.CHAT:
        _chat(page)
    elif "gist" in report:
        _gist(page, Gist.of_json(report["gist"]), _("将新增"))
    return page


def _columns(page: Shown) -> None:
    kind = page.batch.kind
    page.columns = page.batch.report.get("columns", [])
    if kind in VOCABULARY:
        names = VOCABULARY[kind].words
        page.options = sorted(
            ((n, field_name(kind, n)) for n in names), key=lambda pair: list(names).index(pair[0])
        )
        if kind == "duty":
            page.options = [pair for pair in page.options if pair[0] != "serial"]


def _gist(page: Shown, gist: Gist, verb: str) -> None:
    kind = page.batch.kind
    refused = {note.row for note in gist.refused}
    page.headline = headline(kind, gist, verb, len(refused))
    page.head = [field_name(kind, name) for name in gist.head]
    page.rows = [[_cell(name, cell) for name, cell in zip(gist.head, row, strict=False)]
                 for row in gist.shown]  # fmt: skip
    page.refused = grouped(kind, gist.refused)[:MOST_NOTES]
    found = grouped(kind, gist.notices, gist.held)
    page.notices = found[:MOST_NOTES]
    page.more = (
        _("还有%(n)s种提示没有列出") % {"n": len(found) - MOST_NOTES}
        if len(found) > MOST_NOTES
        else ""
    )
    page.notes = [Line(rows_words([row]), text) for row, text in gist.notes]
    page.has_errors = bool(gist.refused)
    blocked = gist.whole and bool(gist.refused)
    page.can_take = gist.rows > len(refused) and not blocked
    if blocked:
        page.error = _("有%(n)s行不对，这张表要全部对了才能导入，现在一行也没有存。") % {
            "n": len(refused)
        }


def _cell(name: str, cell: str) -> str:
    """A cell as a person says it: 待派 for new, 11月2日 for 2026-11-02."""
    if name == "guess":
        return guesses.line(cell)
    if name == "status" and cell in Status.values:
        return str(Status(cell).label)
    return _day(cell) if name in DAYS else cell


def _day(text: str) -> str:
    """“11月2日 08:31” for an ISO day or moment; with its year when that is another one."""
    found = _ISO.fullmatch(text)
    if not found:
        return text
    day = date.fromisoformat(found["day"])
    this_year = day.year == timezone.localdate().year
    words = date_format(day, _("n月j日") if this_year else _("Y年n月j日"))
    return f"{words} {found['clock']}" if found["clock"] else words


def headline(kind: str, gist: Gist, verb: str, refused: int) -> str:
    """“读了57行，将新增5个镇街、16个社区、42个点位、47个单位。”"""
    parts = [_("读到%(n)s行") % {"n": gist.rows}]
    if gist.statuses:
        n = sum(gist.statuses.values())
        split = [
            _("%(status)s%(n)s") % {"status": Status(key).label, "n": count}
            for key, count in sorted(gist.statuses.items())
            if key
        ]
        parts.append(
            _("%(verb)s%(n)s件问题（%(split)s）")
            % {"verb": verb, "n": n, "split": _("、").join(split)}
        )
    adds = added(gist.adds)
    if adds:
        and_so = _("并登记%(adds)s") if gist.statuses else _("%(verb)s%(adds)s")
        parts.append(and_so % {"verb": verb, "adds": adds})
    elif not gist.statuses and not refused:
        parts.append(_("都是已经有的，没有新内容"))
    if gist.guesses:
        parts.append(guesses.summary(gist.guesses))
    if gist.known and (adds or gist.statuses):
        parts.append(_("%(n)s行以前导入过，不重复") % {"n": gist.known})
    if refused:
        parts.append(_("%(n)s行不能导入") % {"n": refused})
    return _("，").join(parts) + _("。")


def added(adds: dict[str, int]) -> str:
    """“5个镇街、16个社区”."""
    return _("、").join(_(words) % {"n": adds[key]} for key, words in ADDS.items() if adds.get(key))


def grouped(kind: str, notes: Sequence[Note], held: Mapping[str, int] | None = None) -> list[Line]:
    """Equal sentences once, with all their rows; in order of their first row.

    ``held``: how many notes of a code there are when not all of them are given.
    """
    more = Counter(held or {})
    more.subtract(note.code for note in notes)
    told = [(note, sentence(note.code, note.params, kind=kind)) for note in notes]
    variety: dict[str, set[str]] = {}
    for note, words in told:
        variety.setdefault(note.code, set()).add(words)
    found: dict[str, list[int]] = {}
    beyond: Counter[str] = Counter()
    for note, said in told:
        words = said
        if len(variety[note.code]) > MOST_ALIKE:
            words = general(note.code, kind=kind) or said
        found.setdefault(words, []).append(note.row)
        beyond[words] += max(more.pop(note.code, 0), 0)
    return [Line(rows_words(rows, beyond[words]), words) for words, rows in found.items()]


def _chat(page: Shown) -> None:
    report = page.batch.report
    if "findings" not in report:
        return
    parts = [
        _("读到%(messages)s条消息、%(photos)s张照片，归成%(findings)s条线索") % report,
        _("%(left_out)s条闲话不收") % report if report["left_out"] else "",
        _("%(doubtful)s条要再看一眼") % report if report["doubtful"] else "",
    ]
    page.headline = _("，").join(p for p in parts if p) + _("。")
    page.head = [_("时间"), _("发送人"), _("内容"), _("照片")]
    page.rows = [[_day(a), b, c, str(n) if n else ""] for a, b, c, n in report["shown"]]
    page.can_take = bool(report["findings"])


def _done(batch: Batch) -> Shown:
    page, result = Shown(batch), batch.report.get("result", {})
    if "gist" in result:
        _gist(page, Gist.of_json(result["gist"]), _("新增"))
        page.error = ""
    else:
        page.headline = _chat_done(result)
        page.refused = [Line("", words) for words in result.get("refusals", [])]
    page.can_take = False
    page.has_errors = batch.error_sheet_id is not None
    if batch.kind == BatchKind.DUTIES:
        cells = reverse("duties:imported", args=[batch.pk])
        page.links.append((cells, _("看每一格怎么读的")))
    for name, words in NEXT.get(batch.kind, ()):
        try:
            page.links.append((reverse(name), str(words)))
        except NoReverseMatch:
            continue
    return page


def _chat_done(result: dict[str, Any]) -> str:
    parts = [_("新增%(leads)s条线索、%(photos)s张照片") % result]
    if result.get("known"):
        parts.append(_("%(known)s条以前收过，不重复") % result)
    return _("，").join(parts) + _("。")
