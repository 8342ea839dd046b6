"""Builds the demo district: its places and people in bulk, its sixty days act by act."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.demo import pictures
from weicheng.demo.album import Album
from weicheng.demo.checks import open_book, walk_rounds
from weicheng.demo.district import district
from weicheng.demo.duties import assign_duties
from weicheng.demo.figures import ask_for_forecast, state_figures
from weicheng.demo.living import Living
from weicheng.demo.office import fill_pool, hear_complaints, keep_tables
from weicheng.demo.performing import Performer, perform_all
from weicheng.demo.plot import KindFacts
from weicheng.demo.rounds import Rounds
from weicheng.demo.settling import Cast, settle_district
from weicheng.demo.sites import SitePlan, plan_sites
from weicheng.demo.story import Story, plan_story
from weicheng.places.models import Campaign
from weicheng.problems import reckoning, tallies
from weicheng.problems.limits_load import load_limits
from weicheng.standards.load import load_standard
from weicheng.standards.models import ProblemKind, SiteType

Progress = Callable[..., object]


class NotEmpty(Exception):
    """The database holds a campaign already; the demo is built into an empty one only."""


@dataclass
class Built:
    """What was made: counts, refused acts (should be none), and the seconds it took."""

    units: int
    sites: int
    problems: int
    acts: int
    pictures: int
    refused: list[str]
    seconds: float


def build_demo(
    progress: Progress | None = None,
    large: bool = False,
    today: datetime | None = None,
    *,
    only: int | None = None,
) -> Built:
    """Build the demo whole or not at all, ending at `today` (an aware moment; default: now).

    `large` makes about six times as many problems; `only` stops after so many acts (for tests).
    Raises NotEmpty when there is a campaign already.
    """
    began = time.monotonic()
    tell = progress or (lambda *_words: None)
    now = today or timezone.now()
    if Campaign.objects.exists():
        raise NotEmpty(_("这里已有一个创建活动，示范区只能建在空的数据库里。"))
    with transaction.atomic():
        _quickly()
        tell(_("正在装入标准……"))
        load_standard()
        load_limits()
        sites = plan_sites(list(SiteType.objects.values_list("key", "name_zh")))
        kinds = ProblemKind.objects.in_bulk()
        facts = {key: facts_of(vars(kind)) for key, kind in kinds.items()}
        story = plan_story(now=now, sites=sites, kinds=facts, large=large)
        if only is not None:
            story = story.cut(only)
        built = _perform(story, sites, kinds, now, tell, cut=only is not None)
    built.seconds = time.monotonic() - began
    words = _("示范区建好了：%(units)s个单位、%(sites)s个点位、%(problems)s件问题、%(acts)s步。")
    tell(words % vars(built))
    return built


def _perform(
    story: Story,
    sites: list[SitePlan],
    kinds: dict[str, ProblemKind],
    now: datetime,
    tell: Progress,
    *,
    cut: bool,
) -> Built:
    """Other processes draw while places and people are written and the acts performed."""
    with pictures.studio() as pool:
        album = Album(story, pool)
        tell(_("正在建立区划、单位、人员和点位……"))
        cast = settle_district(sites, today=timezone.localdate(now))
        assign_duties(cast, today=timezone.localdate(now))
        keep_tables(cast)
        tell(_("正在办理六十天里的每一步……"))
        matters = {matter.key: matter for matter in story.matters}
        performer = Performer(cast, matters, kinds, album.open(cast))
        living = Living(cast, story.acts[0].at, story.acts[-1].at if cut else now)
        perform_all(
            performer, story.acts, before=living.go_on,
            every=lambda n: tell(_("已办理%(n)s步……") % {"n": n}),
        )  # fmt: skip
        tell(_("正在走六十天的检查路线……"))
        _check_sites(cast, sites, now - timedelta(minutes=5), living, cut=cut)
        fill_pool(cast, now)
        hear_complaints(cast, now)
    tallies.fold()
    refused = [f"{act.name} {act.who} {code}" for act, code in performer.refused]
    return Built(
        len(cast.units), len(cast.sites), len(performer.problems), performer.done, album.kept,
        refused, 0.0,
    )  # fmt: skip


def _check_sites(
    cast: Cast, sites: list[SitePlan], now: datetime, living: Living, *, cut: bool
) -> None:
    """Rounds, planned checks and the figures beside them; then the story's last moment."""
    book = open_book(cast, sites, now)
    walk_rounds(book)
    if not cut:
        Rounds(book).carry_out()
    living.finish()
    state_figures(cast, now)
    ask_for_forecast(cast, now)


def _quickly() -> None:
    """This one transaction need not wait for the disk; it is whole or not there at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def facts_of(kind: Mapping[str, Any]) -> KindFacts:
    """What the plan must know of a kind, from its row in the file or in the table."""
    hours = float(kind.get("due_hours") or 24 * (kind.get("due_days") or 3))
    after = any(row["sort"] == "after" for row in kind.get("obligations") or ())
    terms = reckoning.terms_of_kind(
        kind["key"], kind["haste"], kind.get("due_hours"), kind.get("due_days"), kind["severity"]
    )
    bureau = _bureau(kind["bureau_words"])
    return KindFacts(kind["key"], hours, kind["direct"], bureau, after, terms)


def _bureau(words: Iterable[str]) -> str:
    """The unit that these words name, as the directory would find it."""
    for word in words:
        for unit in district().units:
            if unit.kind in {"bureau", "operator", "sponsor"} and word in unit.name:
                return unit.key
    return ""
