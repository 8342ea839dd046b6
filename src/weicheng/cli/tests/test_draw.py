"""`weicheng draw` as an office meets it: a trial, the same trial again, and the proof of a draw."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.district import District, op
from tests.inspecting import site

from weicheng.cli.draw import command
from weicheng.inspections import acts
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import SEED, drafted, locked, with_sites
from weicheng.inspections.words import PlanState

pytestmark = pytest.mark.django_db

HERE = ["--region", "990102", "--seed", SEED.hex()]


def said(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_trial_draw_says_what_it_took_what_is_missing_and_keeps_nothing(
    district: District,
) -> None:
    with_sites(district)
    code, out, err = said(*HERE)
    assert code == 0
    assert "凤凰区：共抽 4 个点位，没有保存。" in out
    assert "公共厕所应抽2个，建成区内只有1个，全部抽取。" in err
    assert not Plan.objects.exists()


def test_the_same_seed_draws_the_same_for_programs_and_people(district: District) -> None:
    with_sites(district)
    first = json.loads(said(*HERE, "--json")[1])
    assert first == json.loads(said(*HERE, "--json")[1])
    assert [pick["order"] for pick in first["picks"]] == [1, 2, 3, 4]
    assert all(pick["name"] in said(*HERE)[1] for pick in first["picks"])


def test_a_released_plan_is_proved_and_a_changed_one_is_not(district: District) -> None:
    with_sites(district)
    plan = locked(district)
    asked = ["--plan", str(plan.pk), "--verify"]
    code, _out, err = said(*asked)
    assert (code, "发布结果或取消以后才公开" in err) == (2, True)
    stop = plan.stops.select_related("site").first()
    assert stop is not None
    look = acts.Look(site=stop.site, stop=stop)
    acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    acts.release(by=district.office, plan=plan, op_id=op())
    code, out, _err = said(*asked)
    assert (code, "重抽的点位与当时的一致" in out) == (0, True)
    plan.stops.filter(pk=stop.pk).update(site=site(district, "换进来的小区"))
    code, out, _err = said(*asked, "--json")
    assert (code, json.loads(out)["same_sites"]) == (1, False)


def test_a_draft_is_locked_with_save_and_never_drawn_for_trial_after_its_seal(
    district: District,
) -> None:
    with_sites(district)
    plan = drafted(district)
    code, out, _err = said("--plan", str(plan.pk), "--save")
    assert (code, "已锁定并抽取 4 个点位" in out) == (0, True)
    assert Plan.objects.get(pk=plan.pk).state == PlanState.LOCKED
    assert said("--plan", str(plan.pk))[0] == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--plan", "不是编号"], "没有编号为 不是编号 的检查计划"),
        (["--region", "123"], "没有代码是“123”的区划"),
        (["--seed", "abc"], "种子要是64位十六进制数字"),
        (["--as-of", "昨天"], "没看懂“昨天”"),
        (["--verify"], "核对要写明 --plan"),
        ([], "没有可抽的点位"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    district: District, words: list[str], sentence: str
) -> None:
    code, _out, err = said(*words)
    assert (code, sentence in err) == (2, True)
