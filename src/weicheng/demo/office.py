"""What the office keeps besides problems: rows of its own in the tables, the pool, complaints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import yaml

from weicheng.complaints import registering
from weicheng.demo.district import DATA
from weicheng.demo.performing import TYPIST, op_id
from weicheng.demo.plot import ZONE
from weicheng.demo.settling import Cast
from weicheng.intake.leads import learn_messages
from weicheng.problems import limit_table, route_table
from weicheng.sheets.dates import Moment
from weicheng.sheets.messages import CitizenMessage
from weicheng.standards.models import ProblemKind

CLERK = "chuangweiban"


def keep_tables(cast: Cast) -> None:
    """A row of the district in the table of time limits, and one in that of who is proposed."""
    by, county = cast.users[CLERK], _county(cast)
    found = ProblemKind.objects.in_bulk(["bare_soil", "street_trading"])
    if "bare_soil" in found:
        limit_table.save(by=by, op_id=op_id("limit", "soil"), row=None, values={
            "kind": found["bare_soil"], "condition": "需要换土补植", "region": county,
            "fix_amount": 12, "fix_kind": "days", "sign_amount": 1, "sign_kind": "days",
            "verify_amount": 2, "verify_kind": "days", "note": "换土后须养护，宽于一般补植",
            "source": "区创卫办整改时限补充规定",
        })  # fmt: skip
    if "street_trading" in found:
        route_table.save(by=by, op_id=op_id("route", "school"), rule=None, values={
            "name": "校门口摊点由执法局牵头、镇街配合", "kind": found["street_trading"],
            "site_type_key": "school", "region": county, "lead_by": "unit",
            "lead_unit": cast.units["区综合执法局"], "others_by": ["support:territory"],
            "verifier": "inspector", "note": "上下学时段镇街协助值守",
        })  # fmt: skip


def fill_pool(cast: Cast, now: datetime) -> int:
    """Messages of residents that nobody has decided yet, some of them for other offices."""
    new, _known = learn_messages(_messages(now), district=_county(cast), now=now)
    return new


def hear_complaints(cast: Cast, now: datetime) -> None:
    """What people say about the system and the work: some answered, some not yet."""
    for n, row in enumerate(_data()["complaints"]):
        at = now - timedelta(days=row["days"])
        told = registering.take_in(
            key=op_id("complaint", n), region=_county(cast), about=row["about"], text=row["text"],
            page="", now=at,
        )  # fmt: skip
        if told is not None and "answer" in row:
            registering.answer(
                told, text=row["answer"], by=cast.users[TYPIST], key=op_id("reply", n),
                now=at + timedelta(hours=row["after"]),
            )  # fmt: skip


def _messages(now: datetime) -> Iterator[CitizenMessage]:
    for n, row in enumerate(_data()["messages"], start=1):
        at = (now - timedelta(hours=row["hours"])).astimezone(ZONE)
        yield CitizenMessage(
            row=n, external_id="", author=row["author"], title=row["title"], text=row["text"],
            at=Moment(at, had_time=True, had_year=True), at_raw="", phone="", place="",
        )  # fmt: skip


def _county(cast: Cast) -> Any:
    return next(region for region in cast.regions.values() if region.level == "county")


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "pool.yaml").read_text(encoding="utf-8"))
    return loaded
