"""What people see and do on the screens of problems."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.desk import at_desk, card, do, jpeg
from tests.district import District, dispatched, filed, handed_in, op, picture

from weicheng.problems.models import Event, Obligation

pytestmark = pytest.mark.django_db


# --- who sees what


def test_someone_elses_problem_does_not_exist(district: District) -> None:
    problem = dispatched(district)
    stranger = at_desk(district.users["临江创卫办"])
    for name in ("detail", "hand_in"):
        assert stranger.get(reverse(f"problems:{name}", args=[problem.pk])).status_code == 404
    assert do(stranger, problem, "remark", words="看看").status_code == 404
    assert stranger.post(reverse("problems:undo", args=[problem.pk])).status_code == 404


@pytest.mark.parametrize(
    "who",
    ["创卫办", "指挥长", "环卫局", "红叶镇", "张家沟", "检查员", "审计", "档案局", "包片"],
)
def test_everybody_concerned_opens_list_and_card(district: District, who: str) -> None:
    problem = dispatched(district)
    client = at_desk(district.users[who])
    assert problem.number in client.get(reverse("problems:list")).content.decode()
    assert problem.number in card(client, problem)


@pytest.mark.parametrize("who", ["管理员"])
def test_an_administrator_has_no_page_of_problems(district: District, who: str) -> None:
    client = at_desk(district.users[who])
    for name in ("list", "new", "mine", "check"):
        assert client.get(reverse(f"problems:{name}")).status_code == 404


def test_each_role_has_one_first_button(district: District) -> None:
    problem = dispatched(district)
    for who in ("创卫办", "环卫局", "检查员", "指挥长"):
        page = card(at_desk(district.users[who]), problem)
        assert page.count("button-primary") == 1
    assert "代录：交整改" in card(at_desk(district.office), problem)


def test_the_card_names_the_three_answers_with_a_phone(district: District) -> None:
    unit = district.units["环卫局"]
    unit.head = district.people["环卫局的人"]
    unit.save()
    page = card(at_desk(district.office), dispatched(district))
    for word in ("属地", "行业主管", "包保单位", "红叶镇政府", "环卫局的人", "tel:13800000000"):
        assert word in page


# --- acts


def test_the_office_sends_a_problem_to_its_unit(district: District) -> None:
    problem = filed(district)
    client = at_desk(district.office)
    form = client.get(reverse("problems:act", args=[problem.pk, "dispatch"])).content.decode()
    assert "环卫局" in form  # proposed by the kind
    answer = do(
        client,
        problem,
        "dispatch",
        lead="环卫局",
        due_at="2099-01-02T18:00",
        requirement="清干净",
        duty_0_unit="联通",
        duty_0_sort="holding",
        duty_0_words="先接通",
    )
    assert answer.status_code == 302
    problem.refresh_from_db()
    assert (problem.status, problem.lead_unit) == ("run", district.units["环卫局"])
    assert Obligation.objects.get(problem=problem, sort="holding").unit == district.units["联通"]
    assert "已派给环卫局" in client.get(answer["Location"]).content.decode()


def test_a_refused_act_says_why_and_keeps_what_was_typed(district: District) -> None:
    problem = filed(district)
    answer = do(
        at_desk(district.office),
        problem,
        "dispatch",
        lead="环卫局",
        due_at="2020-01-02T18:00",
        requirement="三天内清干净",
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "整改时限已经过去，请选择以后的时间。" in page
    assert "三天内清干净" in page
    assert "错误：" in page


def test_a_photo_once_uploaded_is_not_asked_for_again(district: District) -> None:
    problem = dispatched(district)
    client = at_desk(district.users["环卫局"])
    address = reverse("problems:hand_in", args=[problem.pk])
    first = client.post(address, {"op_id": str(op()), "photos": jpeg(), "swept": "0"})
    page = first.content.decode()
    assert first.status_code == 422
    kept = page.split('name="photos_kept" value="')[1].split('"')[0]
    again = client.post(
        address, {"op_id": str(op()), "photos_kept": kept, "measure": "clean", "swept": "０"}
    )
    assert again.status_code == 302
    problem.refresh_from_db()
    assert (problem.status, str(problem.after_photo_id)) == ("check", kept)


def test_nobody_hands_in_a_photo_that_another_uploaded(district: District) -> None:
    problem = dispatched(district)
    foreign = picture("x", purpose="after")
    client = at_desk(district.users["环卫局"])
    answer = client.post(
        reverse("problems:hand_in", args=[problem.pk]),
        {"op_id": str(op()), "photos_kept": str(foreign.pk), "measure": "clean"},
    )
    assert "请附一张整改后的照片。" in answer.content.decode()


def test_a_form_sent_twice_acts_once(district: District) -> None:
    problem = dispatched(district)
    client = at_desk(district.users["环卫局"])
    same = str(op())
    for _time in range(2):
        answer = client.post(
            reverse("problems:hand_in", args=[problem.pk]),
            {"op_id": same, "photos": jpeg(), "measure": "clean", "swept": "2", "swept_fixed": "1"},
        )
        assert answer.status_code == 302
    assert Event.objects.filter(problem=problem, act="hand_in").count() == 1


def test_the_same_operation_with_other_words_is_refused(district: District) -> None:
    problem = dispatched(district)
    client = at_desk(district.office)
    same = str(op())
    assert do(client, problem, "remark", op_id=same, words="一").status_code == 302
    answer = do(client, problem, "remark", op_id=same, words="二")
    assert "同一个操作编号已用于别的内容" in answer.content.decode()


def test_a_unit_that_fixed_cannot_verify_on_the_screen(district: District) -> None:
    problem = handed_in(district)
    page = card(at_desk(district.users["借调"]), problem)
    assert "整改的单位和人不能验收自己的整改。请换一位" in page
    answer = do(at_desk(district.users["借调"]), problem, "pass_fix", level="onsite")
    assert answer.status_code == 422


def test_an_act_can_be_taken_back_for_ten_seconds(district: District) -> None:
    problem = handed_in(district)
    client = at_desk(district.office)
    operation = str(op())
    do(client, problem, "pass_fix", op_id=operation, level="onsite")
    page = card(client, problem)
    assert "撤销" in page
    client.post(reverse("problems:undo", args=[problem.pk]), {"operation": operation})
    problem.refresh_from_db()
    assert problem.status == "check"
    assert "已恢复原样" in card(client, problem)


def test_after_ten_seconds_it_says_so(district: District) -> None:
    from datetime import timedelta

    from weicheng.journal.models import Operation

    problem = handed_in(district)
    client = at_desk(district.office)
    operation = op()
    do(client, problem, "pass_fix", op_id=str(operation), level="onsite")
    kept = Operation.objects.get(pk=operation)
    Operation.objects.filter(pk=operation).update(
        recorded_at=kept.recorded_at - timedelta(seconds=11)
    )
    card(client, problem)
    client.post(reverse("problems:undo", args=[problem.pk]), {"operation": str(operation)})
    assert "已超过 10 秒，不能撤销。" in card(client, problem)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("decline", {"reason": "unclear"}),
        ("void", {"words": "录错了"}),
        ("park", {"addressee": "某铁路局", "words": "请协助清理", "review_on": "2099-01-01"}),
        ("close", {"outcome": "gone"}),
        ("amend", {"kind": "road", "place": "3号楼", "region": "", "severity": "serious"}),
        ("set_long_term", {"lead": "环卫局", "step_0_on": "2099-03-01", "step_0_words": "开工"}),
        ("remark", {"words": "已电话催"}),
    ],
)
def test_the_office_does_every_act_on_a_new_problem(
    district: District, act: str, fields: dict[str, str]
) -> None:
    problem = filed(district)
    if "region" in fields:
        fields = {**fields, "region": str(problem.region_id)}
    client = at_desk(district.office)
    assert client.get(reverse("problems:act", args=[problem.pk, act])).status_code == 200
    answer = do(client, problem, act, **fields)
    assert answer.status_code == 302, answer.content.decode()
    assert Event.objects.filter(problem=problem, act=act).exists()


def test_an_act_whose_time_has_passed_is_explained(district: District) -> None:
    problem = handed_in(district)
    page = at_desk(district.office).get(reverse("problems:act", args=[problem.pk, "decline"]))
    assert "这件现在是“待验收”，不能办这一步。" in page.content.decode()


# --- 代录


def test_the_office_records_what_a_unit_told_by_phone(district: District) -> None:
    problem = dispatched(district)
    client = at_desk(district.office)
    answer = client.post(
        reverse("problems:hand_in", args=[problem.pk]),
        {
            "op_id": str(op()),
            "photos": jpeg(),
            "measure": "clean",
            "behalf_unit": "环卫局",
            "behalf_person": "环卫局的人",
            "behalf_channel": "wechat",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    event = Event.objects.get(problem=problem, act="hand_in")
    assert event.person == district.people["环卫局的人"].id
    page = card(client, problem)
    assert "创卫办的人 代录（微信）" in page


def test_a_unit_cannot_record_for_others(district: District) -> None:
    problem = dispatched(district)
    page = card(at_desk(district.users["环卫局"]), problem)
    form = at_desk(district.users["环卫局"]).get(reverse("problems:hand_in", args=[problem.pk]))
    assert "代录" not in page + form.content.decode()


def test_an_unknown_person_is_asked_for_again(district: District) -> None:
    problem = dispatched(district)
    answer = do(
        at_desk(district.office),
        problem,
        "remark",
        words="x",
        behalf_unit="环卫局",
        behalf_person="没有这人",
    )
    assert "没有找到“没有这人”" in answer.content.decode()


def test_a_line_is_classified_cut_and_live_again(district: District) -> None:
    problem = dispatched(district, "cable", "联通")
    client = at_desk(district.users["联通"])
    answer = do(
        client,
        problem,
        "classify_line",
        label="3号楼入户线",
        state="live",
        operator="联通",
        signer="刘×",
        reconnect_at="2099-01-01T10:00",
        reconnect_person="刘×",
        households="210",
    )
    assert answer.status_code == 302, answer.content.decode()
    page = card(client, problem)
    assert "影响210户" in page
    line = problem.cable_lines.get()
    assert do(client, problem, "cut_line", line=str(line.pk)).status_code == 302
    owed = Obligation.objects.get(problem=problem, sort="holding")
    assert do(client, problem, "settle", obligation=str(owed.pk)).status_code == 302
    assert "已接通" in card(client, problem)


def test_the_office_settles_a_line_for_its_operator_and_then_verifies(district: District) -> None:
    problem = dispatched(district, "cable", "联通")
    unit = at_desk(district.users["联通"])
    do(
        unit,
        problem,
        "classify_line",
        label="主线",
        state="live",
        operator="联通",
        signer="刘×",
        reconnect_at="2099-01-01T10:00",
        reconnect_person="刘×",
    )
    unit.post(
        reverse("problems:hand_in", args=[problem.pk]),
        {"op_id": str(op()), "photos": jpeg(), "measure": "tidy"},
    )
    office = at_desk(district.office)
    page = card(office, problem)
    assert "销号前必办事项没有办完" in page
    assert "代录：办结一项" in page
    assert "没到位，点一个原因就退回" in page
    owed = Obligation.objects.get(problem=problem, sort="holding")
    assert do(office, problem, "settle", obligation=str(owed.pk)).status_code == 302
    assert Event.objects.get(problem=problem, act="settle").unit == district.units["联通"].pk
    assert do(office, problem, "pass_fix", level="onsite").status_code == 302


def test_a_line_of_nobody_is_claimed_before_it_is_cut(district: District) -> None:
    problem = dispatched(district, "cable", "联通")
    client = at_desk(district.users["联通"])
    assert do(client, problem, "classify_line", label="旧线", state="unknown").status_code == 302
    line = problem.cable_lines.get()
    answer = do(client, problem, "cut_line", line=str(line.pk))
    assert "权属不明，不能剪" in answer.content.decode()
    do(
        client,
        problem,
        "classify_line",
        label="旧线",
        state="abandoned",
        operator="联通",
        signer="刘×",
        emergency_phone="10010",
    )
    assert problem.cable_lines.get().state == "abandoned"
    assert do(client, problem, "cut_line", line=str(line.pk)).status_code == 302
