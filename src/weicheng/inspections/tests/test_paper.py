"""纸质检查表: a QR per sheet, typed in once in the name of who walked, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from tests.district import District, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections import paper_sheets
from weicheng.inspections.acts.rulings import Said, write_ruling
from weicheng.inspections.models import Found, Plan, Visit
from weicheng.inspections.paper_sheets import SheetKey
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db
HOME = "张家沟小区"


def key_of(row: Plan) -> SheetKey:
    """A printed sheet of the plan's only stop."""
    return SheetKey.fresh(row.stops.get().pk, for_stop=True)


def address(key: SheetKey) -> str:
    return reverse("inspections:paper", args=[key.token()])


def typed(**changes: Any) -> dict[str, Any]:
    """What the office types from the paper: two checks passed, one failed."""
    an_hour_ago = timezone.localtime() - timedelta(hours=1)
    body = {
        "walker": "检查员的人", "occurred_at": an_hour_ago.strftime("%Y-%m-%dT%H:%M"),
        "c-estate-01": "pass", "c-estate-02": "fail", "c-estate-03": "na", "rows": "2",
        "do": "enter",
    }  # fmt: skip
    return {**body, **changes}


def test_each_site_of_a_plan_is_one_sheet_with_a_qr_of_its_own(
    district: District, client: Client
) -> None:
    with_sheets(district)
    site(district, "公厕一", kind="toilet")
    row = plan(district, sites=(HOME, "公厕一"))
    said = Said("estate-02", "车头朝外才算齐", "王专家", "expert", timezone.localdate())
    write_ruling(said=said, by=district.office, op_id=uuid7())
    sign_in(client, district.users["检查员"])
    page = client.get(reverse("inspections:paper_plan", args=[row.pk])).content.decode()
    assert page.count('class="paper-sheet"') == 2
    assert page.count("data:image/svg+xml") == 2
    assert page.count("扫码录入这一张") == 2
    assert "口径：车头朝外才算齐（王专家）" in page
    assert page.index("检查estate-01") < page.index("检查toilet-01")
    assert page.count("不涉及") == 5
    assert "<style" not in page
    assert 'style="' not in page


def test_two_printings_of_a_sheet_are_two_papers(district: District) -> None:
    with_sheets(district)
    row = plan(district)
    one, two = key_of(row), key_of(row)
    assert one.token() != two.token()
    assert one.operation("visit") != two.operation("visit")
    assert paper_sheets.read(one.token()) == one
    assert len(one.token()) <= 48


def test_a_changed_or_foreign_qr_opens_nothing(district: District, client: Client) -> None:
    with_sheets(district)
    token = key_of(plan(district)).token()
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (other, token[:20], "x", "_" * 47, token + token):
        assert paper_sheets.read(wrong) is None
    sign_in(client, district.office)
    answer = client.get(reverse("inspections:paper", args=[other]))
    assert answer.status_code == 404
    assert "二维码没有扫全" in answer.content.decode()


def test_the_office_types_the_sheet_in_the_name_of_who_walked(
    district: District, client: Client
) -> None:
    with_sheets(district)
    row = plan(district)
    sign_in(client, district.office)
    key = key_of(row)
    page = client.get(address(key)).content.decode()
    assert 'value="检查员的人"' in page
    answer = client.post(address(key), typed())
    assert answer.status_code == 302
    visit = Visit.objects.get()
    assert (visit.inspector, visit.channel) == (district.people["检查员的人"], "paper")
    assert (visit.failed, visit.not_applicable, visit.unseen) == (["estate-02"], ["estate-03"], [])
    assert visit.stop == row.stops.get()
    assert timezone.now() - visit.occurred_at > timedelta(minutes=50)


def test_a_problem_on_the_paper_becomes_a_problem_found_by_who_walked(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    body = typed(**{"kind-0": "bin", "check-0": "estate-01", "words-0": "3号楼下两个桶满"})
    assert client.post(address(key_of(plan(district))), body).status_code == 302
    found = Found.objects.get()
    assert (found.check_key, found.on_paper, found.visit) == (
        "estate-01", True, Visit.objects.get(),
    )  # fmt: skip
    problem = Problem.objects.get()
    assert problem.finder == district.people["检查员的人"]
    assert problem.description == "3号楼下两个桶满"


def test_photos_of_a_problem_stay_with_the_form_when_it_is_refused(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    key, buffer = key_of(plan(district)), BytesIO()
    Image.new("RGB", (64, 48), (200, 10, 10)).save(buffer, "JPEG")
    upload = SimpleUploadedFile("bin.jpg", buffer.getvalue(), "image/jpeg")
    answer = client.post(address(key), typed(**{"photos-0": upload, "kind-0": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择问题类别。" in page
    kept = page.split('name="photos-0_kept" value="')[1].split('"')[0]
    answer = client.post(address(key), typed(**{"photos-0_kept": kept, "kind-0": "bin"}))
    assert answer.status_code == 302
    assert Problem.objects.get().before_photo is not None


def test_the_same_sheet_sent_twice_is_one_visit_and_typed_differently_is_refused(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    key, body = key_of(plan(district)), typed(**{"kind-0": "bin", "words-0": "满"})
    for _twice in range(2):
        assert client.post(address(key), body).status_code == 302
    assert (Visit.objects.count(), Problem.objects.count()) == (1, 1)
    week_ago = (timezone.localtime() - timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    for change in (
        {"c-estate-01": "fail"}, {"walker": "张家沟的人"}, {"occurred_at": week_ago},
    ):  # fmt: skip
        answer = client.post(address(key), {**body, **change})
        assert answer.status_code == 422
        assert "这张表已经录入过" in answer.content.decode()
    assert "已经录入" in client.get(address(key)).content.decode()
    sign_in(client, district.users["借调"])
    answer = client.post(address(key), body)
    assert answer.status_code == 422
    assert Visit.objects.count() == 1


def test_what_is_left_out_counts_as_not_seen_never_as_passed(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    body = typed(**{"c-estate-01": "", "c-estate-03": ""})
    client.post(address(key_of(plan(district))), body)
    assert Visit.objects.get().unseen == ["estate-01", "estate-03"]


def test_one_button_ticks_the_rest_as_passed_without_recording_yet(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    key = key_of(plan(district))
    body = typed(**{"c-estate-01": "", "do": "rest", "words-0": "墙角有烟头"})
    answer = client.post(address(key), body)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="c-estate-01" value="pass" id="id_c-estate-01_0" checked' in page
    assert 'name="c-estate-02" value="fail" id="id_c-estate-02_1" checked' in page
    assert "墙角有烟头" in page
    assert "请选择问题类别。" not in page
    page = client.post(address(key), {**body, "do": "more"}).content.decode()
    assert 'name="words-2"' in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"walker": ""}, "请填写谁去查的"),
        ({"walker": "没这个人"}, "没有找到“没这个人”"),
        ({"occurred_at": "2099-01-01T08:00"}, "这个时间还没有到"),
        ({"occurred_at": "2019-01-01T08:00"}, "这个时间已过一年"),
        ({"closed": "on"}, "检查项已经填了"),
        ({"c-estate-01": "", "c-estate-02": "", "c-estate-03": ""}, "一项都没有填"),
        ({"words-0": "烟头"}, "请选择问题类别。"),
        ({"c-estate-01": "maybe"}, "maybe"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_stays_on_the_form(
    district: District, client: Client, changes: dict[str, str], sentence: str
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    answer = client.post(address(key_of(plan(district))), typed(note="下雨", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "下雨" in page
    assert not Visit.objects.exists()


def test_a_closed_site_needs_a_reason_and_no_ticks(district: District, client: Client) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    key, blank = key_of(plan(district)), {f"c-estate-0{n}": "" for n in (1, 2, 3)}
    answer = client.post(address(key), typed(closed="on", note="", **blank))
    assert answer.status_code == 422
    assert "没有检查成的，请写一句原因。" in answer.content.decode()
    answer = client.post(address(key), typed(closed="on", note="锁门", **blank))
    assert answer.status_code == 302
    assert Visit.objects.get().outcome == "closed"


def test_nothing_is_recorded_when_one_problem_of_the_sheet_cannot_be(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.users["检查员"])
    other = typed(walker="张家沟的人", **{"kind-0": "bin", "words-0": "满"})
    answer = client.post(address(key_of(plan(district))), other)
    assert answer.status_code == 422
    assert "替别人录入的，请交创卫办或镇街录。" in answer.content.decode()
    assert not Visit.objects.exists()


def test_an_inspector_types_the_own_paper(district: District, client: Client) -> None:
    with_sheets(district)
    sign_in(client, district.users["检查员"])
    body = typed(**{"kind-0": "bin", "words-0": "满"})
    assert client.post(address(key_of(plan(district))), body).status_code == 302
    assert Problem.objects.get().finder == district.people["检查员的人"]


def test_the_sheets_of_a_hidden_round_are_printed_only_by_whom_it_may_not_harm(
    district: District, client: Client
) -> None:
    with_sheets(district)
    row = plan(district, "undercover", broken=False)
    key = key_of(row)
    sign_in(client, district.users["检查员"])
    page = client.get(reverse("inspections:paper_plan", args=[row.pk])).content.decode()
    assert "路线还没有启封" in page
    assert HOME not in page
    assert client.get(address(key)).status_code == 404
    row.teams.update(opened_at=timezone.now())
    page = client.get(reverse("inspections:paper_plan", args=[row.pk])).content.decode()
    assert HOME in page
    for name in ("红叶镇", "张家沟"):
        sign_in(client, district.users[name])
        assert client.get(reverse("inspections:paper_plan", args=[row.pk])).status_code == 404
        assert client.get(address(key)).status_code == 404
    sign_in(client, district.users["环卫局"])
    assert client.get(address(key)).status_code == 404


def test_a_hidden_paper_is_typed_in_and_stays_sealed(district: District, client: Client) -> None:
    with_sheets(district)
    row = plan(district, "undercover")
    sign_in(client, district.office)
    body = typed(**{"kind-0": "bin", "words-0": "满"})
    assert client.post(address(key_of(row)), body).status_code == 302
    assert Visit.objects.get().sealed
    assert Found.objects.get().sealed
    assert not Problem.objects.exists()


def test_a_sheet_for_a_site_beside_any_plan(district: District, client: Client) -> None:
    with_sheets(district)
    sign_in(client, district.users["检查员"])
    here = district.sites[HOME]
    page = client.get(reverse("inspections:paper_site", args=[here.pk])).content.decode()
    assert HOME in page
    key = SheetKey.fresh(here.pk, for_stop=False)
    assert client.post(address(key), typed()).status_code == 302
    assert Visit.objects.get().plan is None


def test_the_days_route_prints_only_what_is_left(district: District, client: Client) -> None:
    with_sheets(district)
    site(district, "甲")
    row = plan(district, sites=(HOME, "甲"))
    sign_in(client, district.users["检查员"])
    done = SheetKey.fresh(row.stops.get(site__name="甲").pk, for_stop=True)
    assert client.post(address(done), typed()).status_code == 302
    page = client.get(reverse("inspections:paper_route")).content.decode()
    assert page.count('class="paper-sheet"') == 1
    assert HOME in page
    person = district.people["检查员的人"].pk
    sign_in(client, district.office)
    page = client.get(reverse("inspections:paper_route") + f"?person={person}").content.decode()
    assert HOME in page
