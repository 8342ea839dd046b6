"""How an ordinary matter goes: on time, late, sent back, come back, closed otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from weicheng.demo.dice import Dice
from weicheng.demo.plot import KindFacts, Life, in_hours

# How often a unit is late, and how long a late fix takes on average (days).
LATE = {"区住建局": 0.34, "联通公司": 0.3, "区综合执法局": 0.17, "红叶镇": 0.16, "区水务局": 0.2}
LATE_ELSE = 0.16
LATE_DAYS = 2.8
SENT_BACK = {"no_pair": 4, "unfinished": 3, "angle": 2, "no_sweep": 1.5, "place": 0.5}
WORDS_BACK = {
    "no_pair": "请补一张与整改前同角度的照片。",
    "unfinished": "边角还有残留，请再清一遍。",
    "angle": "拍摄位置与整改前不一致，请重拍。",
    "no_sweep": "同路段还有同类问题，请一并排查。",
    "place": "照片地点与点位不符，请核对。",
}
TALK = (
    "已到现场看过，下午安排人员处理。",
    "与业主沟通中，周末前办好。",
    "需要吊车配合，已联系。",
    "社区网格员每天早晚各看一次。",
    "材料已下单，明天到货。",
    "包保单位已入户宣传。",
)
ORDERS = (
    "请盯紧，今天办结。",
    "举一反三，同类点位全部过一遍。",
    "请督查室跟进，结果报我。",
    "群众反映过两次，优先办。",
)
CHANNELS = ("phone", "wechat", "paper")


def live(d: Dice, life: Life, kind: KindFacts, measure: str, done: str, *, town: bool) -> None:
    """Fill an ordinary life: from filing to whatever became of it."""
    if life.matter.source == "self" and d.happens(0.5):
        _on_spot(d, life)
        return
    photos = [life.shot(fixed=False)] if life.matter.source != "hotline" else []
    if d.happens(0.06):
        photos.append(life.shot(fixed=False, more=1))
    life.act("file", "finder", *photos)
    if _ends_early(d, life, kind):
        return
    _sent_out(d, life, kind, town=town)
    due = kind.due(life.acts[-1].at)
    if d.happens(0.9):
        life.wait(d.span(0.1, 2.5))
        life.at = in_hours(life.at, d)
        life.act("sign", "lead", told=_told(d))
    _talk(d, life)
    unit = "town" if town else kind.lead
    _work(d, life, due, LATE.get(unit, LATE_ELSE))
    _claim(d, life, measure, done)
    _verified(d, life, kind, measure, done)


def _on_spot(d: Dice, life: Life) -> None:
    life.act("fix_on_spot", "finder", life.shot(fixed=False), life.shot(fixed=True))
    day = life.at + timedelta(days=1 if d.happens(0.85) else 2)
    life.at = in_hours(day.replace(hour=9, minute=30), d)
    life.wait(d.span(0, 0.6))
    life.act("pass_fix", "verifier")


def _ends_early(d: Dice, life: Life, kind: KindFacts) -> bool:
    """A few are declined, void, or gone before anybody was sent."""
    chance = d.random()
    outside = life.matter.source in {"citizen", "hotline"}
    if outside and not kind.direct and chance < 0.16:
        life.wait(d.span(0.5, 6))
        reason = d.one(("outside", "unclear", "not_found"))
        life.act("decline", "office", reason=reason, words="已电话告知反映人。")
        return True
    if chance > 0.994:
        life.wait(0.3)
        life.act("void", "office", words="同一问题误登两次，此件作废。")
        return True
    if chance > 0.982:
        life.wait(d.span(2, 20))
        life.act("close", "office", outcome="gone", words="复查时已不存在。")
        return True
    return False


def _sent_out(d: Dice, life: Life, kind: KindFacts, *, town: bool) -> None:
    """Dispatch, unless the kind goes straight to its unit; due by the rule."""
    if kind.direct:
        if d.happens(0.035):
            life.wait(d.span(0.3, 2))
            life.act("recall", "office", words="权属不在该单位，改派属地。")
            life.wait(0.1)
            life.act("dispatch", "office", lead="town", hours=None, support=False)
        return
    life.wait(d.span(0.2, 11))
    life.at = in_hours(life.at, d)
    if d.happens(0.05):
        life.act("amend", "office", severity=d.one(("minor", "normal", "serious")))
    lead = "town" if town else "bureau"
    life.act("dispatch", "office", lead=lead, hours=None, support=d.happens(0.35))


def _talk(d: Dice, life: Life) -> None:
    if d.happens(0.28):
        life.wait(d.span(0.3, 4))
        life.act("remark", "lead", words=d.one(TALK), told=_told(d))
    if d.happens(0.035):
        life.wait(d.span(0.2, 2))
        life.act("remark", "leader", words=d.one(ORDERS))


def _work(d: Dice, life: Life, due: datetime, late: float) -> None:
    """The time until the fix is claimed."""
    start = life.acts[-1].at
    hours = max(0.5, (due - start).total_seconds() / 3600)
    if d.happens(late):
        life.until(start + timedelta(hours=hours + d.expovariate(1 / (LATE_DAYS * 24)) + 2))
    else:
        life.until(start + timedelta(hours=max(0.4, hours * d.span(0.35, 0.97))))
    if hours > 12:
        life.at = in_hours(life.at, d)


def _claim(d: Dice, life: Life, measure: str, done: str) -> None:
    swept = d.whole(0, 14) if d.happens(0.6) else 0
    life.shots += 1
    life.act(
        "hand_in", "lead", life.shot(fixed=True, more=life.shots - 1),
        measure=measure, words=done if d.happens(0.75) else "", swept=swept,
        fixed=d.whole(0, min(3, swept)), told=_told(d),
    )  # fmt: skip


def _verified(d: Dice, life: Life, kind: KindFacts, measure: str, done: str) -> None:
    life.wait(d.expovariate(1 / 30.0) + 0.5)
    life.at = in_hours(life.at, d)
    turns = 0
    while d.happens(0.13) and turns < 3:
        turns += 1
        reason = d.weighted(SENT_BACK)
        life.act("send_back", "verifier", reason=reason, words=WORDS_BACK[reason])
        life.wait(d.span(2, 34))
        life.at = in_hours(life.at, d)
        _claim(d, life, measure, done)
        life.wait(d.span(1, 20))
        life.at = in_hours(life.at, d)
    life.act("pass_fix", "verifier")
    if kind.after and d.happens(0.7):
        life.wait(d.span(1, 40))
        life.act("settle", "owing", told=_told(d))
    _relapses(d, life, kind, measure, done)


def _relapses(d: Dice, life: Life, kind: KindFacts, measure: str, done: str) -> None:
    if not d.happens(0.05):
        return
    life.wait(24 * d.span(5, 24))
    life.at = in_hours(life.at, d)
    life.act("reopen", "inspector", life.shot(fixed=False, more=3), reason="relapsed",
             words="巡查发现又出现，按反弹处理。")  # fmt: skip
    _work(d, life, kind.due(life.acts[-1].at), 0.12)
    life.shots += 4
    _claim(d, life, measure, done)
    life.wait(d.span(2, 24))
    life.at = in_hours(life.at, d)
    life.act("pass_fix", "verifier")


def _told(d: Dice) -> str:
    """How the unit told the office, should it have no account of its own."""
    return d.one(CHANNELS)
