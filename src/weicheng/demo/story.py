"""Sixty lived days planned with a fixed seed: what is found, by whom, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from weicheng.demo import tales
from weicheng.demo.dice import Dice
from weicheng.demo.district import DATA, district
from weicheng.demo.lives import live
from weicheng.demo.plot import ZONE, Act, KindFacts, Life, Matter, Picture, at_hour
from weicheng.demo.sites import SitePlan

DAYS = 60
USUAL = 555  # ordinary matters; the tales come on top
LARGE = 6  # so many times more with --large
INSPECTORS = ("jiancha", "jiancha2", "jiancha3", "jiancha4")
PEAKS = ((9.2, 0.9), (10.6, 0.8), (15.2, 1.0), (16.8, 0.7))  # hours at which things are found


@dataclass(frozen=True)
class Story:
    """Matters by key, and all their acts in the order of time."""

    matters: tuple[Matter, ...]
    acts: tuple[Act, ...]

    def pictures(self) -> list[Picture]:
        """Every picture once, in the order of first use."""
        return list(dict.fromkeys(p for act in self.acts for p in act.pictures))

    def cut(self, count: int) -> Story:
        """The first `count` acts with the matters that they are about."""
        acts = self.acts[:count]
        begun = {act.matter for act in acts}
        return Story(tuple(m for m in self.matters if m.key in begun), acts)


@dataclass(frozen=True)
class Theme:
    """One row of findings.yaml."""

    kind: str
    at: tuple[str, ...]
    motif: str
    often: float
    how: str
    many: tuple[int, int]
    say: tuple[str, ...]
    done: tuple[str, ...]
    lead: str = ""


@cache
def _findings() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "findings.yaml").read_text(encoding="utf-8"))
    return loaded


def themes() -> list[Theme]:
    """The themes of the data file."""
    found = []
    for row in _findings()["themes"]:
        lists = {key: tuple(row[key]) for key in ("at", "many", "say", "done")}
        found.append(Theme(**{**row, **lists}))
    return found


def plan_story(
    *,
    now: datetime,
    sites: Sequence[SitePlan],
    kinds: Mapping[str, KindFacts],
    large: bool = False,
) -> Story:
    """The sixty days that end at `now`; nothing is planned later than that.

    Kinds and site types that the catalogue lacks are left out. The same day and hour give the
    same story.
    """
    moment = now.astimezone(ZONE).replace(second=0, microsecond=0)
    lives = list(_Finder(moment, sites, kinds).ordinary(USUAL * (LARGE if large else 1)))
    lives += tales.special(moment, sites, kinds, first=len(lives))
    acts = [act for life in lives for act in life.acts if act.at < moment]
    acts.sort(key=lambda act: (act.at, act.matter, act.order))
    begun = {act.matter for act in acts}
    return Story(tuple(life.matter for life in lives if life.matter.key in begun), tuple(acts))


class _Finder:
    """Finds ordinary matters, day after day."""

    def __init__(
        self, now: datetime, sites: Sequence[SitePlan], kinds: Mapping[str, KindFacts]
    ) -> None:
        self.now = now
        self.kinds = kinds
        self.spots: dict[str, list[str]] = _findings()["spots"]
        self.sources: dict[str, float] = _findings()["sources"]
        self.by_type: dict[str, list[SitePlan]] = {}
        for site in sites:
            self.by_type.setdefault(site.site_type, []).append(site)
        usable = [t for t in themes() if t.kind in kinds and self._places(t)]
        self.themes = {place: theme for place, theme in enumerate(usable)}
        self.often = {place: theme.often for place, theme in self.themes.items()}
        self.towns = {town.code: town.name for town in district().towns()}

    def _places(self, theme: Theme) -> list[SitePlan]:
        return [s for key in theme.at for s in self.by_type.get(key, ()) if s.built_up != "outside"]

    def ordinary(self, count: int) -> list[Life]:
        """`count` lives, spread over the days with more of them towards the end."""
        first = self.now.date() - timedelta(days=DAYS)
        shares = [self._share(first + timedelta(days=i), i) for i in range(DAYS + 1)]
        # the last day has only run until now
        shares[-1] *= max(0.05, (self.now.hour + self.now.minute / 60 - 8) / 10)
        found: list[Life] = []
        owed = 0.0
        for i, share in enumerate(shares):
            owed += count * share / sum(shares)
            while owed >= 1:
                owed -= 1
                found.append(self._life(len(found), first + timedelta(days=i), i))
        return found

    def _share(self, day: Any, i: int) -> float:
        weekend = day.weekday() >= 5
        return (0.45 if weekend else 1.0) * (0.55 + 1.15 * (i / DAYS) ** 2)

    def _life(self, key: int, day: Any, i: int) -> Life:
        d = Dice("matter", key)
        theme = self.themes[d.weighted(self.often)]
        site = d.one(self._places(theme))
        peak, wide = d.one(PEAKS)
        hour = min(19.4, max(7.6, d.gauss(peak, wide)))
        if i == DAYS:
            hour = min(hour, max(7.6, self.now.hour + self.now.minute / 60 - d.span(0.1, 3)))
        matter = self._matter(d, key, theme, site)
        life = Life(matter, at_hour(day, hour))
        town = theme.lead == "town"
        live(
            d, life, self.kinds[theme.kind], theme.how, self._said(d, theme.done, matter), town=town
        )
        return life

    def _matter(self, d: Dice, key: int, theme: Theme, site: SitePlan) -> Matter:
        quantity = Decimal(d.whole(*theme.many)) if theme.many[1] > 1 or d.happens(0.5) else None
        source = d.weighted(self.sources)
        spot = d.one(self.spots.get(site.site_type, [""]))
        text = d.one(theme.say).format(n=quantity or 1)
        return Matter(
            key, theme.kind, site.key, site.region, place_of(site, spot), text, source,
            self._finder(d, source, site), theme.motif, key, quantity,
        )  # fmt: skip

    def _finder(self, d: Dice, source: str, site: SitePlan) -> str:
        if source in {"daily", "undercover"}:
            return d.one(INSPECTORS)
        if source == "self":
            return site.keeper if d.happens(0.7) else self.towns[site.region[:9]]
        return "paidan"

    def _said(self, d: Dice, sentences: Sequence[str], matter: Matter) -> str:
        return d.one(sentences).format(n=matter.quantity or 1)


def place_of(site: SitePlan, spot: str = "") -> str:
    """Where it is, as an inspector says it: the site and the spot, or address and shop."""
    if site.site_type == "main_road":
        return f"{site.address}{spot}"
    if spot:
        return f"{site.name}{spot}"
    if site.address and site.address not in site.name:
        return f"{site.address}{site.name}"
    return site.name
