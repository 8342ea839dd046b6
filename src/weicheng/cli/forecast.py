"""`weicheng forecast`: the forecast of a region in figures, for whoever stands at the machine."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from weicheng.cli import asked as questions

STEPS = {
    "facts": "读取点位和检查结果", "belief": "估计失分率", "draws": "模拟抽查",
    "walk": "模拟从落脚点步行的抽查", "worth": "推算补分",
}  # fmt: skip


@click.command("forecast")
@click.option("--region", "code", default="", help="区划代码；不填就是参评的区县。")
@click.option(
    "--as-of", "as_of", default="", help="截至哪一天（2026-12-03）或哪一刻；不填就是现在。"
)
@click.option("--seed", type=int, default=None, help="种子；同一种子结果相同。不填就是当天的日期。")
@click.option("--draws", type=click.IntRange(1, 1_000_000), default=100_000, show_default=True,
              help="模拟抽查多少次。")  # fmt: skip
@click.option("--model", type=click.Choice(["quota", "walk"]), default="quota", show_default=True,
              help="抽法：quota 按类别和数量抽，walk 从落脚点步行就近抽。")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果。")
def command(**asked: Any) -> None:
    """推算：照现在的样子，抽查能得多少分、到各条内部预警线的可能性有多大。只看不存。"""
    from django.utils import timezone

    from weicheng.scoring.forecasting import Unfit
    from weicheng.scoring.foretelling import foretell
    from weicheng.scoring.running import seed_of

    region = questions.county(asked["code"])
    moment = questions.moment(asked["as_of"]) or timezone.now()
    seed = seed_of(moment) if asked["seed"] is None else asked["seed"]
    try:
        found = foretell(
            region, moment, seed=seed, draws=asked["draws"], walk=asked["model"] == "walk",
            worth=False, tell=lambda step: click.echo(f"{STEPS[step]}……", err=True),
        )  # fmt: skip
    except Unfit:
        raise click.ClickException(
            f"{region.name}没有能被抽到的点位，或者标准还没有装入，推算不了。"
        ) from None
    if found.result[asked["model"]] is None:
        raise click.ClickException("车站、宾馆和市场都没有位置坐标，不能按步行的抽法推算。")
    head = {
        "region": region.code, "as_of": moment.isoformat(), "seed": seed,
        "draws": found.result["walk"]["draws"] if asked["model"] == "walk" else asked["draws"],
        "model": asked["model"],
    }  # fmt: skip
    if asked["as_json"]:
        click.echo(json.dumps(_plain(head, found), ensure_ascii=False, sort_keys=True))
    else:
        click.echo("\n".join([f"{region.name}　模拟分", *_lines(head, found)]))


def _plain(head: dict[str, Any], found: Any) -> dict[str, Any]:
    """Everything as one object; points in milli."""
    rest = {key: value for key, value in found.result.items() if key not in {"quota", "walk"}}
    return {**head, "parameters": found.parameters, **found.result[head["model"]], **rest}


def _lines(head: dict[str, Any], found: Any) -> list[str]:
    """The figures in words."""
    from weicheng.scoring.sentences import PARTS, points

    told = found.result[head["model"]]
    p5, p10, p50, p90, p95 = (points(told[name], 1) for name in ("p5", "p10", "p50", "p90", "p95"))
    lines = [
        f"截至 {head['as_of'][:16]}　种子 {head['seed']}　模拟抽查 {head['draws']} 次",
        f"最可能 {p50} 分，八成在 {p10} 到 {p90} 分之间，九成在 {p5} 到 {p95} 分之间",
    ]
    for line, chance in zip(found.parameters["lines"], told["chances"], strict=True):
        lines.append(f"到{line['name']} {points(line['milli'])} 分：{100 * chance:.1f}%")
    lines.append("各方面（最可能，八成区间，满分）：")
    lines += [
        f"  {row['key']}　{points(row['p50'], 1)}　{points(row['p10'], 1)}～"
        f"{points(row['p90'], 1)}　/{points(row['of'])}"
        for row in told["aspects"]
    ]
    lines += [
        f"  {row['aspect']}　到{row['name']} {points(row['milli'], 1)} 分："
        f"{100 * row['chance']:.1f}%"
        for row in told["aspect_lines"]
    ]
    whole = sum(told["parts"].values()) or 1.0
    lines.append("起伏从哪里来：")
    lines += [
        f"  {100 * value / whole:5.1f}%　{PARTS[name]}"
        for name, value in sorted(told["parts"].items(), key=lambda pair: -pair[1])
        if value > 0
    ]
    if sys.stdout.isatty():
        lines.append("这是模拟分，预警线是自己定的；只给指挥长和创卫办主任看。")
    return lines
