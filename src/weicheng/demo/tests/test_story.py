"""Sixty planned days: the same each time, in order, and with what the demo promises to show."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import weicheng.standards
from weicheng.demo.build import facts_of
from weicheng.demo.pictures import MOTIFS
from weicheng.demo.plot import ZONE
from weicheng.demo.sites import plan_sites
from weicheng.demo.story import Story, plan_story, themes

NOW = datetime(2026, 12, 3, 9, 46, tzinfo=ZONE)
DATA = Path(weicheng.standards.__file__).parent / "data"


def shipped(name: str, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))[key]
    return rows


def tell(now: datetime = NOW) -> Story:
    types = [(row["key"], row["name_zh"]) for row in shipped("site_types.yaml", "site_types")]
    kinds = [facts_of(row) for row in shipped("problem_kinds.yaml", "problem_kinds")]
    return plan_story(now=now, sites=plan_sites(types), kinds={k.key: k for k in kinds})


@pytest.fixture(scope="module")
def story() -> Story:
    return tell()


def test_the_same_day_tells_the_same_story(story: Story) -> None:
    assert tell() == story


def test_another_day_tells_another_end(story: Story) -> None:
    assert tell(NOW + timedelta(days=1)).acts[-1].at > story.acts[-1].at


def test_there_are_about_six_hundred_problems_and_three_thousand_acts(story: Story) -> None:
    assert 560 <= len(story.matters) <= 660
    assert 2600 <= len(story.acts) <= 3300


def test_nothing_happens_later_than_now_and_every_life_begins_with_its_finding(
    story: Story,
) -> None:
    assert all(a.at < NOW for a in story.acts)
    assert [a.at for a in story.acts] == sorted(a.at for a in story.acts)
    seen: set[int] = set()
    for act in story.acts:
        assert act.matter in seen or act.name in {"file", "fix_on_spot"}
        seen.add(act.matter)
    assert seen == {matter.key for matter in story.matters}


def test_the_acts_of_one_matter_follow_each_other(story: Story) -> None:
    last: dict[int, datetime] = {}
    for act in story.acts:
        assert act.matter not in last or act.at > last[act.matter]
        last[act.matter] = act.at


def test_every_kind_of_ending_occurs(story: Story) -> None:
    names = Counter(act.name for act in story.acts)
    for name in ("send_back", "reopen", "decline", "close", "void", "park", "set_long_term",
                 "fix_on_spot", "recall", "amend", "settle", "cut_line", "ask_extension",
                 "ask_pause", "dispute", "grant", "deny", "split", "merge", "say_again",
                 "name_person", "hand_over"):  # fmt: skip
        assert names[name] > 0, name


def test_live_lines_of_one_operator_stay_cut_for_thirty_eight_hours(story: Story) -> None:
    live = [a for a in story.acts if a.name == "classify_line" and a.args["state"] == "live"]
    assert sum(act.args["households"] for act in live) == 210
    assert max((NOW - act.args["back"]) for act in live) == timedelta(hours=38)
    assert {act.who for act in live} == {"联通公司"}


def test_the_market_gate_came_back_three_times(story: Story) -> None:
    gate = next(m for m in story.matters if m.place == "红叶农贸市场东门" and m.motif == "market")
    backs = [a for a in story.acts if a.matter == gate.key and a.name == "reopen"]
    assert len(backs) == 3
    assert all(act.args["reason"] == "relapsed" for act in backs)


def test_what_was_asked_stands_in_every_way_at_the_end(story: Story) -> None:
    """One asks for more time today, one dispute waits at the office and one at the group."""
    asked = {"ask_extension", "ask_pause", "dispute"}
    ends: Counter[str] = Counter()
    for matter in story.matters:
        acts = [a for a in story.acts if a.matter == matter.key]
        steps = [a.name for a in acts if a.name in {*asked, "grant", "deny"}]
        bounces = steps.count("dispute")
        if steps:
            ends[f"{steps[-1]} {bounces}" if bounces else steps[-1]] += 1
    assert ends == {"ask_extension": 1, "grant": 3, "deny": 1, "dispute 1": 1, "grant 1": 1,
                    "dispute 3": 1}  # fmt: skip


def test_every_picture_has_its_own_motif_and_variant(story: Story) -> None:
    pictures = story.pictures()
    assert {picture.motif for picture in pictures} <= set(MOTIFS)
    assert 900 <= len(pictures) <= 1500


def test_every_theme_speaks_of_a_kind_and_of_site_types_that_exist() -> None:
    kinds = {row["key"] for row in shipped("problem_kinds.yaml", "problem_kinds")}
    types = {row["key"] for row in shipped("site_types.yaml", "site_types")}
    for theme in themes():
        assert theme.kind in kinds
        assert set(theme.at) <= types
        assert theme.motif in MOTIFS
