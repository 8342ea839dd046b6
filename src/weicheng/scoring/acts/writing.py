"""Stating indicators, documents, satisfaction and our own warning lines.

Nothing is overwritten: a new statement of a later day stands before the old one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.scoring.acts.once import claim
from weicheng.scoring.gates import must_haves
from weicheng.scoring.models import (
    DocumentsMark,
    IndicatorValue,
    SatisfactionEstimate,
    WarningLine,
    condition_key,
)
from weicheng.scoring.permissions import may_draw_lines, may_write_values
from weicheng.scoring.refusals import Refused
from weicheng.standards.models import Aspect, Indicator, Item

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region

Row = TypeVar("Row", bound=models.Model)
THOUSAND = 1_000_000
#: Operators of the data table whose rows are met or not met in words.
IN_WORDS = frozenset({"text", "level"})


class Stating(TypedDict, total=False):
    """What every statement is told: who, where, of which day, from which source."""

    by: User
    region: Region
    on: date
    source: str
    op_id: UUID
    now: datetime | None


@transaction.atomic
def state_indicator(
    *, key: str, value: Decimal | None = None, met: bool | None = None, **said: Unpack[Stating]
) -> IndicatorValue:
    """The value of a row of the data table on a day: a number, or met or not for rows in words.

    Raises Refused. A later day stands before an earlier one; the same day again corrects it.
    """
    row = Indicator.objects.filter(key=key).first()
    if row is None:
        raise Refused("unknown_indicator", key=key)
    if row.operator in IN_WORDS and met is None:
        raise Refused("need_yes_or_no", name=row.name_zh)
    if row.operator not in IN_WORDS and (value is None or not value.is_finite()):
        raise Refused("need_number", name=row.name_zh)
    fields = {"indicator_key": key, "value": value, "met": met}
    return _state(IndicatorValue, "state_indicator", fields, said)


@transaction.atomic
def state_condition(*, item: str, met: bool, **said: Unpack[Stating]) -> IndicatorValue:
    """Whether a gate (a veto item or a must-have condition) holds on a day, by the office's own
    reading; not where figures tell."""
    must = any(gate.key == item and gate.by_word for gate in must_haves())
    if not must and not Item.objects.filter(key=item, veto=True).exists():
        raise Refused("unknown_item", key=item)
    fields = {"indicator_key": condition_key(item), "value": None, "met": met}
    return _state(IndicatorValue, "state_condition", fields, said)


@transaction.atomic
def mark_documents(*, item: str, percent: int, **said: Unpack[Stating]) -> DocumentsMark:
    """How complete the papers of one item are, 0..100, by the office's own reading."""
    row = Item.objects.filter(key=item).first()
    if row is None:
        raise Refused("unknown_item", key=item)
    if not 0 <= percent <= 100:
        raise Refused("percent_range", name=row.name_zh)
    fields = {"item_key": item, "percent": percent}
    return _state(DocumentsMark, "mark_documents", fields, said)


@transaction.atomic
def estimate_satisfaction(
    *, percent: Decimal, answers: int, **said: Unpack[Stating]
) -> SatisfactionEstimate:
    """An own survey: percent satisfied of so many answers. The national survey is another."""
    if not (percent.is_finite() and 0 <= percent <= 100):
        raise Refused("percent_range", name=_("满意度"))
    if answers < 1:
        raise Refused("need_answers")
    fields = {"percent": percent, "answers": answers}
    return _state(SatisfactionEstimate, "estimate_satisfaction", fields, said)


def _state(model: type[Row], act: str, fields: dict[str, Any], said: Stating) -> Row:
    by, region, day, now = said["by"], said["region"], said["on"], said.get("now")
    if not may_write_values(by, region):
        raise Refused("not_yours")
    moment = now or timezone.now()
    if day > timezone.localdate(moment):
        raise Refused("day_ahead")
    source = said.get("source", "")
    body = {**fields, "region": region.pk, "on": day, "source": source}
    return _once(model, said["op_id"], lambda: claim(
        by=by, act=act, body=body, op_id=said["op_id"], now=moment
    ), {
        **fields, "region": region, "on": day, "source": source, "written_by": by.person,
        "written_at": moment,
    })  # fmt: skip


def _once(
    model: type[Row], op_id: UUID, is_fresh: Callable[[], bool], fields: dict[str, Any]
) -> Row:
    rows = model._default_manager
    if not is_fresh():
        return rows.get(operation=op_id)
    return rows.create(operation=op_id, **fields)


@transaction.atomic
def draw_line(
    *, by: User, region: Region, name: str, milli: int, op_id: UUID, aspect: str = "",
    now: datetime | None = None,
) -> WarningLine:  # fmt: skip
    """A line of our own over the total (0..1000 points) or one aspect. Raises Refused."""
    if not may_draw_lines(by, region):
        raise Refused("not_your_line")
    if not name.strip():
        raise Refused("need_name")
    most = THOUSAND if not aspect else _points_of(aspect)
    if not 0 < milli <= most:
        raise Refused("line_range", most=most // 1000)
    body = {"region": region.pk, "name": name, "milli": milli, "aspect": aspect}
    if not claim(by=by, act="draw_line", body=body, op_id=op_id, now=now):
        return WarningLine.objects.get(operation=op_id)
    try:
        with transaction.atomic():
            return WarningLine.objects.create(
                region=region, name=name.strip(), milli=milli, aspect=aspect, operation=op_id
            )
    except IntegrityError as twice:
        raise Refused("line_twice", name=name.strip()) from twice


@transaction.atomic
def drop_line(*, by: User, line: WarningLine, op_id: UUID, now: datetime | None = None) -> None:
    """Take a line away; what was said while it stood stays said."""
    if not may_draw_lines(by, line.region):
        raise Refused("not_your_line")
    if claim(by=by, act="drop_line", body={"line": line.pk}, op_id=op_id, now=now):
        WarningLine.objects.filter(pk=line.pk).update(active=False)


def _points_of(aspect: str) -> int:
    row = Aspect.objects.filter(key=aspect).first()
    return row.onsite_milli if row else 0
