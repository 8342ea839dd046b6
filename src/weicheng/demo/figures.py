"""The figures that the demo office keeps beside its visits, stated act by act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from django.utils import timezone

from weicheng.demo.district import DATA
from weicheng.demo.performing import TYPIST, op_id
from weicheng.scoring import acts
from weicheng.scoring.foretelling import DRAWS
from weicheng.scoring.running import seed_of
from weicheng.standards.models import Indicator, Item

if TYPE_CHECKING:
    from weicheng.demo.settling import Cast
    from weicheng.people.models import User
    from weicheng.places.models import Region


def state_figures(cast: Cast, now: datetime) -> int:
    """Indicators with their history, documents, own surveys and warning lines; how many rows."""
    raw: dict[str, Any] = yaml.safe_load((DATA / "figures.yaml").read_text(encoding="utf-8"))
    by, region = cast.users[TYPIST], _county(cast)
    stated = _indicators(raw["indicators"], by, region, now)
    stated += _documents(raw["documents"], by, region, now)
    for item in raw["conditions"]:
        acts.state_condition(
            item=item, met=True, by=by, region=region, on=timezone.localdate(now),
            source="部门书面确认", op_id=op_id("condition", item), now=now,
        )  # fmt: skip
    for days, percent, answers in raw["satisfaction"]:
        acts.estimate_satisfaction(
            percent=Decimal(str(percent)), answers=answers, by=by, region=region,
            on=timezone.localdate(now - timedelta(days=days)), source="入户问卷",
            op_id=op_id("satisfaction", days), now=now - timedelta(days=days),
        )  # fmt: skip
    for name, line, *aspect in raw["lines"]:
        acts.draw_line(
            by=by, region=region, name=name, milli=line * 1000, aspect="".join(aspect),
            op_id=op_id("line", name), now=now,
        )  # fmt: skip
    return stated + len(raw["satisfaction"]) + len(raw["lines"])


def ask_for_forecast(cast: Cast, now: datetime) -> None:
    """The commander switched the chance on; a worker makes the first forecast at once."""
    by, region = cast.users["zhihuizhang"], _county(cast)
    acts.switch(by=by, region=region, on=True, op_id=op_id("switch"), now=now - timedelta(days=2))
    acts.ask_run(
        by=by, region=region, seed=seed_of(now), draws=DRAWS, op_id=op_id("forecast"), now=now
    )


def _indicators(rows: dict[str, list[Any]], by: User, region: Region, now: datetime) -> int:
    known = dict(Indicator.objects.filter(target_of=None).values_list("key", "operator"))
    stated, stated_at = 0, now - timedelta(days=20)
    for key, values in rows.items():
        if key not in known:
            continue
        for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
            day = timezone.localdate(stated_at)
            day = date(day.year - back, 12, 31) if back else day
            in_words = isinstance(value, bool)
            acts.state_indicator(
                key=key, value=None if in_words else Decimal(str(value)),
                met=value if in_words else None, by=by, region=region, on=day,
                source="部门年报", op_id=op_id("indicator", key, back), now=stated_at,
            )  # fmt: skip
            stated += 1
    return stated


def _documents(raw: dict[str, Any], by: User, region: Region, now: datetime) -> int:
    stated_at = now - timedelta(days=12)
    day = timezone.localdate(stated_at)
    keys = [key for key in Item.objects.values_list("key", flat=True) if key not in raw["missing"]]
    for key in keys:
        percent = raw["weak_percent"] if key in raw["weak"] else raw["ordinary"]
        acts.mark_documents(
            item=key, percent=percent, by=by, region=region, on=day, source="资料组自评",
            op_id=op_id("documents", key), now=stated_at,
        )  # fmt: skip
    return len(keys)


def _county(cast: Cast) -> Region:
    return next(region for region in cast.regions.values() if region.level == "county")
