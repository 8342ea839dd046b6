"""`weicheng score`: the mock score of a region at a moment, or one level of why points are lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from weicheng.cli import asked
from weicheng.cli.asked import Misasked

if TYPE_CHECKING:
    from weicheng.places.models import Region
    from weicheng.scoring.reckoning import Portion
    from weicheng.scoring.standing import Scope, Standing

MOST_RED = 20


@click.command("score")
@click.option("--region", "code", default="", help="区划代码；不写就是参评的区县。")
@click.option("--as-of", "moment", default="", help="哪一刻，如 2026-11-02 或 2026-11-02T08:30。")
@click.option("--town", default="", help="只算一个镇街（区划代码）。")
@click.option("--type", "site_type", default="", help="只算一类点位，如 estate。")
@click.option("--sheet", default="deduction", show_default=True, help="评分办法。")
@click.option("--why", "path", default=None, help="打开一层失分，如 A3 或 A3/item；“/”是最上一层。")
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果。")
def command(
    *, code: str, moment: str, town: str, site_type: str, sheet: str, path: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """模拟分：总分、七个方面、各条、红点，或一层失分的来处。不是官方评分。"""
    from django.utils import timezone

    from weicheng.scoring.standing import standing

    region = asked.county(code)
    as_of = asked.moment(moment) or timezone.now()
    scope = _scope(region, town, site_type)
    here = standing(region, as_of, scope=scope, sheet=_sheet(sheet))
    told = _totals(here) if path is None else _why(here, path)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in _total_lines(told) if path is None else _why_lines(told):
        click.echo(line)


def _scope(region: Region, town: str, site_type: str) -> Scope:
    from weicheng.places.models import Region
    from weicheng.scoring.standing import TOWN, TYPE, Scope
    from weicheng.standards.models import SiteType

    if town and site_type:
        raise Misasked("--town 和 --type 一次只能写一个。")
    if town:
        row = Region.objects.filter(code=town, ancestors__contains=[region.pk]).first()
        if row is None:
            raise Misasked(f"{region.name}里没有代码是“{town}”的镇街。")
        return Scope(TOWN, str(row.pk))
    if site_type:
        if not SiteType.objects.filter(key=site_type).exists():
            keys = "、".join(SiteType.objects.filter(active=True).values_list("key", flat=True))
            raise Misasked(f"没有“{site_type}”这类点位。有：{keys}。")
        return Scope(TYPE, site_type)
    return Scope()


def _sheet(key: str) -> str:
    from weicheng.scoring.reckoning import shipped

    keys = [sheet.key for sheet in shipped().values() if sheet.mode != "rate"]
    if key not in keys:
        raise Misasked(f"没有“{key}”这种评分办法。有：{'、'.join(keys)}。")
    return key


def _portion(name: str, key: str, portion: Portion) -> dict[str, Any]:
    """Points in milli."""
    return {
        "key": key, "name": name, "of": portion.of, "earned": portion.earned,
        "lost": portion.lost, "not_inspected": portion.not_inspected,
    }  # fmt: skip


def _head(here: Standing) -> dict[str, Any]:
    from django.utils import timezone

    return {
        "region": here.facts.region.code, "name": here.facts.region.name,
        "as_of": timezone.localtime(here.facts.as_of).isoformat(timespec="seconds"),
        "scope": [here.scope.kind, here.scope.key], "sheet": here.sheet.key,
    }  # fmt: skip


def _totals(here: Standing) -> dict[str, Any]:
    from weicheng.scoring.reckoning import Portion

    total, score = here.thousand, here.score
    names = {item.key: item.name_zh for item in here.facts.items}
    places = {str(pk): place for pk, place in here.facts.places.items()}
    checks = {check.key: check for check in here.facts.checks}
    return {
        **_head(here),
        "low": total.low_milli, "high": total.high_milli, "of": total.of_milli,
        "on_defaults": float(total.certainty.get("default", 0)),
        "sites_seen": len(here.snapshot.visits), "sites": len(places),
        "sheets": [
            {"key": p.key, "of": p.of, "earned": p.earned, "lost": p.lost, "unknown": p.unknown,
             "estimate": p.estimate}
            for p in total.parts
        ],
        "aspects": [
            _portion(a.name_zh, a.key, score.aspects.get(a.key, Portion()))
            for a in here.facts.aspects
        ],
        "items": [
            _portion(names.get(i.row.key, ""), i.row.key, i.portion) for i in score.items
        ],
        "only_city": score.only_city_milli,
        "red": [
            {"check": red.check, "text": checks[red.check].text_zh, "site": red.site,
             "name": places[pk].name if (pk := red.site) in places else ""}
            for red in score.red if red.check in checks
        ],
    }  # fmt: skip


def _total_lines(told: Mapping[str, Any]) -> list[str]:
    sheets = {"onsite": "现场", "indicators": "数据指标", "documents": "资料",
              "satisfaction": "满意度"}  # fmt: skip
    lines = [
        f"{told['name']}　数据截止 {told['as_of']}　评分办法 {told['sheet']}",
        f"模拟分 {_points(told['low'])}–{_points(told['high'])} / {_points(told['of'])}"
        f"，{told['on_defaults']:.0%}的分值是默认值；看过{told['sites_seen']}处点位，"
        f"共{told['sites']}处。不是官方评分。",
    ]
    for row in told["sheets"]:
        mark = "（自估）" if row["estimate"] else ""
        lines.append(_row(sheets[row["key"]] + mark, row, row["unknown"], "没有依据"))
    lines.append("七个方面（现场）")
    lines += [_row(f"{r['key']} {r['name']}", r, r["not_inspected"]) for r in told["aspects"]]
    lines.append("失分的条目")
    worst = sorted((r for r in told["items"] if r["lost"]), key=lambda r: -r["lost"])
    lines += [_row(f"{r['key']} {r['name']}", r, r["not_inspected"]) for r in worst]
    lines.append(f"红点 {len(told['red'])} 处")
    lines += [f"  {red['name']}：{red['text']}" for red in told["red"][:MOST_RED]]
    if len(told["red"]) > MOST_RED:
        lines.append(f"  ……还有{len(told['red']) - MOST_RED}处，用 --json 看全。")
    return lines


def _row(name: str, row: Mapping[str, Any], unknown: int, words: str = "未检查") -> str:
    text = f"  {name}：得{_points(row['earned'])}/{_points(row['of'])}，失{_points(row['lost'])}"
    return f"{text}，{words}{_points(unknown)}" if unknown else text


def _points(milli: int) -> str:
    from weicheng.scoring.words import milli_words

    return milli_words(milli)


def _why(here: Standing, path: str) -> dict[str, Any]:
    steps = tuple(step for step in path.split("/") if step)
    try:
        node = here.tree.node(steps)
        below = here.tree.open(steps) if node.opens else ()
    except KeyError as wrong:
        raise Misasked(f"“{path}”这里没有失分。") from wrong
    names = _names(here)
    return {
        **_head(here), "path": "/".join(steps), "lost": node.milli,
        "level": below[0].level if below else "",
        "lines": [
            {"key": n.key, "name": names.get(n.site or n.key, ""), "lost": n.milli,
             "path": "/".join(n.path)}
            for n in below
        ],
    }  # fmt: skip


def _names(here: Standing) -> dict[str, str]:
    facts = here.facts
    return {
        **{row.key: row.name_zh for row in facts.aspects},
        **{row.key: row.name_zh for row in facts.items},
        **{key: row.name_zh for key, row in facts.site_types.items()},
        **{row.key: row.text_zh for row in facts.checks},
        **{str(pk): place.name for pk, place in facts.places.items()},
    }


def _why_lines(told: Mapping[str, Any]) -> list[str]:
    lines = [f"{told['path'] or '全部'}　失{_points(told['lost'])}分（模拟分），下面加起来正好是它"]
    for row in told["lines"]:
        name = row["name"] or row["key"]
        lines.append(f"  −{_points(row['lost'])}　{name}　{row['path']}")
    return lines
