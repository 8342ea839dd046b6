"""A batch on its way: read for the preview, corrected, taken in once, its bytes thrown away."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from weicheng.evidence import store
from weicheng.evidence.models import Purpose
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.intake import chat, duty_table, kinds, layouts
from weicheng.intake.error_sheets import error_sheet
from weicheng.intake.gist import Gist
from weicheng.intake.models import Batch, BatchKind, Drop
from weicheng.sheets.errors import SheetError
from weicheng.sheets.workbook import read_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from weicheng.sheets.workbook import Table

logger = logging.getLogger(__name__)

#: Larger ones are read and taken in by a background job.
ROWS_AT_ONCE = 3000
PICTURES_AT_ONCE = 100
WAITING = (Batch.State.READING, Batch.State.READ, Batch.State.RUNNING)


def is_large(batch: Batch) -> bool:
    """Whether a batch takes longer than a person waits for a page."""
    if batch.kind == BatchKind.CHAT:
        return batch.drops.filter(is_picture=True).count() > PICTURES_AT_ONCE
    return batch.total > ROWS_AT_ONCE


def read(batch: Batch, table: Table | None = None) -> None:
    """Read a batch for its preview; what is found stands in ``batch.report``."""
    try:
        report = chat.preview(batch) if batch.kind == BatchKind.CHAT else _preview(batch, table)
    except SheetError as error:
        report = {"error": [error.code, _plain(error.params)]}
    batch.report = report
    batch.state = Batch.State.READ
    batch.done = 0
    batch.save(update_fields=["report", "state", "total", "sheet", "done"])


def _preview(batch: Batch, table: Table | None) -> dict[str, Any]:
    tables = [table] if table else tables_of(batch)
    table = next((t for t in tables if t.sheet[:80] == batch.sheet), tables[0])
    report: dict[str, Any] = {"sheets": [t.sheet[:80] for t in tables]}
    batch.sheet, batch.total = table.sheet[:80], len(table.rows)
    if batch.kind == BatchKind.UNKNOWN:
        return {**report, "columns": layouts.described(table, "", None)}
    try:
        layout = layouts.layout_of(table, batch.kind, batch.mapping.get("columns"))
    except SheetError as error:
        columns = layouts.described(table, batch.kind, None)
        return {**report, "columns": columns, "error": [error.code, _plain(error.params)]}
    job = _job(batch, table, layout)
    gist = kinds.rehearse(job, _teller(batch))
    columns = layouts.described(table, batch.kind, layout)
    return {**report, "columns": columns, "gist": gist.as_json()}


def tables_of(batch: Batch) -> list[Table]:
    """The sheets of the dropped file. Raises SheetError."""
    drop = batch.drops.filter(is_picture=False).first()
    if drop is None:
        raise SheetError("empty")
    return read_tables(bytes(drop.content), drop.filename)


def _job(batch: Batch, table: Table, layout: Any) -> kinds.Job:
    return kinds.Job(
        kind=batch.kind, table=table, layout=layout, district=batch.district, by=batch.by,
        now=batch.started_at or timezone.now(), op_id=batch.pk, batch=batch,
    )  # fmt: skip


def _teller(batch: Batch) -> Callable[[int], None]:
    def tell(done: int) -> None:
        Batch.objects.filter(pk=batch.pk).update(done=done)

    return tell


def correct(batch: Batch, *, kind: str, sheet: str, columns: dict[str, str] | None) -> None:
    """Take a person's word for kind, sheet and columns, and mark the batch to be read again."""
    if kind != batch.kind or (sheet and sheet != batch.sheet):
        columns = None
    if kind != batch.kind:
        duty_table.forget_cells(batch)
    batch.kind = kind
    batch.sheet = sheet or batch.sheet
    batch.mapping = {"columns": columns} if columns is not None else {}
    batch.state = Batch.State.READING
    batch.save(update_fields=["kind", "sheet", "mapping", "state"])


def start(batch: Batch) -> bool:
    """Mark a batch as being taken in; False when it is, or was, already."""
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != Batch.State.READ or row.report.get("error") or not ready(row):
            return False
        row.state, row.started_at, row.done = Batch.State.RUNNING, timezone.now(), 0
        row.save(update_fields=["state", "started_at", "done"])
    batch.refresh_from_db()
    return True


def ready(batch: Batch) -> bool:
    """Whether there is something to take in: a whole-or-nothing table has no wrong row."""
    if batch.kind == BatchKind.CHAT:
        return bool(batch.report.get("findings"))
    gist = batch.report.get("gist")
    return bool(gist) and not (gist["whole"] and gist["refused"])


def take(batch: Batch) -> None:
    """Take a started batch in. May be repeated after a crash: nothing is taken in twice."""
    batch.refresh_from_db()
    if batch.state != Batch.State.RUNNING:
        return
    try:
        result = chat.take(batch, _teller(batch)) if batch.kind == BatchKind.CHAT else _take(batch)
    except Exception:
        report = {**batch.report, "failed": True}
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.READ, report=report)
        raise
    _finish(batch, result)
    for other in _neighbours(batch):
        read(other)


def _neighbours(batch: Batch) -> list[Batch]:
    """Small batches of the same drop that wait: what they would add has changed."""
    same = Batch.objects.filter(
        created_at=batch.created_at, by=batch.by_id, state=Batch.State.READ,
        total__lte=ROWS_AT_ONCE, drops__isnull=False,
    )  # fmt: skip
    wanted = same.exclude(kind__in=(BatchKind.CHAT, BatchKind.UNKNOWN)).distinct()
    return list(wanted.select_related("district", "by"))


def _take(batch: Batch) -> dict[str, Any]:
    tables = tables_of(batch)
    table = next((t for t in tables if t.sheet[:80] == batch.sheet), tables[0])
    del tables
    layout = layouts.layout_of(table, batch.kind, batch.mapping.get("columns"))
    if batch.mapping.get("columns"):
        layouts.remember(batch.kind, layouts.labels_of(table, batch.kind), batch.mapping["columns"])
    gist = kinds.take(_job(batch, table, layout), _teller(batch))
    if gist.refused:
        batch.refused = len({note.row for note in gist.refused})
        data = error_sheet(table, gist.refused, kind=batch.kind, labels=layout.labels)
        _keep_errors(batch, data)
    return {"gist": replace(gist, shown=[], head=[]).as_json()}


def _keep_errors(batch: Batch, data: bytes) -> None:
    try:
        batch.error_sheet = store.keep(
            data, filename=errors_name(batch), purpose=Purpose.TABLE, by=batch.by
        )
    except EvidenceRefused:
        logger.exception("the error sheet of batch %s was not kept", batch.pk)


def errors_name(batch: Batch) -> str:
    """What the sheet of refused rows is called."""
    return f"{batch.filename.rsplit('.', 1)[0] or '导入'}-没有导入的行.xlsx"


def errors_of(batch: Batch) -> bytes:
    """The sheet of refused rows of a batch that waits to be confirmed."""
    table = next(t for t in tables_of(batch) if t.sheet[:80] == batch.sheet)
    layout = layouts.layout_of(table, batch.kind, batch.mapping.get("columns"))
    gist = Gist.of_json(batch.report["gist"])
    return error_sheet(table, gist.refused, kind=batch.kind, labels=layout.labels)


@transaction.atomic
def _finish(batch: Batch, result: dict[str, Any]) -> None:
    batch.state, batch.finished_at = Batch.State.DONE, timezone.now()
    batch.report = {"result": result}
    batch.save(
        update_fields=["state", "finished_at", "report", "refused", "error_sheet", "done", "total"]
    )
    forget_drops(batch)


def forget_drops(batch: Batch) -> None:
    """Throw away the bytes that no other batch still waits for."""
    mine = list(batch.drops.values_list("id", flat=True))
    batch.drops.clear()
    needed = Drop.objects.filter(pk__in=mine, batches__state__in=WAITING).values("id")
    Drop.objects.filter(pk__in=mine).exclude(pk__in=needed).delete()


@transaction.atomic
def discard(batch: Batch) -> None:
    """Forget a batch that was not taken in."""
    forget_drops(batch)
    duty_table.forget_cells(batch)
    batch.state, batch.finished_at = Batch.State.FAILED, timezone.now()
    batch.report = {"discarded": True}
    batch.save(update_fields=["state", "finished_at", "report"])


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    keep = (int, str, list)
    return {key: value if isinstance(value, keep) else str(value) for key, value in params.items()}
