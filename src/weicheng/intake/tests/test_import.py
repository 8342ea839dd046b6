"""Whatever table an office drops is read, shown, confirmed, and taken in only once."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, sign_in

from weicheng.intake import jobs
from weicheng.intake.models import Batch, Drop, Lead, Mapping
from weicheng.people.founding import found
from weicheng.people.models import SiteParty, Unit
from weicheng.places.models import Region, Site
from weicheng.problems.models import Problem
from weicheng.sheets.tests.makers import xlsx
from weicheng.sheets.workbook import read_tables
from weicheng.standards.load import load_standard

from .dropped import (
    DUTY,
    LEDGER,
    LEDGER_HEAD,
    drop,
    dropped,
    message,
    messages,
    page,
    photo_bytes,
    taken,
    upload,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(client: Client, district: District) -> Client:
    sign_in(client, district.office)
    return client


def test_a_duty_sheet_on_an_empty_district_names_it_and_makes_everything(client: Client) -> None:
    load_standard(None)
    sign_in(client, found())
    batch = dropped(client, "包保分工表.xlsx", xlsx(DUTY))
    words = page(client, batch)
    assert "将新增2个镇街、2个社区、3个点位" in words
    assert "第4行</b>　没有写电话" in words
    assert "名单如有变动" in words
    assert not Site.objects.exists()
    batch = taken(client, batch)
    assert batch.state == "done"
    assert Region.objects.get(level="county").name == "凤凰区"
    assert Site.objects.count() == 3 and SiteParty.objects.filter(part="sponsor").count() == 3
    assert "去看点位" in page(client, batch)


def test_the_same_duty_sheet_again_adds_nothing(client: Client) -> None:
    load_standard(None)
    sign_in(client, found())
    taken(client, dropped(client, "包保分工表.xlsx", xlsx(DUTY)))
    before = (Region.objects.count(), Site.objects.count(), Unit.objects.count())
    again = dropped(client, "包保分工表.xlsx", xlsx(DUTY))
    assert "都是已经有的，没有新内容" in page(client, again)
    taken(client, again)
    assert before == (Region.objects.count(), Site.objects.count(), Unit.objects.count())


def ledger_with_pictures() -> bytes:
    rows = [[*LEDGER_HEAD, "整改前照片"], *LEDGER[1:]]

    def put(_book: Any, sheet: Any) -> None:
        sheet.insert_image(1, 8, "a.jpg", {"image_data": photo_bytes("red")})

    return xlsx(rows, also=put)


def test_a_ledger_becomes_problems_with_their_pictures_and_states(
    office: Client, district: District
) -> None:
    batch = dropped(office, "问题台账.xlsx", ledger_with_pictures())
    assert batch.kind == "ledger"
    words = page(office, batch)
    assert "将新增2件问题（已销号1、整改中1）" in words
    assert "没有写存在问题，这一行不能导入" in words
    assert "11月2日" in words and "2026-11-02" not in words
    batch = taken(office, batch)
    done, run = Problem.objects.order_by("found_at")
    assert (done.status, run.status) == ("done", "run")
    assert done.before_photo is not None and run.lead_unit == district.units["经信局"]
    assert done.quantity == 3
    assert batch.refused == 1


def test_rows_that_were_refused_come_back_as_a_sheet_with_the_reason(office: Client) -> None:
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    before = office.get(reverse("intake:errors", args=[batch.pk]))
    taken(office, batch)
    answer: Any = office.get(reverse("intake:errors", args=[batch.pk]), follow=True)
    for data in (before.content, b"".join(answer.streaming_content)):
        rows = read_tables(data)[0].rows
        assert rows[0][:3] == ["第几行", "为什么", "编号"]
        assert rows[1][0] == 4 and "没有写存在问题" in str(rows[1][1])
        assert rows[1][2] == "T-2026-003"


def test_the_same_ledger_again_files_nothing_twice(office: Client) -> None:
    taken(office, dropped(office, "问题台账.xlsx", xlsx(LEDGER)))
    again = taken(office, dropped(office, "台账 (2).xlsx", xlsx(LEDGER)))
    assert Problem.objects.count() == 2
    assert again.report["result"]["gist"]["known"] == 2


def test_pressing_import_twice_takes_in_once(office: Client) -> None:
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    taken(office, batch)
    taken(office, batch)
    assert Problem.objects.count() == 2


def test_serial_numbers_of_two_ledgers_do_not_hide_each_other(office: Client) -> None:
    head = LEDGER_HEAD
    november = [head, [1, "11月2日", "石桥镇", "垃圾桶满溢", "", "环卫局", "", "整改中"]]
    december = [head, [1, "11月9日", "石桥镇", "路面破损", "", "环卫局", "", "整改中"]]
    taken(office, dropped(office, "一.xlsx", xlsx(november)))
    taken(office, dropped(office, "二.xlsx", xlsx(december)))
    assert Problem.objects.count() == 2


def test_messages_keep_their_own_time_however_it_is_written(office: Client) -> None:
    import datetime as dt

    def dated(book: Any, sheet: Any) -> None:
        look = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(2, 3, dt.datetime(2019, 3, 1), look)  # noqa: DTZ001

    rows = [
        message(1e5 + 1, "垃圾桶满溢"),
        message(1e5 + 2, "噪音", ""),
        message(1e5 + 3, "路灯", "去年夏天"),
    ]
    from .dropped import MESSAGES_HEAD

    batch = dropped(office, "留言.xlsx", xlsx([MESSAGES_HEAD, *rows], also=dated))
    words = page(office, batch)
    assert "读到3行，将新增3条线索，其中1条像创卫的事，0条看来不属于创卫，2条看不出" in words
    assert "垃圾桶满溢　很像" in words
    assert "第4行</b>　时间认不出，按导入时间登记" in words
    taken(office, batch)
    first, second, third = Lead.objects.order_by("external_id")
    assert f"{first.said_at:%Y-%m-%d %H:%M}" == "2019-02-28 03:25"
    assert second.said_at.year == 2019 and not second.doubtful
    assert third.doubtful and third.doubts == ["at_unreadable"]
    assert first.proposal_id == "bin" and first.external_id == "100001"
    assert not Problem.objects.exists()


def test_the_same_messages_again_add_nothing(office: Client) -> None:
    data = messages(message(1e5 + 1, "垃圾桶满溢"), message(1e5 + 2, "路灯不亮"))
    taken(office, dropped(office, "留言.xlsx", data))
    taken(office, dropped(office, "留言.xlsx", data))
    assert Lead.objects.count() == 2


def test_a_broken_file_is_answered_with_one_sentence(office: Client) -> None:
    batch = dropped(office, "坏.xlsx", xlsx(LEDGER)[:900])
    assert batch.state == "failed"
    assert "这个文件打不开" in page(office, batch)
    assert not Drop.objects.exists()


def test_a_bomb_is_refused_before_it_unfolds(office: Client) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 60_000_000)
    batch = dropped(office, "炸弹.xlsx", stream.getvalue())
    assert batch.state == "failed"
    assert "为安全起见没有打开" in page(office, batch)


def test_one_bad_file_does_not_lose_the_others(office: Client) -> None:
    answer = drop(
        office, upload("坏.xlsx", b"PK\x03\x04nothing"), upload("台账.xlsx", xlsx(LEDGER))
    )
    assert answer.status_code == 303
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["failed", "read"]


def test_nothing_chosen_is_said_so(office: Client) -> None:
    answer = drop(office)
    assert answer.status_code == 422
    assert "还没有选文件" in answer.content.decode()


def test_a_column_corrected_once_is_remembered(office: Client) -> None:
    rows = [
        ["编号", "哪天", "点位", "毛病", "责任单位"],
        ["A-1001", "11月2日", "石桥镇", "垃圾桶满溢", "环卫局"],
    ]
    batch = dropped(office, "怪表.xlsx", xlsx(rows))
    columns = {"编号": "external_id", "哪天": "found_at", "点位": "place", "毛病": "description",
               "责任单位": "responsible"}  # fmt: skip
    office.post(reverse("intake:correct", args=[batch.pk]), {"kind": "ledger"})
    batch.refresh_from_db()
    fields = {f"column-{n}": columns[c["label"]] for n, c in enumerate(batch.report["columns"])}
    office.post(reverse("intake:correct", args=[batch.pk]), {"kind": "ledger", **fields})
    batch.refresh_from_db()
    assert "将新增1件问题" in page(office, batch)
    taken(office, batch)
    assert Mapping.objects.count() == 1 and Problem.objects.get().description == "垃圾桶满溢"
    rows[1] = ["A-1002", "11月5日", "红叶镇", "蜘蛛网", "经信局"]
    again = dropped(office, "怪表2.xlsx", xlsx(rows))
    office.post(reverse("intake:correct", args=[again.pk]), {"kind": "ledger"})
    again.refresh_from_db()
    assert "将新增1件问题" in page(office, again)


def test_a_table_of_places_is_taken_whole_or_not_at_all(office: Client) -> None:
    head = ["点位名称", "类型", "镇街", "社区", "地址"]
    good = ["南门公厕", "居民小区", "石桥镇", "南门社区", "南门路1号"]
    batch = dropped(office, "点位.xlsx", xlsx([head, good, ["", "居民小区", "石桥镇", "", ""]]))
    assert batch.kind == "places"
    words = page(office, batch)
    assert "没有写名称" in words and "现在一行也没有存" in words
    taken(office, batch)
    assert not Site.objects.filter(name="南门公厕").exists()
    taken(office, dropped(office, "点位.xlsx", xlsx([head, good])))
    assert Site.objects.filter(name="南门公厕").exists()


def test_a_large_batch_is_read_and_taken_by_a_worker_and_a_repeated_job_adds_nothing(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weicheng.intake.batches.ROWS_AT_ONCE", 2)
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    assert batch.state == "reading" and "正在读" in page(office, batch)
    jobs.read_batch(str(batch.pk))
    batch.refresh_from_db()
    assert batch.state == "read"
    batch = taken(office, batch)
    assert batch.state == "running" and not Problem.objects.exists()
    jobs.take_batch(str(batch.pk))
    jobs.take_batch(str(batch.pk))
    assert Problem.objects.count() == 2


def test_a_worker_killed_between_chunks_leaves_no_double(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weicheng.problems.bulk.CHUNK", 1)
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))

    def killed(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("weicheng.intake.batches._finish", killed)
        with pytest.raises(KeyboardInterrupt):
            taken(office, batch)
    assert Problem.objects.count() == 2
    jobs.take_batch(str(batch.pk))
    batch.refresh_from_db()
    assert batch.state == "done" and Problem.objects.count() == 2


def test_another_district_sees_nothing_of_a_batch(office: Client, district: District) -> None:
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    other = Client()
    sign_in(other, district.users["临江创卫办"])
    for name in ("batch", "errors"):
        assert other.get(reverse(f"intake:{name}", args=[batch.pk])).status_code == 404
    assert other.post(reverse("intake:take", args=[batch.pk])).status_code == 404
    assert "问题台账.xlsx" not in other.get(reverse("intake:import")).content.decode()


def test_the_same_numbers_in_two_districts_are_two_messages(
    office: Client, district: District
) -> None:
    data = messages(message(1e5 + 1, "垃圾桶满溢"))
    taken(office, dropped(office, "留言.xlsx", data))
    other = Client()
    sign_in(other, district.users["临江创卫办"])
    taken(other, dropped(other, "留言.xlsx", data))
    assert Lead.objects.count() == 2


def test_bytes_of_a_drop_are_gone_once_all_of_it_is_taken(office: Client) -> None:
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    assert Drop.objects.count() == 1
    taken(office, batch)
    assert not Drop.objects.exists()


def test_a_batch_that_is_not_wanted_leaves_nothing(office: Client) -> None:
    batch = dropped(office, "问题台账.xlsx", xlsx(LEDGER))
    office.post(reverse("intake:discard", args=[batch.pk]))
    assert not Drop.objects.exists() and not Problem.objects.exists()
    taken(office, batch)
    assert not Problem.objects.exists()


@pytest.mark.parametrize(
    "name", ["places", "regions", "people", "duty-sheet", "problems", "messages"]
)
def test_every_blank_sheet_is_read_as_what_it_is_for(office: Client, name: str) -> None:
    answer = office.get(reverse("intake:blank", args=[name]))
    batch = dropped(office, "空表.xlsx", answer.content)
    kinds = {"duty-sheet": "duty", "problems": "ledger"}
    assert batch.kind == kinds.get(name, name)
    assert batch.report["gist"]["rows"] >= 1


@pytest.mark.parametrize("directed", [False, True])
def test_a_table_of_people_names_the_commander_only_while_nobody_directs_the_office(
    office: Client, district: District, directed: bool
) -> None:
    Unit.objects.create(name="区指挥部", kind="leaders", region=district.regions["凤凰区"])
    Unit.objects.filter(name="创卫办").update(
        kind="office", head=district.office.person if directed else None
    )
    rows = [["姓名", "单位", "职务", "电话"], ["钱某", "区指挥部", "书记", "13900000000"]]
    batch = dropped(office, "人员.xlsx", xlsx(rows))
    assert batch.kind == "people"
    taken(office, batch)
    head = Unit.objects.get(name="区指挥部").head
    assert (head is None) is directed
