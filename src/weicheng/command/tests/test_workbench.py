"""The workbench: queues, one-key dispatch, the next item, undo, bulk, refusals, districts apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from tests.district import dispatched, filed, handed_in, in_hours, op, sign_in

from weicheng.command import queues
from weicheng.duties import book
from weicheng.duties.book import book as duty_book
from weicheng.duties.models import Duty
from weicheng.journal.ids import uuid7
from weicheng.people.directory import directory
from weicheng.problems import acts, catalogue, deadlines, routing
from weicheng.problems.models import Problem, RouteRule
from weicheng.workdays import book as workdays

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District


def part(client: Client, target: str, **query: str) -> Any:
    """What htmx gets when it asks for one part."""
    headers = {"hx-request": "true", "hx-target": target} if target else {}
    return client.get(reverse("command:workbench"), query, headers=headers)


def page(client: Client, **query: str) -> str:
    """The whole workbench as text."""
    answer = client.get(reverse("command:workbench"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, problem: Problem, act: str, **data: Any) -> Any:
    """Post one act from the workbench."""
    url = reverse("command:act", args=[problem.pk, act])
    return client.post(url, {"op_id": str(uuid7()), "queue": "new", **data})


def proposed(problem: Problem, **data: Any) -> dict[str, Any]:
    """What the form of 派单 posts when nothing was changed."""
    return {"lead": "环卫局", "due_at": in_hours(30).isoformat(), "requirement": "清理", **data}


def test_the_queue_shows_the_longest_waiting_first_and_opens_it(
    client: Client, district: District
) -> None:
    old, new = filed(district, place="东门"), filed(district, place="西门")
    text = page(sign_in(client, district.office))
    assert text.index("东门") < text.index("西门")
    assert 'aria-current="true"' in text.split(str(new.pk))[0]
    assert f"/workbench/{old.pk}/dispatch/" in text


def test_the_form_proposes_bureau_and_town_so_that_one_key_dispatches(
    client: Client, district: District
) -> None:
    first, second = filed(district, place="东门"), filed(district, place="西门")
    text = page(sign_in(client, district.office))
    data = {
        name: value
        for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text)
        if name in {"op_id", "queue", "lead", "others", "named"}
    }
    due = re.search(r'name="due_at".*?<option value="([^"]+)"', text, re.S)
    assert due is not None
    assert data["lead"] == "环卫局"
    assert data["others"] == f"responsible:{district.units['红叶镇政府'].pk}"
    answer = do(client, first, "dispatch", **{**data, "due_at": due[1]})
    assert answer.status_code == 303
    assert str(second.pk) in answer["Location"]
    first.refresh_from_db()
    assert first.status == "run"
    parts = {str(o.unit): o.part for o in first.obligations.all()}
    assert parts == {"环卫局": "lead", "红叶镇政府": "responsible"}


def test_a_dispatch_can_be_undone_from_the_note_for_ten_seconds(
    client: Client, district: District
) -> None:
    problem = filed(district)
    do(sign_in(client, district.office), problem, "dispatch", **proposed(problem))
    note = client.session["toasts"][0]
    assert "已派给环卫局" in note["words"]
    answer = client.post(note["undo"], note["fields"])
    assert str(problem.pk) in answer["Location"]
    problem.refresh_from_db()
    assert problem.status == "new"


def test_a_refused_act_says_why_and_keeps_what_was_typed(
    client: Client, district: District
) -> None:
    problem = filed(district)
    data = proposed(problem, due_at=in_hours(-1).isoformat(), requirement="清理三处")
    answer = do(sign_in(client, district.office), problem, "dispatch", **data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "整改时限已经过去" in text
    assert "清理三处" in text
    problem.refresh_from_db()
    assert problem.status == "new"


def test_a_repeated_post_dispatches_once(client: Client, district: District) -> None:
    problem = filed(district)
    data = proposed(problem, op_id=str(uuid7()))
    sign_in(client, district.office)
    for _turn in range(2):
        assert do(client, problem, "dispatch", **data).status_code == 303
    assert problem.events.filter(act="dispatch").count() == 1


def test_one_tap_on_a_reason_declines(client: Client, district: District) -> None:
    problem = filed(district)
    do(sign_in(client, district.office), problem, "decline", reason="outside")
    problem.refresh_from_db()
    assert (problem.status, problem.outcome) == ("done", "declined")


def test_one_key_passes_and_one_tap_sends_back(client: Client, district: District) -> None:
    good, bad = handed_in(district), handed_in(district)
    sign_in(client, district.office)
    text = page(client, queue="check")
    assert 'data-key="a"' in text
    assert 'data-key="r"' in text
    Problem.objects.update(level="picture")
    do(client, good, "pass_fix", level="picture")
    do(client, bad, "send_back", reason="angle")
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status, bad.sent_back) == ("done", "run", 1)


def test_somebody_seconded_from_the_fixing_unit_gets_no_button_to_pass(
    client: Client, district: District
) -> None:
    handed_in(district)
    text = page(sign_in(client, district.users["借调"]), queue="check")
    assert 'data-key="a"' not in text


def test_the_office_types_a_fix_for_the_unit_and_the_unit_counts(
    client: Client, district: District
) -> None:
    from tests.district import picture

    problem = dispatched(district)
    kept = picture("after", purpose="after")
    kept.uploaded_by = district.office
    kept.save()
    answer = do(
        sign_in(client, district.office), problem, "hand_in", measure="clean",
        photos_kept=[str(kept.pk)], behalf_unit="环卫局", behalf_channel="wechat",
        swept="0", swept_fixed="0",
    )  # fmt: skip
    assert answer.status_code == 303, answer.content.decode()[:2000]
    problem.refresh_from_db()
    assert problem.status == "check"
    assert problem.fixes[0]["unit"] == str(district.units["环卫局"].pk)
    assert problem.oversample


def test_a_duplicate_is_seen_and_merged(client: Client, district: District) -> None:
    first, again = filed(district), filed(district)
    text = page(sign_in(client, district.office), item=str(again.pk))
    assert "疑似重复" in text
    assert first.number in text
    do(client, again, "merge", other=str(first.pk))
    again.refresh_from_db()
    assert (again.status, again.outcome) == ("done", "duplicate")


def test_merging_into_a_closed_one_brings_it_back_and_undo_takes_both_back(
    client: Client, district: District
) -> None:
    first = handed_in(district)
    Problem.objects.filter(pk=first.pk).update(level="picture")
    acts.pass_fix(problem=first, by=district.office, op_id=op())
    again = filed(district)
    do(sign_in(client, district.office), again, "merge", other=str(first.pk))
    first.refresh_from_db()
    assert (first.status, first.relapsed) == ("run", 1)
    note = client.session["toasts"][0]
    client.post(note["undo"], note["fields"])
    first.refresh_from_db()
    again.refresh_from_db()
    assert (first.status, first.relapsed, again.status) == ("done", 0, "new")


def test_many_are_dispatched_each_to_its_own_proposal_and_taken_back_together(
    client: Client, district: District
) -> None:
    bins = [filed(district), filed(district, "cable")]
    no_lead = filed(district, "road", site=None, region=district.regions["凤凰区"], place="路口")
    sign_in(client, district.office)
    chosen = [str(p.pk) for p in (*bins, no_lead)]
    data = {"problem": chosen, "op_id": str(uuid7()), "queue": "new"}
    for _turn in range(2):
        client.post(reverse("command:bulk"), data)
    leads = [Problem.objects.get(pk=p.pk).lead_unit.name for p in bins]  # type: ignore[union-attr]
    assert leads == ["环卫局", "经信局"]
    note = client.session["toasts"][0]
    assert "已按建议派出2件" in note["words"]
    assert "没有找到责任单位，请打开单独派" in note["words"]
    client.post(note["undo"], note["fields"])
    assert set(Problem.objects.values_list("status", flat=True)) == {"new"}


def test_the_counts_on_the_tabs_are_the_lengths_of_the_lists(
    client: Client, district: District
) -> None:
    filed(district)
    handed_in(district)
    late = dispatched(district)
    Problem.objects.filter(pk=late.pk).update(due_at=in_hours(-5))
    late.party_rows.update(due_at=in_hours(-5))
    parked = filed(district)
    acts.park(
        problem=parked, addressee="铁路", words="函", by=district.office, op_id=op(),
        review_on=in_hours(72).date(),
    )  # fmt: skip
    found = queues.counts(district.office)
    for key in queues.QUEUES:
        assert found[key] == queues.rows(district.office, key).count(), key
    assert (found["new"], found["check"], found["late"], found["parked"]) == (2, 1, 1, 1)


def test_people_of_the_other_district_find_nothing_here(client: Client, district: District) -> None:
    problem = filed(district)
    sign_in(client, district.users["临江创卫办"])
    assert problem.number not in page(client)
    assert problem.number not in page(client, item=str(problem.pk))
    assert part(client, "matter", item=str(problem.pk)).status_code == 404
    assert do(client, problem, "dispatch", **proposed(problem)).status_code == 404
    answer = client.post(
        reverse("command:bulk"), {"problem": [str(problem.pk)], "op_id": str(uuid7())}
    )
    assert answer.status_code == 303
    problem.refresh_from_db()
    assert problem.status == "new"


def test_fragments_hold_only_their_part(client: Client, district: District) -> None:
    problem = filed(district)
    sign_in(client, district.office)
    query = {"item": str(problem.pk), "act": "amend"}
    matter, side = part(client, "matter", **query), part(client, "acts", **query)
    assert b"<html" not in matter.content
    assert b'id="acts"' in matter.content
    assert side.content.decode().lstrip().startswith("<aside")


@pytest.mark.parametrize(("target", "most"), [("", 16), ("desk", 12), ("matter", 10), ("acts", 6)])
def test_the_workbench_needs_few_queries_however_many_wait(
    client: Client, district: District, django_assert_max_num_queries: Any, target: str, most: int
) -> None:
    for i in range(8):
        filed(district, place=f"{i}号楼")
    first = Problem.objects.order_by("filed_at")[0]
    sign_in(client, district.office)
    memories = (directory, duty_book, routing.rules, deadlines.rules, workdays.calendar)
    for memory in (*memories, catalogue.kinds):
        memory()
    query = {"item": str(first.pk)} if target in {"matter", "acts"} else {}
    with django_assert_max_num_queries(most):
        assert part(client, target, **query).status_code == 200


def rule_for_all(district: District, unit: str) -> None:
    """From now on everything is proposed to one unit."""
    RouteRule.objects.all().delete()
    RouteRule.objects.create(
        name="都给它", order=1, lead_by="unit", lead_unit=district.units[unit],
        others_by=["responsible:territory"],
    )  # fmt: skip
    routing.changed()


def test_a_changed_rule_is_told_and_taken_only_when_one_asks(
    client: Client, district: District
) -> None:
    problem = filed(district)
    rule_for_all(district, "经信局")
    text = page(sign_in(client, district.office), item=str(problem.pk))
    assert 'name="lead" value="环卫局"' in text
    assert "现在会派给经信局" in text
    text = page(client, item=str(problem.pk), act="dispatch", fresh="1")
    assert 'name="lead" value="经信局"' in text
    problem.refresh_from_db()
    assert problem.proposal["lead"] == str(district.units["环卫局"].pk)


def test_what_is_not_settled_yet_is_marked(client: Client, district: District) -> None:
    Duty.objects.create(kind=district.kinds["bin"], unit=district.units["经信局"], order=1)
    book.changed()
    text = page(sign_in(client, district.office), item=str(filed(district).pk))
    assert "暂定" not in text
    Duty.objects.create(kind=district.kinds["bin"], unit=district.units["档案局"], order=2)
    book.changed()
    text = page(client, item=str(filed(district).pk))
    assert 'name="lead" value="经信局"' in text
    assert "暂定" in text


def test_many_at_once_go_to_everybody_who_is_proposed(client: Client, district: District) -> None:
    rule_for_all(district, "联通")
    problem = filed(district)
    sign_in(client, district.office)
    client.post(reverse("command:bulk"), {"problem": [str(problem.pk)], "op_id": str(uuid7())})
    parts = {str(o.unit): o.part for o in problem.obligations.all()}
    assert parts == {"联通": "lead", "红叶镇政府": "responsible"}


def test_a_unit_that_is_not_wanted_is_tapped_away(client: Client, district: District) -> None:
    problem = filed(district)
    do(sign_in(client, district.office), problem, "dispatch", **proposed(problem))
    assert [str(o.unit) for o in problem.obligations.all()] == ["环卫局"]
