"""`weicheng draw`: draws sites by quota and keeps nothing, or makes a plan's draw again."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from weicheng.cli import asked as questions

if TYPE_CHECKING:
    from weicheng.inspections.drawing import Draw
    from weicheng.inspections.models import Plan
    from weicheng.inspections.pool import Pool
    from weicheng.places.models import Region

REFUSED, DIFFERS = 2, 1


@click.command("draw")
@click.option("--plan", "plan_id", help="计划编号（计划页地址里的那一串）。")
@click.option("--verify", is_flag=True, help="重算一次已发布或抽后取消的抽取，与当时的结果核对。")
@click.option("--region", "code", help="区划代码；不填就是整个申报范围。")
@click.option("--types", default="", help="只抽这些类型（编号，用逗号隔开）。")
@click.option("--half", is_flag=True, help="减半抽取。")
@click.option("--spread", is_flag=True, help="各镇街按点位多少分摊。")
@click.option("--rounds", type=click.IntRange(1, 200), help="几轮之内每个点位都查到。")
@click.option("--kind", default="monthly", show_default=True, help="接在哪一种检查的历次抽取后面。")
@click.option("--as-of", "as_of", help="只算这一刻以前的历次抽取，例如 2026-11-30 或带时分。")
@click.option("--seed", help="随机种子，64位十六进制；不填就新生成一个并显示。")
@click.option(
    "--save", is_flag=True, help="锁定这个拟定的计划（要有 --plan），与网页上的按钮一样。"
)
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果。")
def command(plan_id: str | None, verify: bool, save: bool, as_json: bool, **asked: Any) -> None:
    """抽点位：按标准的数量从建成区内的点位里抽，不保存。相同的种子抽出相同的点位。

    退出码：0 成功（有类型不足也算，会说明），1 核对不符，2 不能办（说明原因）。
    """
    plan = _plan(plan_id) if plan_id else None
    if verify:
        _verify(plan, as_json=as_json)
    elif save:
        _save(plan, as_json=as_json)
    else:
        _show(plan, asked, as_json=as_json)


def _refuse(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(REFUSED)


def _plan(text: str) -> Plan:
    from weicheng.inspections.models import Plan

    try:
        found = Plan.objects.select_related("region").filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        _refuse(f"没有编号为 {text} 的检查计划。")
        raise SystemExit(REFUSED)
    return found


def _verify(plan: Plan | None, *, as_json: bool) -> None:
    """Draw again from what was kept, and compare with the stops, the seal and the fingerprint."""
    from weicheng.inspections.drawing import opens, printed
    from weicheng.inspections.models import DrawnFrom
    from weicheng.inspections.pool import drawn, fingerprint_of
    from weicheng.inspections.words import PlanState

    if plan is None:
        _refuse("核对要写明 --plan。")
        return
    kept = DrawnFrom.objects.filter(plan=plan).first()
    if kept is None or not plan.seed or plan.locked_at is None:
        _refuse("这个计划没有抽取过，没有可核对的。")
        return
    if plan.state not in {PlanState.RELEASED, PlanState.DROPPED}:
        _refuse("种子在发布结果或取消以后才公开，现在还不能核对。")
        return
    seed = bytes(plan.seed)
    stops = {str(pk) for pk in plan.stops.values_list("site", flat=True)}
    again = {p.key for p in drawn(kept.given, seed).picks} if plan.sampled else {
        row[0] for row in kept.given["candidates"]
    }  # fmt: skip
    result = {
        "plan": str(plan.pk), "title": plan.title, "seed": printed(seed), "sealed": plan.sealed,
        "seal_opens": opens(seed, plan.sealed, str(plan.pk)), "fingerprint": kept.fingerprint,
        "list_unchanged": fingerprint_of(kept.given) == kept.fingerprint,
        "same_sites": again == stops, "sites": len(stops),
    }  # fmt: skip
    right = bool(result["seal_opens"] and result["list_unchanged"] and result["same_sites"])
    if as_json:
        click.echo(json.dumps({**result, "ok": right}, ensure_ascii=False))
    else:
        click.echo(f"{plan.title}：{len(stops)} 个点位")
        click.echo(f"种子 {result['seed']}")
        for name, words in (
            ("seal_opens", "种子与抽取前的封条"), ("list_unchanged", "候选名单与当时的指纹"),
            ("same_sites", "重抽的点位与当时的"),
        ):  # fmt: skip
            click.echo(f"{words}{'一致' if result[name] else '不一致'}")
    sys.exit(0 if right else DIFFERS)


def _save(plan: Plan | None, *, as_json: bool) -> None:
    """Lock a draft as its maker."""
    from weicheng.inspections import acts
    from weicheng.inspections.refusals import Refused
    from weicheng.journal.ids import uuid7
    from weicheng.people.models import User

    if plan is None:
        _refuse("保存要写明 --plan，并先在网页上拟好计划、编好组。")
        return
    by = User.objects.filter(person=plan.created_by, role="office", is_active=True).first()
    if by is None:
        _refuse("拟这个计划的人已经没有创卫办的账号，请在网页上锁定。")
        return
    try:
        done = acts.lock_and_draw(by=by, plan=plan, op_id=uuid7())
    except Refused as refused:
        _refuse(refused.sentence())
        return
    found = {"plan": str(done.pk), "sealed": done.sealed, "stops": done.stops.count()}
    if as_json:
        click.echo(json.dumps({**found, "shortfalls": done.shortfalls}, ensure_ascii=False))
    else:
        click.echo(f"已锁定并抽取 {found['stops']} 个点位，封条 {done.sealed}")


def _show(plan: Plan | None, asked: dict[str, Any], *, as_json: bool) -> None:
    """A draw that is not kept."""
    from weicheng.inspections.drawing import new_seed, read
    from weicheng.inspections.pool import drawn, pool_of

    if plan is not None and plan.sealed:
        _refuse("这个计划的种子已经封存，不能用来试抽；发布后可以 --verify。")
    try:
        seed = read(asked["seed"]) if asked["seed"] else new_seed()
    except ValueError:
        _refuse("种子要是64位十六进制数字。")
        return
    pool = pool_of(_scope(plan, asked), before=questions.moment(asked["as_of"]))
    if not pool.total:
        _refuse("这个范围里没有可抽的点位：要在建成区内、没有停用、有抽查数。")
    made = drawn(pool.given(), seed)
    if as_json:
        click.echo(json.dumps(_as_json(pool, made, seed), ensure_ascii=False))
    else:
        _say(pool, made, seed)


def _scope(plan: Plan | None, asked: dict[str, Any]) -> Any:
    from weicheng.inspections.pool import Scope

    if plan is not None:
        return Scope.of(plan)
    types = tuple(sorted(t.strip() for t in asked["types"].split(",") if t.strip()))
    return Scope(
        _region(asked["code"]), types, True, asked["half"], asked["spread"], asked["rounds"],
        asked["kind"],
    )  # fmt: skip


def _region(code: str | None) -> Region:
    from weicheng.places.models import Campaign

    if code:
        return questions.region(code)
    campaign = Campaign.objects.select_related("applicant").first()
    if campaign is None:
        raise questions.Misasked("还没有定申报城市，请用 --region 写明区划。")
    return campaign.applicant


def _as_json(pool: Pool, made: Draw, seed: bytes) -> dict[str, Any]:
    from weicheng.inspections.pool import fingerprint_of

    names = _names(made)
    return {
        "region": pool.scope.region.code, "seed": seed.hex(),
        "fingerprint": fingerprint_of(pool.given()), "undecided": pool.undecided_count,
        "picks": [
            {"order": p.order, "site": p.key, "name": names[p.key], "type": p.site_type,
             "because": p.because}
            for p in made.picks
        ],
        "shortfalls": [vars(s) for s in made.shortfalls], "gaps": [vars(g) for g in made.gaps],
    }  # fmt: skip


def _say(pool: Pool, made: Draw, seed: bytes) -> None:
    from weicheng.inspections.drawing import printed
    from weicheng.inspections.plan_words import gap, shorts_of_lines

    names, kinds = _names(made), {line.key: line.name for line in pool.lines}
    for pick in made.picks:
        again = "　轮到必查" if pick.because == "coverage" else ""
        click.echo(f"{pick.order:>4}  {kinds[pick.site_type]}　{names[pick.key]}{again}")
    for words in shorts_of_lines(pool.lines):
        click.echo(words, err=True)
    for one in made.gaps:
        click.echo(gap(kinds.get(one.site_type, one.site_type), one), err=True)
    if pool.undecided_count:
        click.echo(f"另有 {pool.undecided_count} 个点位建成区内外待定，没有抽。", err=True)
    click.echo(f"{pool.scope.region.name}：共抽 {len(made.picks)} 个点位，没有保存。")
    click.echo(f"种子 {printed(seed)}")


def _names(made: Draw) -> dict[str, str]:
    from weicheng.places.models import Site

    rows = Site.objects.filter(pk__in=[pick.key for pick in made.picks])
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}
