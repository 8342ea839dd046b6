"""`weicheng load` takes the tables of the import page and says how it went by its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.district import District

from weicheng.cli.load import command
from weicheng.intake.models import Lead
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.sheets.tests.makers import xlsx
from weicheng.sheets.workbook import read_tables

from .dropped import CHAT, DUTY, LEDGER, PHOTOS, photo_bytes

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = ("--as", "创卫办")


def run(*words: Any) -> Result:
    return CliRunner().invoke(command, [str(w) for w in words])


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx(LEDGER))
    return path


def test_a_dry_run_says_what_would_be_and_keeps_nothing(district: District, ledger: Path) -> None:
    result = run("problems", ledger, "--dry-run", *WHERE)
    assert result.exit_code == 2 and "将新增2件问题" in result.output
    assert not Problem.objects.exists()


def test_refused_rows_go_to_a_sheet_and_the_exit_code_tells(
    district: District, ledger: Path, tmp_path: Path
) -> None:
    errors = tmp_path / "错.xlsx"
    result = run("problems", ledger, "--errors", errors, *WHERE)
    assert result.exit_code == 2 and Problem.objects.count() == 2
    assert read_tables(errors)[0].rows[1][0] == 4
    assert run("problems", ledger, *WHERE).exit_code == 2 and Problem.objects.count() == 2


def test_a_duty_sheet_answers_in_json(district: District, tmp_path: Path) -> None:
    path = tmp_path / "包保.xlsx"
    path.write_bytes(xlsx(DUTY))
    result = run("duty-sheet", path, "--json", *WHERE)
    assert result.exit_code == 0
    assert json.loads(result.output)["adds"]["site"] == 2
    assert Site.objects.filter(name="金桥小区").exists()


def test_a_table_with_a_wrong_row_is_not_taken_at_all(district: District, tmp_path: Path) -> None:
    path = tmp_path / "点位.xlsx"
    rows = [["点位名称", "类型", "地址"], ["甲", "居民小区", "路"], ["", "居民小区", ""]]
    path.write_bytes(xlsx(rows))
    assert run("places", path, *WHERE).exit_code == 3
    assert not Site.objects.filter(name="甲").exists()


def test_a_file_of_another_kind_is_refused_with_a_sentence(
    district: District, ledger: Path
) -> None:
    result = run("people", ledger, *WHERE)
    assert result.exit_code == 1 and "找不到" in result.output


def test_a_chat_with_its_folder_goes_to_the_inbox(district: District, tmp_path: Path) -> None:
    chat, folder = tmp_path / "群.txt", tmp_path / "照片"
    chat.write_text(CHAT, encoding="utf-8")
    folder.mkdir()
    for at in PHOTOS:
        (folder / f"mmexport{at}.jpg").write_bytes(photo_bytes().getvalue())
    assert run("chat", chat, "--photos", folder, "--dry-run", *WHERE).exit_code == 0
    assert not Lead.objects.exists()
    assert run("chat", chat, "--photos", folder, *WHERE).exit_code == 0
    assert Lead.objects.count() >= 2


def test_every_template_comes_out_as_a_spreadsheet(district: District) -> None:
    result = CliRunner().invoke(command, ["template", "places"])
    assert read_tables(result.stdout_bytes)[0].rows[0][1] == "点位名称"
