"""Every kind of table: how it is rehearsed for the preview, and how it is taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from weicheng.intake import guesses
from weicheng.intake.duty import learn_duties
from weicheng.intake.duty_table import learn_duty_table
from weicheng.intake.gist import Gist
from weicheng.intake.leads import count_known, learn_messages, proposed
from weicheng.intake.ledger import (
    Ledger,
    LedgerResult,
    due_of,
    learn_ledger,
    rehearse_ledger,
)
from weicheng.intake.models import Batch, LeadSource
from weicheng.intake.tables import learn_table
from weicheng.sheets.cells import tidy
from weicheng.sheets.duties import DutySheet, read_duties
from weicheng.sheets.headers import records
from weicheng.sheets.ledgers import LedgerRow, read_ledger
from weicheng.sheets.messages import CitizenMessage, read_messages
from weicheng.triage.proposing import judge

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region
    from weicheng.sheets.headers import Layout
    from weicheng.sheets.workbook import Table

SHOWN = 6
CUT = 60
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Job:
    """One table to be rehearsed or taken in: for which district, by whom, as of when.

    ``op_id`` makes the taking repeatable: the same job again adds nothing.
    """

    kind: str
    table: Table
    layout: Layout
    district: Region
    by: User
    now: datetime
    op_id: UUID
    batch: Batch | None = None
    source: str = ""
    """The file's name, where no batch tells it."""


def rehearse(job: Job, progress: Progress | None = None) -> Gist:
    """What taking the table in would do; nothing is written."""
    return _WORK[job.kind](job, True, progress)


def take(job: Job, progress: Progress | None = None) -> Gist:
    """Take the table in. Call it outside a transaction: a ledger commits chunk by chunk."""
    return _WORK[job.kind](job, False, progress)


def title_of(table: Table, layout: Layout) -> str:
    """The words above the head of a table, else the sheet's name."""
    above = [tidy(v) for r in range(layout.header_rows[0]) for v in table.rows[r]]
    return next((text for text in above if text), table.sheet)


def _duty(job: Job, dry_run: bool, progress: Progress | None) -> Gist:
    sheet = read_duties(job.table, job.layout)
    title = title_of(job.table, job.layout)
    learnt = learn_duties(sheet, district=job.district, title=title, dry_run=dry_run)
    gist = Gist(rows=len(sheet.rows), notes=[(row, text) for row, text in sheet.notes])
    gist.count(learnt.made)
    for notice in sheet.notices:
        gist.tell(notice.row, notice.code, notice.params)
    _show_duties(gist, sheet)
    return gist


def _show_duties(gist: Gist, sheet: DutySheet) -> None:
    gist.head = ["town", "community", "place", "leader", "unit", "contact", "phone"]
    for row in sheet.rows[:SHOWN]:
        units = "、".join(row.units or (row.unit,))
        gist.shown.append(
            [row.town, row.community, row.place, row.leader, units, row.contact, row.phone]
        )


def _ledger(job: Job, dry_run: bool, progress: Progress | None) -> Gist:
    gist = Gist(head=["found_at", "town", "community", "place", "description", "quantity",
                      "responsible", "deadline", "status"])  # fmt: skip
    rows = _shown_ledger(gist, _ledger_rows(job))
    ledger = Ledger(job.district, job.by, job.op_id, job.now)
    work = rehearse_ledger if dry_run else learn_ledger
    result: LedgerResult = work(rows, ledger, progress=progress)
    gist.rows, gist.known = result.total, result.known
    gist.statuses = dict(result.statuses)
    gist.count(result.made)
    gist.notes = [(row + 1, text) for row, text in job.layout.notes]
    for found, refused in ((result.refused, True), (result.warned, False)):
        for row, errors in found:
            for error in errors:
                if not refused or error.fatal or error.code == "id_repeated":
                    gist.tell(row, error.code, error.params, refused=refused)
    return gist


def _ledger_rows(job: Job) -> Iterator[LedgerRow]:
    from weicheng.places.models import RegionLevel

    inside = job.district.__class__.objects.filter(ancestors__contains=[job.district.id])
    names = {
        level: tuple(inside.filter(level=level).values_list("name", flat=True))
        for level in (RegionLevel.TOWN, RegionLevel.COMMUNITY)
    }
    return read_ledger(
        job.table, today=timezone.localdate(job.now), tz=timezone.get_default_timezone(),
        layout=job.layout, towns=names[RegionLevel.TOWN], communities=names[RegionLevel.COMMUNITY],
    )  # fmt: skip


def _shown_ledger(gist: Gist, rows: Iterator[LedgerRow]) -> Iterator[LedgerRow]:
    """The rows as they pass; the first ones are also shown."""
    for row in rows:
        if len(gist.shown) < SHOWN:
            found = row.found_at.day if row.found_at else None
            due = due_of(row.deadline, timezone.now()) if row.deadline else None
            if row.deadline and row.deadline.word == "long":
                written = tidy(row.raw.get("deadline"))
            else:
                written = timezone.localdate(due).isoformat() if due else ""
            quantity = f"{row.quantity.number:f}{row.quantity.unit}" if row.quantity else ""
            units = "、".join((*row.lead, *row.responsible))
            gist.shown.append([
                found.isoformat() if found else "", row.town, row.community, row.place[:CUT],
                row.description[:CUT], quantity, units, written, row.status,
            ])  # fmt: skip
        yield row


def _messages(job: Job, dry_run: bool, progress: Progress | None) -> Gist:
    tz = timezone.get_default_timezone()
    rows = list(
        read_messages(job.table, today=timezone.localdate(job.now), tz=tz, layout=job.layout)
    )
    head = ["external_id", "author", "at", "title", "text", "guess"]
    gist, told = Gist(rows=len(rows), head=head), _guesses(rows if dry_run else rows[:SHOWN])
    for message in rows:
        for code in message.problems:
            gist.tell(message.row, code)
    for message, guess in zip(rows[:SHOWN], told, strict=False):
        gist.shown.append([*_shown_message(message), guess])
    gist.notes = [(row + 1, text) for row, text in job.layout.notes]
    if dry_run:
        gist.known = count_known(rows, LeadSource.MESSAGE, job.district)
        gist.count({"lead": len(rows) - gist.known})
        gist.guesses = dict(Counter(guess.partition("|")[0] for guess in told))
    else:
        new, gist.known = learn_messages(
            rows, district=job.district, batch=job.batch, now=job.now, progress=progress
        )
        gist.count({"lead": new})
    return gist


def _guesses(messages: list[CitizenMessage]) -> list[str]:
    """What each message seems to be."""
    made = judge()
    return [guesses.code(proposed(made, one.title, one.text)) for one in messages]


def _shown_message(message: CitizenMessage) -> list[str]:
    tz = timezone.get_default_timezone()
    at = f"{message.at.at(tz):%Y-%m-%d %H:%M}" if message.at else ""
    return [message.external_id, message.author, at, message.title[:CUT], message.text[:CUT]]


def _table(job: Job, dry_run: bool, progress: Progress | None) -> Gist:
    result = learn_table(
        job.kind, job.table, district=job.district, layout=job.layout, dry_run=dry_run
    )
    gist = Gist(rows=result.rows, whole=True, head=list(job.layout.columns)[:8])
    gist.count(result.made if not result.wrong else {})
    gist.notes = [(row + 1, text) for row, text in job.layout.notes]
    for wrong in result.wrong:
        gist.tell(wrong.row, wrong.code, wrong.params, refused=True)
    for record in records(job.table, job.layout):
        if len(gist.shown) == SHOWN:
            break
        gist.shown.append([record.text(name)[:CUT] for name in gist.head])
    return gist


_WORK: dict[str, Callable[[Job, bool, Progress | None], Gist]] = {
    "duty": _duty, "duties": learn_duty_table, "ledger": _ledger, "messages": _messages,
    "regions": _table, "places": _table, "people": _table,
}  # fmt: skip
