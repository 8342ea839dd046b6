"""A text proposes its kind by the catalogue's words."""

from __future__ import annotations

import pytest

from weicheng.journal.ids import uuid7
from weicheng.people.models import User
from weicheng.standards.edits import revise_kind
from weicheng.standards.models import Standard
from weicheng.standards.reading import DATA, read, rows
from weicheng.standards.words import Proposer
from weicheng.triage.proposing import propose

SHIPPED = Proposer.of(
    (row["key"], row["search_words"])
    for row in rows(read(DATA / "problem_kinds.yaml"), "problem_kinds")
)


def first(text: str) -> str:
    """The key of the likeliest kind, or an empty string."""
    found = SHIPPED.propose(text)
    return found[0][0] if found else ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("人民路52号垃圾桶满溢", "bin_overflow"),
        ("学府巷口乱贴小广告约3张", "small_ads"),
        ("龙泉小区14号楼强弱电线蜘蛛网", "spider_web"),
        ("窨井盖缺失（和平路7号门前）", "manhole"),
        ("夜市油烟直排，16家未装净化器", "fumes"),
        ("农贸市场6号摊位占道经营", "market_order"),
        ("文化街3号商户占道经营", "street_trading"),
        ("张家沟小区防护栏凸出38户未拆除", "grille"),
        ("清水公厕异味大", "toilet_smell"),
        ("学府路人行道地砖破损58平方", "pavement"),
        ("清水街46号门前非机动车乱停放", "bike_parking"),
        ("3号楼有人在楼道里给电动车飞线充电", "flying_wire"),
        ("后墙根发现鼠洞两处", "rats"),
        ("河面有漂浮物", "river_dirty"),
    ],
)
def test_words_of_the_field_propose_their_kind(text: str, kind: str) -> None:
    assert first(text) == kind


@pytest.mark.parametrize("text", ["收到", "@所有人 请相关单位抓紧处理", "", "好的，马上", "[图片]"])
def test_chatter_proposes_nothing(text: str) -> None:
    assert SHIPPED.propose(text) == []


def test_a_longer_word_hides_the_shorter_one_inside_it() -> None:
    words = SHIPPED.propose("乱贴小广告")[0][2]
    assert words == ["乱贴小广告"]


def test_two_words_asked_together_must_both_be_there() -> None:
    made = Proposer.of([("smell", ["公厕+异味"]), ("toilet", ["公厕"])])
    assert made.propose("公厕有异味")[0][0] == "smell"
    assert [key for key, _score, _words in made.propose("公厕关门")] == ["toilet"]


def test_a_word_the_office_adds_counts_at_once(standard: Standard, office: User) -> None:
    assert propose("门口堆了狗窝") == []
    words = ["狗窝", "堆物"]
    revise_kind(by=office, kind_key="clutter", changes={"search_words": words}, op_id=uuid7())
    assert propose("门口堆了狗窝")[0].key == "clutter"
