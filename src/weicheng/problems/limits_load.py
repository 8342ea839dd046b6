"""The first rows of the table of time limits, for an installation that has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from weicheng.problems import deadlines
from weicheng.problems.models import DueRule
from weicheng.standards.models import ProblemKind

FILE = Path(__file__).resolve().parent / "data" / "limits.yaml"
STEP = 10


def load_limits() -> int:
    """Put in the shipped rows where the table is empty; how many. The office's own stay alone."""
    if DueRule.objects.exists():
        return 0
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    known = set(ProblemKind.objects.values_list("key", flat=True))
    given = [row for row in document["rows"] if row["kind"] in known]
    rows = [_row(row, n * STEP, document["source_zh"]) for n, row in enumerate(given, start=1)]
    DueRule.objects.bulk_create(rows)
    deadlines.changed()
    return len(rows)


def _row(row: dict[str, Any], order: int, source: str) -> DueRule:
    stages = {}
    for stage in ("fix", "sign", "verify", "whole"):
        if stage in row:
            stages[f"{stage}_amount"], stages[f"{stage}_kind"] = row[stage]
    return DueRule(
        order=order,
        kind_id=row["kind"],
        condition=row.get("condition", ""),
        note=row.get("note_zh", ""),
        source=source,
        **stages,
    )
