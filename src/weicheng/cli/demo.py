"""`weicheng demo [--large]`: builds the invented district into an empty database."""

from __future__ import annotations

import click

from weicheng.demo.build import NotEmpty, build_demo


@click.command("demo")
@click.option("--large", is_flag=True, help="约六倍的问题量")
def command(large: bool) -> None:
    """建一个虚构的示范区：单位、点位和六十天的办理经过。只能建在空的数据库里。"""
    try:
        built = build_demo(progress=click.echo, large=large)
    except NotEmpty as reason:
        raise click.ClickException(str(reason)) from reason
    click.echo(f"用时{built.seconds:.1f}秒，示意图{built.pictures}张。")
    for line in built.refused:
        click.echo(f"没有办成：{line}", err=True)
