"""A duty table (责任分工表) on its way in: cells for the preview, then duties of the district."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from weicheng.duties.models import DutyBatch
from weicheng.duties.tables.adopting import Outcome, adopt
from weicheng.duties.tables.choices import apply_choices
from weicheng.duties.tables.drafting import Source, draft
from weicheng.duties.tables.rows import task_rows
from weicheng.intake.gist import Gist
from weicheng.intake.register import Register, kind_of, one_at_a_time
from weicheng.journal import once
from weicheng.journal.models import Operation
from weicheng.people.models import Person, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from weicheng.intake.kinds import Job, Progress
    from weicheng.intake.models import Batch

SHOWN = 6
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_SEAT = re.compile(r"(?:人民政府|政府|街道办事处|办事处|街道办)$")


class _Maker:
    """Finds or makes what a table names, in the register of its district."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def unit(self, name: str) -> Unit:
        """The unit of that name; a town comes with its region, brackets are no part of a name."""
        bare = _BRACKETS.sub("", name).strip() or name
        known = self._register.find_unit(bare)
        if known is not None:
            return known
        kind = kind_of(bare)
        if kind == UnitKind.TOWN:
            town = _SEAT.sub("", bare)
            if re.search(r"[镇乡]$|街道$", town):
                region = self._register.town(town)
                return self._register.unit(town, kind=UnitKind.TOWN, region=region)
            kind = UnitKind.OTHER
        if kind == UnitKind.COMMUNITY:
            kind = UnitKind.OTHER
        return self._register.unit(bare, kind=kind)

    def leader(self, name: str) -> Person:
        """The leader of that name among 区领导."""
        return self._register.person(name, self._register.unit("区领导", kind=UnitKind.LEADERS))

    def person(self, name: str, unit: Unit) -> Person:
        """The person of that name in the unit."""
        return self._register.person(name, unit)


def learn_duty_table(job: Job, dry_run: bool, progress: Progress | None) -> Gist:
    """Keep the cells with their reading; unless it is a dry run, take them over."""
    rows = task_rows(job.table, job.layout)
    gist = Gist(rows=len(rows), head=["task", "assignment", "leader", "deadline"])
    gist.notes = [(row + 1, text) for row, text in job.layout.notes]
    for row in rows[:SHOWN]:
        units = "　".join(cell.words.replace("\n", " ") for cell in row.cells)
        leader = " ".join(row.leaders)
        gist.shown.append([row.task, units, leader, str(row.due)])
    name = job.batch.filename if job.batch else job.source or job.table.sheet
    with transaction.atomic():
        one_at_a_time(job.district)
        batch = draft(rows, Source(job.op_id, name or "", job.district, job.by, job.now))
        with transaction.atomic():
            register = Register(job.district)
            operation = None if dry_run else _operation(job)
            day = timezone.localdate(job.now)
            outcome = adopt(batch, _Maker(register), today=day, operation=operation)
            if dry_run:
                transaction.set_rollback(True)
        if dry_run and job.batch is None:
            transaction.set_rollback(True)
    register.close()
    _tell(gist, outcome, register, batch)
    return gist


def _operation(job: Job) -> Operation:
    """The operation under which everything of this table is written."""
    once.begin(
        op_id=job.op_id, actor=job.by.pk, act="load_duties", body={"district": job.district.pk},
        behalf_person=None, behalf_unit=None, channel="", occurred_at=job.now,
        recorded_at=timezone.now(), device_offset_seconds=None,
    )  # fmt: skip
    return Operation.objects.get(pk=job.op_id)


def _tell(gist: Gist, outcome: Outcome, register: Register, batch: DutyBatch) -> None:
    gist.count({"duty": outcome.added})
    gist.count(register.made)
    gist.known = outcome.known
    for row in outcome.without_clause:
        gist.tell(row, "clause_missing")
    for row in outcome.without_unit:
        gist.tell(row, "units_missing")
    if outcome.provisional:
        gist.tell(0, "provisional", {"count": outcome.provisional})
    if outcome.ended:
        gist.tell(0, "duties_ended", {"count": outcome.ended})
    for task in outcome.gone:
        gist.tell(0, "task_gone", {"value": task})


def forget_cells(batch: Batch) -> None:
    """The office does not want this table: its cells go, unless they were taken over."""
    DutyBatch.objects.filter(pk=batch.pk, state=DutyBatch.State.READ).delete()


def choose(batch: Batch, chosen: Mapping[str, str]) -> None:
    """What the office changed in the preview, before the table is taken over."""
    cells = DutyBatch.objects.filter(pk=batch.pk).first()
    if cells is not None:
        apply_choices(cells, chosen)


def has_cells(key: UUID) -> bool:
    """Whether the preview of this batch shows cells."""
    return DutyBatch.objects.filter(pk=key, state=DutyBatch.State.READ).exists()
