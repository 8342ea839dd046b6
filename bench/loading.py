"""A ledger on its way in: the file read, its rows filed, beside a bare COPY of as many rows."""

from __future__ import annotations

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import xlsxwriter
from django.db import connection
from django.utils import timezone

from bench.figures import Claim
from bench.world import World
from weicheng.intake.ledger import Ledger, learn_ledger
from weicheng.sheets.ledgers import read_ledger
from weicheng.sheets.workbook import read_tables

LEAST = 1500
HEAD = (
    "序号", "镇街", "社区", "地点", "问题类别", "问题描述", "数量", "责任单位", "发现时间",
    "整改时限", "整改情况", "销号时间",
)  # fmt: skip


def load(world: World, size: str, rows: int) -> list[Claim]:
    """Rows a second through reading and filing, with events, parties and tallies."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "问题台账.xlsx"
        _write(path, world, rows)
        began = perf_counter()
        now = timezone.now()
        tz = timezone.get_default_timezone()
        found = list(read_ledger(read_tables(path)[0], today=timezone.localdate(now), tz=tz))
        read = perf_counter()
        ledger = Ledger(world.district, world.users["office"], uuid.uuid4(), now)
        result = learn_ledger(iter(found), ledger)
        done = perf_counter()
    if result.filed != rows:
        raise RuntimeError(f"{result.filed} of {rows} rows were filed: {result.refused[:3]}")
    bare = _copy(world, rows)
    return [
        Claim("import, rows filed", size, "rows/s", rows / (done - read), at_least=LEAST,
              note=f"bare COPY {bare:.0f} rows/s; {rows} rows"),
        Claim("import, file read and filed", size, "rows/s", rows / (done - began),
              note=f"reading alone {rows / (read - began):.0f} rows/s"),
    ]  # fmt: skip


def _write(path: Path, world: World, rows: int) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("问题台账")
        sheet.write_row(0, 0, HEAD)
        units = [u.name for u in world.units.values() if u.kind == "bureau"]
        for n in range(rows):
            area, kind = world.areas[n * 7 % 100], world.kinds[n * 13 % len(world.kinds)]
            town = area.parent.name if area.parent else ""
            done = n % 9 != 0
            sheet.write_row(n + 1, 0, (
                n + 1, town, area.name, f"{area.name}{n % 10 + 1}号小区{n}栋", kind.name_zh,
                f"{kind.name_zh}{n}处，影响市容", f"{n % 30 + 1}处", units[n % len(units)],
                f"2026-{n % 10 + 1:02d}-{n % 28 + 1:02d}", f"2026-{n % 10 + 1:02d}-28",
                "已整改" if done else "整改中", f"2026-{n % 10 + 1:02d}-28" if done else "",
            ))  # fmt: skip


def _copy(world: World, rows: int) -> float:
    began = perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY floor_plain (id, status, kind, area, place, words, at) FROM STDIN"
        ) as copy,
    ):
        now, area = timezone.now(), world.areas[0].id
        for n in range(rows):
            copy.write_row((uuid.uuid4(), "new", "bin", area, f"place {n}", "words", now))
    return rows / (perf_counter() - began)
