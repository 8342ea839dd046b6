"""The demo district's duty table: every item with lead, leader, section and person, and, as in
every real table, some rows that are not settled, some that nobody holds, one held by who left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from weicheng.demo import district as plain
from weicheng.demo.settling import Cast
from weicheng.duties.book import changed
from weicheng.duties.models import Duty
from weicheng.people.models import Person, Post, Unit
from weicheng.places.pinyin import key as pinyin
from weicheng.standards.models import Item, ProblemKind

SINCE_DAYS = 150
#: Words of the standard for units that are called otherwise here.
CALLED = {
    "爱卫办": "区卫健局", "政府办": "区政府办", "编办": "区委编办", "宣传部": "区委宣传部",
    "综合执法局（环卫）": "区环卫局", "交警": "区交警大队", "体育部门": "区教体局",
    "生态环境分局": "凤凰生态环境分局", "卫健局（卫监）": "区卫健局",
}  # fmt: skip
#: The vice heads of the campaign who stand behind the seven aspects, by surname.
LEADERS = "赵沈韩唐冯曹彭"
#: Items led by each town, led twice, by nobody, and in some towns only.
BY_TOWNS, TWICE, NOBODY = "estates", "markets", "slaughter"
IN_SOME, SOME = "breeding_sites", ("凤凰街道", "临江街道", "东湖街道")
#: An item whose named person has left; who it was, and in which unit.
LEFT = ("small_trades", "区卫健局", "邹×")
#: Kinds that another unit leads than the rest of their item.
OF_KINDS = {"spider_web": "区工信局", "cable_down": "区工信局"}


def assign_duties(cast: Cast, *, today: date) -> int:
    """Write the table; answers how many rows it has."""
    since = today - timedelta(days=SINCE_DAYS)
    rows = [*_items(cast, since), *_kinds(cast, since)]
    for row in rows:
        if row.item_key == LEFT[0] and row.part == "lead":
            row.person = _gone(cast, today)
    Duty.objects.bulk_create(rows)
    changed()
    return len(rows)


def _items(cast: Cast, since: date) -> Iterator[Duty]:
    county = next(r for r in cast.regions.values() if r.level == "county")
    towns = [r for r in cast.regions.values() if r.name in SOME]
    items = Item.objects.select_related("aspect").order_by("number")
    for item in items:
        units = [u for u in map(_unit(cast), item.usual_lead_zh.split("、")) if u is not None]
        leader = _leader(cast, item.aspect.number)
        common: dict[str, Any] = {"item_key": item.key, "since": since, "leader": leader}
        if item.key == NOBODY:
            continue
        if item.key == BY_TOWNS:
            yield Duty(unit_rule="territory", region=county, **common)
        for order, unit in enumerate(units, 1):
            leads = item.key != BY_TOWNS and (order == 1 or (item.key == TWICE and order == 2))
            places = towns if item.key == IN_SOME and leads else [county]
            for place in places:
                yield _duty(unit, place, item, common, order=order, leads=leads)
        group = cast.units[plain.district().raw["groups"][item.aspect.number - 1]]
        yield Duty(item_key=item.key, part="supervise", unit=group, region=county, since=since)
        if item.aspect.number == 3 and item.key != BY_TOWNS:
            yield Duty(item_key=item.key, part="responsible", unit_rule="territory",
                       region=county, since=since)  # fmt: skip


def _duty(
    unit: Unit, place: Any, item: Item, common: dict[str, Any], *, order: int, leads: bool
) -> Duty:
    unsure = leads and item.key == TWICE
    return Duty(
        **{**common, "leader": common["leader"] if leads else None}, unit=unit, region=place,
        part="lead" if leads else "support", order=order, person=unit.contact if leads else None,
        section=_section(unit) if leads else "", provisional=unsure,
        doubt="two_leads" if unsure else "",
        words="区市场监管局、区商务局牵头" if unsure else "",
    )  # fmt: skip


def _kinds(cast: Cast, since: date) -> Iterator[Duty]:
    county = next(r for r in cast.regions.values() if r.level == "county")
    for key in ProblemKind.objects.filter(key__in=OF_KINDS).values_list("key", flat=True):
        unit = cast.units[OF_KINDS[key]]
        yield Duty(kind_id=key, unit=unit, region=county, person=unit.contact, since=since,
                   section=_section(unit))  # fmt: skip
        yield Duty(kind_id=key, part="responsible", unit_rule="operators", region=county,
                   since=since)  # fmt: skip


def _unit(cast: Cast) -> Any:
    """Finds a unit by the standard's word for it."""

    def find(word: str) -> Unit | None:
        name = CALLED.get(word, f"区{word}")
        return cast.units.get(name)

    return find


def _leader(cast: Cast, number: int) -> Person | None:
    surname = LEADERS[(number - 1) % len(LEADERS)]
    return cast.persons.get(f"区创卫指挥部/{surname}")


def _section(unit: Unit) -> str:
    """“市容股” of a contact who is 市容股股长."""
    title = unit.contact.title if unit.contact else ""
    for word in ("股", "科", "队", "所"):
        head, found, _rest = title.partition(word)
        if found:
            return head + word
    return ""


def _gone(cast: Cast, today: date) -> Person:
    """Somebody who held a post until three weeks ago."""
    _item, unit, name = LEFT
    person = Person.objects.create(name=name, title="卫监股股长", pinyin=pinyin(name[0]))
    Post.objects.create(
        person=person, unit=cast.units[unit], since=today - timedelta(days=300),
        until=today - timedelta(days=21), title="卫监股股长",
    )  # fmt: skip
    return person
