"""A duty table (责任分工表) is dropped, looked at cell by cell, taken over once, changed later."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, sign_in

from weicheng.cli.load import command
from weicheng.duties.models import Duty, DutyBatch, DutyCell, UnitAlias
from weicheng.duties.resolver import accountable
from weicheng.intake.models import Batch
from weicheng.people.models import Person, Unit
from weicheng.sheets.tests.makers import docx, xlsx
from weicheng.standards.models import Aspect, Item, Standard

from .dropped import drop, dropped, page, taken, upload

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = ["类别", "序号", "工作任务", "牵头领导", "责任分工", "完成时限"]
STREETS = ["市容", "1", "清理占道经营", "马一", "环卫局牵头，经信局配合，各镇街落实", "12月20日前"]
CABLES = ["市容", "2", "整治蜘蛛网", "马一", "经信局、联通负责，注意安全", "长期坚持"]
STRANGE = ["其他", "3", "党风廉政教育", "", "档案局", ""]
ROWS = [HEAD, STREETS, CABLES, STRANGE]


@pytest.fixture
def office(client: Client, district: District) -> Client:
    standard = Standard.objects.get()
    aspect = Aspect.objects.get()
    for number, (key, name, demand) in enumerate(
        (
            ("streets", "道路街巷", "无占道经营，无乱停乱放"),
            ("cables", "城市蜘蛛网", "线缆归整，废弃的剪除"),
        ),
        1,
    ):
        Item.objects.create(
            standard=standard, aspect=aspect, key=key, name_zh=name, name_en=key, number=number,
            demand_zh=demand,
        )  # fmt: skip
    sign_in(client, district.office)
    return client


def looked_at(client: Client, rows: list[list[str]], name: str = "分工.docx") -> DutyBatch:
    """The cells of a dropped table; the office is led straight to them."""
    answer = drop(client, upload(name, docx(rows)))
    assert answer.status_code == 303 and "/duties/tables/" in answer["Location"]
    return DutyBatch.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def take(client: Client, batch: DutyBatch, **choices: str) -> Batch:
    """The batch after 全部采用 with these fields."""
    answer = client.post(reverse("intake:take", args=[batch.pk]), choices)
    assert answer.status_code == 303
    done = Batch.objects.get(pk=batch.pk)
    assert done.state == "done", done.report
    return done


def words(client: Client, batch: DutyBatch, query: str = "") -> str:
    """The page of the cells."""
    answer = client.get(reverse("duties:imported", args=[batch.pk]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def standing() -> list[tuple[str, str, str]]:
    """Clause, part and unit of everything that is in force."""
    rows = Duty.objects.filter(until=None, void=False).order_by("item_key", "order")
    return [(d.item_key, d.part, d.unit.name if d.unit else d.unit_rule) for d in rows]


def test_every_cell_stands_beside_its_reading(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    shown = words(office, batch)
    assert "环卫局牵头，经信局配合，各镇街落实" in shown and "所在镇街" in shown
    assert '<u class="unread">注意安全</u>' in shown
    assert "几个单位都写“负责”，先按第一个牵头" in shown
    assert "没有对上标准里的条目" in shown
    assert not Duty.objects.exists()
    looks = words(office, batch, "?look=1")
    assert "注意安全" in looks and "各镇街落实" not in looks


def test_a_table_becomes_duties_with_leader_and_doubts(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    done = take(office, batch)
    assert standing() == [
        ("cables", "lead", "经信局"), ("cables", "responsible", "联通"),
        ("streets", "lead", "环卫局"), ("streets", "support", "经信局"),
        ("streets", "responsible", "territory"),
    ]  # fmt: skip
    doubtful = Duty.objects.get(provisional=True)
    assert (doubtful.item_key, doubtful.part, doubtful.doubt) == ("cables", "lead", "several")
    leader = Duty.objects.get(item_key="streets", part="lead").leader
    assert leader == Person.objects.get(name="马一") and leader is not None
    assert {d.region for d in Duty.objects.all()} == {district.regions["凤凰区"]}
    told = page(office, done)
    assert "新增1个人、5条责任" in told
    assert "第4行</b>　看不出是标准里的哪一条" in told
    assert DutyCell.objects.get(row=4).words == "档案局"
    assert DutyCell.objects.get(row=2).reading["row"]["due_words"] == "12月20日前"


def test_the_resolver_answers_by_the_table(office: Client, district: District) -> None:
    take(office, looked_at(office, ROWS))
    where: Any = {"region": district.regions["红叶镇"].id, "day": timezone.localdate()}
    answer = accountable(item_key="cables", **where)
    assert answer.lead == district.units["经信局"] and answer.provisional
    sure = accountable(item_key="streets", **where)
    assert sure.lead == district.units["环卫局"] and not sure.provisional
    assert district.units["红叶镇政府"] in sure.responsible


def test_the_same_table_again_adds_nothing(office: Client, district: District) -> None:
    take(office, looked_at(office, ROWS))
    before, units = standing(), Unit.objects.count()
    again = take(office, looked_at(office, ROWS, "分工（2）.docx"))
    assert standing() == before and Unit.objects.count() == units
    assert "都是已经有的" in page(office, again)
    assert Duty.objects.filter(until__isnull=False).count() == 0


def test_a_row_that_differs_ends_the_old_duties_and_leaves_the_others(
    office: Client, district: District
) -> None:
    take(office, looked_at(office, ROWS))
    old = Duty.objects.get(item_key="streets", part="lead")
    other = set(Duty.objects.filter(item_key="cables").values_list("pk", flat=True))
    changed = [*STREETS[:4], "档案局牵头，经信局配合，各镇街落实", STREETS[5]]
    done = take(office, looked_at(office, [HEAD, changed, CABLES, STRANGE]))
    new = Duty.objects.get(item_key="streets", part="lead", until=None)
    old.refresh_from_db()
    assert new.unit == district.units["档案局"] and old.until is not None
    assert old.superseded_by == new and old.ended_by_id == done.pk and new.since is not None
    assert set(Duty.objects.filter(item_key="cables").values_list("pk", flat=True)) == other
    assert Duty.objects.filter(until__isnull=False).count() == 1
    assert "有1条以前的责任和这张表不一样" in page(office, done)


def test_what_the_leader_settled_stays_settled_when_the_table_comes_again(
    office: Client, district: District
) -> None:
    take(office, looked_at(office, ROWS))
    Duty.objects.filter(provisional=True).update(provisional=False, doubt="")
    take(office, looked_at(office, ROWS))
    assert not Duty.objects.filter(provisional=True).exists()


def test_a_row_taken_away_is_told_and_left_as_it_is(office: Client, district: District) -> None:
    take(office, looked_at(office, ROWS))
    done = take(office, looked_at(office, [HEAD, STREETS, STRANGE]))
    assert ("cables", "lead", "经信局") in standing()
    assert "上次的表里有，这次没有，没有改动：整治蜘蛛网" in page(office, done)


def test_one_choice_each_changes_clause_unit_and_part(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    cell = DutyCell.objects.get(batch=batch, row=3)
    office.post(
        reverse("duties:import_save", args=[batch.pk]),
        {"item-4": "streets", f"unit-3-{cell.column}-0": str(district.units["环卫局"].pk)},
    )
    assert not Duty.objects.exists()
    take(office, batch, **{f"part-3-{cell.column}-1": "support"})
    assert ("cables", "lead", "环卫局") in standing() and (
        "cables",
        "support",
        "联通",
    ) in standing()
    assert ("streets", "lead", "档案局") in standing()
    assert not Duty.objects.filter(provisional=True).exists()


def test_a_row_that_was_looked_at_is_no_longer_in_doubt(office: Client, district: District) -> None:
    take(office, looked_at(office, ROWS), **{"ok-3": "1"})
    assert Duty.objects.count() == 5 and not Duty.objects.filter(provisional=True).exists()


def test_choices_survive_another_reading_of_the_same_file(
    office: Client, district: District
) -> None:
    batch = looked_at(office, ROWS)
    office.post(reverse("duties:import_save", args=[batch.pk]), {"item-4": "cables"})
    fields = {"kind": "duties", "sheet": "1"}
    office.post(reverse("intake:correct", args=[batch.pk]), fields)
    assert DutyCell.objects.get(batch=batch, row=4).item_key == "cables"


def test_a_made_up_choice_changes_nothing(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    cell = DutyCell.objects.get(batch=batch, row=2)
    wrong = {f"part-2-{cell.column}-0": "emperor", f"unit-2-{cell.column}-0": "x", "item-2": "nix"}
    office.post(reverse("duties:import_save", args=[batch.pk]), wrong)
    cell.refresh_from_db()
    assert cell.item_key == "streets" and not cell.settled


def test_old_names_of_merged_bureaus_are_their_unit(office: Client, district: District) -> None:
    market = district.unit("区市场监督管理局", "bureau", "凤凰区")
    rows = [HEAD, [*STREETS[:4], "食药监局牵头；工商局、质监局配合", ""]]
    batch = looked_at(office, rows)
    assert "“食药监局”是旧称" in words(office, batch)
    take(office, batch)
    assert standing() == [("streets", "lead", market.name)]


def test_an_unknown_unit_is_made_once_and_an_alias_makes_none(
    office: Client, district: District
) -> None:
    UnitAlias.objects.create(name="环境卫生处", unit=district.units["环卫局"])
    rows = [HEAD, [*STREETS[:4], "区新来局负责，环境卫生处配合", ""],
            [*CABLES[:4], "新来局负责", ""]]  # fmt: skip
    before = Unit.objects.count()
    batch = looked_at(office, rows)
    assert "新单位，导入时登记" in words(office, batch)
    take(office, batch)
    assert ("streets", "support", "环卫局") in standing()
    assert ("cables", "lead", "区新来局") in standing()
    assert Unit.objects.count() == before + 1


def test_a_table_that_nobody_wants_leaves_nothing(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    office.post(reverse("intake:discard", args=[batch.pk]))
    assert not DutyBatch.objects.exists() and not Duty.objects.exists()


def test_the_cells_of_one_district_are_nothing_to_another(
    office: Client, district: District, client: Client
) -> None:
    batch = looked_at(office, ROWS)
    other = sign_in(Client(), district.users["临江创卫办"])
    assert other.get(reverse("duties:imported", args=[batch.pk])).status_code == 404
    answer = other.post(reverse("duties:import_save", args=[batch.pk]), {"item-4": "cables"})
    assert answer.status_code == 404
    assert DutyCell.objects.get(batch=batch, row=4).item_key == ""


def test_a_spreadsheet_of_the_same_kind_is_read_as_well(office: Client, district: District) -> None:
    head = ["工作任务", "牵头单位", "责任单位", "配合单位"]
    row = ["清理占道经营", "环卫局", "经信局", "各镇街"]
    batch = dropped(office, "分工.xlsx", xlsx([head, row]))
    taken(office, batch)
    assert standing() == [
        ("streets", "lead", "环卫局"), ("streets", "responsible", "经信局"),
        ("streets", "support", "territory"),
    ]  # fmt: skip


def test_a_paper_without_a_table_says_so(office: Client, district: District) -> None:
    import io

    import docx as word

    paper, stream = word.Document(), io.BytesIO()
    paper.add_paragraph("只有文字")
    paper.save(stream)
    batch = dropped(office, "通知.docx", stream.getvalue())
    assert "这个文件里没有内容" in page(office, batch)


def test_the_command_line_loads_it_and_says_what_is_provisional(
    office: Client, district: District, tmp_path: Path
) -> None:
    path = tmp_path / "分工.docx"
    path.write_bytes(docx(ROWS))
    dry = CliRunner().invoke(command, ["duties", str(path), "--dry-run", "--as", "创卫办"])
    assert dry.exit_code == 0 and "将新增" in dry.output and not Duty.objects.exists()
    assert not DutyBatch.objects.exists()
    result: Any = CliRunner().invoke(command, ["duties", str(path), "--json", "--as", "创卫办"])
    assert result.exit_code == 0
    told = json.loads(result.output)
    assert told["adds"]["duty"] == 5
    assert {note["code"] for note in told["notices"]} == {"clause_missing", "provisional"}
    again: Any = CliRunner().invoke(command, ["duties", str(path), "--json", "--as", "创卫办"])
    assert json.loads(again.output)["adds"] == {}


def test_the_command_line_takes_every_table_of_a_paper(
    office: Client, district: District, tmp_path: Path
) -> None:
    import docx as word

    paper, path = word.Document(), tmp_path / "分工.docx"
    for rows in ([HEAD, STREETS], [HEAD, CABLES]):
        grid = paper.add_table(len(rows), len(HEAD))
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                grid.cell(number, column).text = value
    paper.save(str(path))
    result: Any = CliRunner().invoke(command, ["duties", str(path), "--json", "--as", "创卫办"])
    told = json.loads(result.output)
    assert told["rows"] == 2 and told["adds"]["duty"] == 5
    assert {d.item_key for d in Duty.objects.all()} == {"streets", "cables"}
    assert {b.file_name for b in DutyBatch.objects.all()} == {"分工.docx"}


def test_a_wrong_import_is_taken_back_on_its_day(office: Client, district: District) -> None:
    take(office, looked_at(office, ROWS))
    before = standing()
    wrong = [HEAD, [*STREETS[:4], "档案局负责", ""], CABLES]
    batch = looked_at(office, wrong)
    take(office, batch)
    assert standing() != before
    assert "撤回这次导入" in words(office, batch)
    office.post(reverse("duties:import_take_back", args=[batch.pk]))
    assert standing() == before
    take(office, looked_at(office, wrong))
    assert ("streets", "lead", "档案局") in standing()


def test_an_import_that_somebody_worked_on_since_is_not_taken_back(
    office: Client, district: District
) -> None:
    batch = looked_at(office, ROWS)
    done = take(office, batch)
    Duty.objects.filter(item_key="streets", part="lead").update(settled_by=done.pk)
    office.post(reverse("duties:import_take_back", args=[batch.pk]))
    assert ("streets", "lead", "环卫局") in standing()
    assert "撤回这次导入" not in words(office, batch)


def test_an_import_of_another_day_is_not_taken_back(office: Client, district: District) -> None:
    batch = looked_at(office, ROWS)
    take(office, batch)
    DutyBatch.objects.update(since=timezone.localdate() - timedelta(days=1))
    office.post(reverse("duties:import_take_back", args=[batch.pk]))
    assert len(standing()) == 5


def two_rows_of_one_clause(district: District) -> list[list[str]]:
    """占道经营 and 蜘蛛网, both of the clause 道路街巷."""
    Item.objects.filter(key="cables").delete()
    item = Item.objects.get(key="streets")
    item.demand_zh += "，整治蜘蛛网"
    item.save()
    for key, group in (("cable", "线缆"), ("road", "道路")):
        kind = district.kinds[key]
        kind.item_key, kind.group_zh = "streets", group
        kind.save()
    return [HEAD, STREETS, [*CABLES[:4], "经信局牵头，联通负责", ""]]


def test_of_two_rows_about_one_clause_the_special_one_is_about_its_kinds(
    office: Client, district: District
) -> None:
    batch = looked_at(office, two_rows_of_one_clause(district))
    assert "只管蜘蛛网" in words(office, batch)
    take(office, batch)
    where: Any = {"region": district.regions["红叶镇"].id, "day": timezone.localdate()}
    assert accountable(kind="cable", **where).lead == district.units["经信局"]
    assert accountable(kind="road", **where).lead == district.units["环卫局"]
    assert not accountable(item_key="streets", **where).provisional
    count = Duty.objects.count()
    take(office, looked_at(office, two_rows_of_one_clause(district)))
    assert Duty.objects.count() == count


def test_the_office_widens_a_row_to_the_whole_clause(office: Client, district: District) -> None:
    batch = looked_at(office, two_rows_of_one_clause(district))
    take(office, batch, **{"item-3": "streets"})
    assert not Duty.objects.exclude(kind=None).exists()
    assert ("streets", "lead", "经信局") in standing()
