"""A text is told: which kind it is, or that it lies outside, how sure, by which words."""

from __future__ import annotations

import time

import numpy as np
import pytest
from bench.triage import Labelled, inspector_lines, lexicon

from weicheng.triage.features import features
from weicheng.triage.judging import LIKELY, MAYBE, Judge, Proposal
from weicheng.triage.lexicon import Lexicon
from weicheng.triage.outside import categories, key_of, where_outside
from weicheng.triage.weights import Weights, taught

JUDGE = Judge(lexicon())
LINES = [one for one in inspector_lines() if not one.held_out]
LETTER = "{}" + (
    "尊敬的领导您好，我是一名普通的市民，今天写信是想反映这样一件事，已经拖了很久，"
    "多次打电话也没有人给一个明确的说法，希望领导在百忙之中能够关心一下，谢谢。" * 4
)


def first(text: str, judge: Judge = JUDGE) -> Proposal | None:
    return next(iter(judge.propose(text)), None)


def fits(told: Proposal | None, one: Labelled) -> bool:
    if told is None:
        return False
    if told.outside:
        return any(answer.startswith("outside:") for answer in one.answers)
    return told.key in one.answers


def test_of_the_inspectors_lines_nineteen_in_twenty_are_told_right() -> None:
    right = sum(fits(first(one.text), one) for one in LINES)
    assert len(LINES) == 139 and right / len(LINES) >= 0.95


def test_what_is_said_to_be_very_like_is_right_and_no_matter_of_ours_is_surely_outside() -> None:
    told = [(first(one.text), one) for one in LINES]
    sure = [fits(p, one) for p, one in told if p and p.confidence >= LIKELY]
    lost = [one.text for p, one in told if p and p.outside and one.inside and p.confidence > LIKELY]
    assert sum(sure) / len(sure) >= 0.97 and len(sure) > 80 and lost == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("孩子明年上学，学区怎么划分", "schools"),
        ("开发商迟迟不给办房产证", "housing"),
        ("厂里拖欠工资三个月", "labour"),
        ("公交车半天等不来一趟", "transport"),
    ],
)
def test_what_others_deal_with_is_told_with_where_it_belongs(text: str, category: str) -> None:
    told = first(text)
    assert told is not None and told.outside and told.key == category and told.words
    assert told.confidence >= LIKELY


def test_a_matter_of_the_campaign_beside_a_school_stays_ours() -> None:
    told = first("小学门口流动摊贩占道")
    assert told is not None and not told.outside and told.key in {"stall_spread", "street_trading"}


def test_a_long_letter_without_a_word_of_ours_seems_outside_a_short_line_does_not() -> None:
    letter = first(LETTER.format(""))
    assert letter is not None and letter.outside and MAYBE <= letter.confidence < LIKELY
    assert JUDGE.propose("收到") == [] and JUDGE.propose("") == []


def test_the_title_of_a_letter_counts_more_than_its_third_sentence() -> None:
    told = first(LETTER.format("路灯不亮。") + "附近还有垃圾桶满溢。")
    assert told is not None and told.key == "lamp"


def test_words_asked_together_count_only_at_the_head() -> None:
    judge = Judge(Lexicon([("smell", ["公厕+异味"]), ("bin", ["满溢"])], []))
    assert [one.key for one in judge.propose("公厕异味")] == ["smell"]
    assert not any(
        one.key == "smell" and one.words for one in judge.propose("好" * 80 + "公厕异味")
    )


def test_at_most_three_kinds_are_offered_the_likeliest_first() -> None:
    told = JUDGE.propose("垃圾桶满溢，路灯不亮，窨井盖缺失，油烟扰民")
    assert len(told) == 3 and sorted(told, key=lambda one: -one.confidence) == told


def test_a_subject_of_letters_has_its_place() -> None:
    assert key_of("城乡建设/城乡规划") == "planning" and key_of("城乡建设/没有的") == "housing"
    assert str(where_outside("教育文体/教育收费")) == "教育部门"
    assert str(where_outside("没有的")) == "12345热线" == str(where_outside(""))


def test_no_word_belongs_outside_and_to_a_kind() -> None:
    outside = {word for one in categories().values() for word in one.words}
    kinds = {word for key, words in shipped() for word in words}
    assert outside & kinds == set()


def shipped() -> list[tuple[str, list[str]]]:
    import yaml

    from weicheng.standards.reading import DATA

    rows = yaml.safe_load((DATA / "problem_kinds.yaml").read_text("utf-8"))["problem_kinds"]
    return [(row["key"], row["search_words"]) for row in rows]


def test_the_numbers_of_a_text_do_not_give_its_words_back() -> None:
    one, other = features("人民路23号桶满溢"), features("人民路23号桶满溢了")
    assert one.dtype == np.dtype("<u2") and set(one) < set(other)
    assert len(features("满")) == 0


def lessons(text: str, answer: str, times: int = 12) -> list[object]:
    numbers = [features(f"{n}号楼{text}") for n in range(times)]
    nothing = np.full(len(JUDGE.classes), -4.2, dtype=np.float32)
    return [(one, nothing, (answer,)) for one in numbers]


def test_what_the_office_decided_is_proposed_the_next_time() -> None:
    assert first("9号楼门口有跳跳鼠") is None
    learnt = Judge(lexicon(), taught(JUDGE.classes, lessons("门口有跳跳鼠", "rats")))  # type: ignore[arg-type]
    told = first("9号楼门口有跳跳鼠", learnt)
    assert told is not None and told.key == "rats" and told.words == ()


def test_the_same_lessons_give_the_same_weights() -> None:
    taught_once = [taught(JUDGE.classes, lessons("门口有跳跳鼠", "rats")) for _ in range(2)]  # type: ignore[arg-type]
    assert np.array_equal(taught_once[0].table, taught_once[1].table)


def test_a_new_kind_starts_at_nought_and_the_others_keep_what_was_learnt() -> None:
    weights = taught(JUDGE.classes, lessons("门口有跳跳鼠", "rats"))  # type: ignore[arg-type]
    wider = weights.fitted(("new_kind", *JUDGE.classes))
    assert not wider.table[:, 0].any() and np.array_equal(wider.table[:, 1:], weights.table)


def test_one_text_takes_less_than_five_milliseconds() -> None:
    judge = Judge(lexicon(), Weights.nought(JUDGE.classes))
    text = LETTER.format("垃圾桶满溢")
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        judge.propose(text)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[10] < 0.005
