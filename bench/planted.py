"""Pairs for measuring what is found to be the same: the same matter said again by somebody else,
and near-misses that are another matter. Made from a fixed seed; nothing here is anybody's data.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

METRES = 111_320.0
BASE = (34.2600, 108.9400)

#: Kind → ways in which people put the same sight into words.
SAID: dict[str, tuple[str, ...]] = {
    "bin_overflow": (
        "垃圾桶满溢，垃圾掉到地上", "桶满了没人清", "两个垃圾桶都满出来了，旁边还堆着袋子",
        "垃圾桶爆满，有异味", "垃圾满溢未及时清运", "桶边散落垃圾，苍蝇多",
    ),
    "exposed_waste": (
        "路边有一堆垃圾", "暴露垃圾约两平方米没清", "墙根堆着生活垃圾", "垃圾裸露，无人清理",
        "空地上有成堆垃圾",
    ),
    "clutter": (
        "楼道堆满杂物", "门口乱堆纸箱", "单元门前堆着旧家具", "乱堆乱放，影响通行",
        "楼梯间放着废旧沙发和纸板",
    ),
    "small_ads": (
        "墙上贴满小广告", "楼道口牛皮癣没清", "电线杆上贴着开锁广告", "小广告成片，清了又贴",
        "墙面乱贴乱画",
    ),
    "spider_web": (
        "空中线缆乱拉，像蜘蛛网", "飞线杂乱下垂", "弱电线缆打结，没有捆扎",
        "线缆乱挂低垂，行人碰头", "废弃线缆没有剪",
    ),
    "bike_parking": (
        "共享单车乱停占道", "电动车停在盲道上", "非机动车乱停乱放", "单车倒了一片",
        "人行道上停满电动车",
    ),
    "shop_outside": (
        "店外经营占了人行道", "商户把货摆到门外", "出店经营，桌子摆到路上", "门口摆摊占道",
        "水果店的筐子摆在人行道上",
    ),
    "fumes": (
        "烧烤油烟直排", "饭店油烟大，呛人", "没装油烟净化器", "后厨油烟直接排到巷子里",
        "油烟扰民",
    ),
}  # fmt: skip
#: Kinds that people take for one another.
TAKEN_FOR = {"bin_overflow": "exposed_waste", "exposed_waste": "bin_overflow"}
ROADS = ("人民路", "建设街", "解放巷", "文昌路", "西环路", "东风巷")
NAMES = "福安康宁瑞祥和顺兴华盛景丽锦秀明春晖松柏梅兰竹菊"
ESTATES = ("苑", "小区", "家属院", "花园", "新村")
SIDES = ("旁", "旁边", "附近", "门口", "北侧", "对面")
DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Said:
    """One report: what a finder would have typed, and where and when."""

    kind: str
    place: str
    site: str
    words: str
    latitude: float | None
    longitude: float | None
    at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Pair:
    """A report that is filed, and one that comes later; ``same``: whether it is the same matter."""

    sort: str
    first: Said
    later: Said
    same: bool


class _Pen:
    def __init__(self, seed: int, now: datetime) -> None:
        self.dice, self.now, self.spots = random.Random(seed), now, 0  # noqa: S311

    def spot(self) -> tuple[float, float]:
        """A place of its own, 600 m from every other pair's."""
        self.spots += 1
        row, column = divmod(self.spots, 40)
        return self.moved((BASE[0] + row * 0.006, BASE[1] + column * 0.007), 0, 150)

    def moved(self, at: tuple[float, float], least: float, most: float) -> tuple[float, float]:
        """So many metres away, in any direction."""
        far, turn = self.dice.uniform(least, most), self.dice.uniform(0, 2 * math.pi)
        north, east = far * math.cos(turn), far * math.sin(turn)
        return at[0] + north / METRES, at[1] + east / (METRES * math.cos(math.radians(at[0])))

    def number(self, n: int) -> str:
        """A number as people write it: 7, or 七."""
        return DIGITS[n] if n <= 10 and self.dice.random() < 0.3 else str(n)

    def words(self, kind: str, but: str = "") -> str:
        """How somebody puts it; not the same way as ``but``."""
        return self.dice.choice([w for w in SAID[kind] if w != but])

    def day(self, least: float, most: float) -> datetime:
        """So many days ago."""
        return self.now - timedelta(days=self.dice.uniform(least, most))

    def report(self, kind: str, where: _Where, words: str, at: datetime) -> Said:
        """A report of a place: a position in two of three, a number in most; one in six types the
        place in full instead of choosing the site."""
        located = self.dice.random() < 0.67
        lat, lon = where.at if located else (None, None)
        numbered = where.detail if self.dice.random() < 0.75 else ""
        if where.site and self.dice.random() < 0.17:
            return Said(kind, f"{where.place}{numbered}", "", words, lat, lon, at)
        return Said(kind, where.place, where.site, f"{numbered}{words}", lat, lon, at)


@dataclass(frozen=True)
class _Where:
    place: str
    site: str
    detail: str
    at: tuple[float, float]


def _where(pen: _Pen, at: tuple[float, float], number: int, spot: int, *, estate: bool) -> _Where:
    """A building of a compound that is a site, or a door of a road that is none."""
    side = pen.dice.choice(SIDES)
    if estate:
        first, second = divmod(spot, len(NAMES))
        name = f"{NAMES[first % len(NAMES)]}{NAMES[second]}{ESTATES[spot % len(ESTATES)]}"
        return _Where(name, name, f"{pen.number(number)}号楼{side}", at)
    door = spot * 12 + number
    return _Where(f"{ROADS[spot % len(ROADS)]}{door}号{side}", "", "", at)


def _same(pen: _Pen, kind: str, *, again: bool) -> Pair:
    """Another finder, other words, 0–40 m off, another day; or it came back after closing."""
    spot, number, estate = pen.spot(), pen.dice.randint(1, 10), pen.dice.random() < 0.5
    here = _where(pen, spot, number, pen.spots, estate=estate)
    first = pen.report(kind, here, pen.words(kind), pen.day(2, 20 if not again else 50))
    if again:
        closed = first.at + timedelta(days=pen.dice.uniform(0.5, 1.9))
        first = Said(**{**first.__dict__, "closed_at": closed})
    there = _where(pen, pen.moved(spot, 0, 40), number, pen.spots, estate=estate)
    other = TAKEN_FOR.get(kind, kind) if pen.dice.random() < 0.2 else kind
    words = pen.words(other, first.words)
    later = pen.report(other, there, words, pen.day(0, 1))
    return Pair("came back" if again else "said again", first, later, same=True)


def _next_door(pen: _Pen, kind: str) -> Pair:
    """The same kind at the next building or door, 25–90 m off."""
    spot, number, estate = pen.spot(), pen.dice.randint(1, 5), pen.dice.random() < 0.5
    here = _where(pen, spot, number, pen.spots, estate=estate)
    beside = number + pen.dice.choice((1, 2, 4))
    there = _where(pen, pen.moved(spot, 25, 90), beside, pen.spots, estate=estate)
    first = pen.report(kind, here, pen.words(kind), pen.day(1, 20))
    return Pair("next door", first, pen.report(kind, there, pen.words(kind), pen.day(0, 1)), False)


def _other_kind(pen: _Pen, kind: str) -> Pair:
    """Something else at the very place."""
    spot, number, estate = pen.spot(), pen.dice.randint(1, 10), pen.dice.random() < 0.5
    here = _where(pen, spot, number, pen.spots, estate=estate)
    there = _where(pen, pen.moved(spot, 0, 20), number, pen.spots, estate=estate)
    left_out = {kind, TAKEN_FOR.get(kind, kind)}
    other = pen.dice.choice([k for k in SAID if k not in left_out])
    first = pen.report(kind, here, pen.words(kind), pen.day(1, 20))
    return Pair(
        "other kind", first, pen.report(other, there, pen.words(other), pen.day(0, 1)), False
    )


def _long_ago(pen: _Pen, kind: str) -> Pair:
    """The same place and kind, closed months ago: a new case of it."""
    spot, number, estate = pen.spot(), pen.dice.randint(1, 10), pen.dice.random() < 0.5
    here = _where(pen, spot, number, pen.spots, estate=estate)
    found = pen.report(kind, here, pen.words(kind), pen.day(90, 300))
    first = Said(**{**found.__dict__, "closed_at": found.at + timedelta(days=3)})
    there = _where(pen, pen.moved(spot, 0, 20), number, pen.spots, estate=estate)
    return Pair("long ago", first, pen.report(kind, there, pen.words(kind), pen.day(0, 1)), False)


def pairs(n: int, *, seed: int, now: datetime) -> list[Pair]:
    """``n`` pairs: half the same matter, half near-misses."""
    pen = _Pen(seed, now)
    makers: tuple[Callable[[str], Pair], ...] = (
        lambda k: _same(pen, k, again=False), lambda k: _next_door(pen, k),
        lambda k: _same(pen, k, again=False), lambda k: _other_kind(pen, k),
        lambda k: _same(pen, k, again=True), lambda k: _long_ago(pen, k),
    )  # fmt: skip
    kinds = list(SAID)
    return [makers[i % len(makers)](kinds[pen.dice.randrange(len(kinds))]) for i in range(n)]
