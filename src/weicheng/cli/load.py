"""`weicheng load KIND FILE`: the same tables that the import page takes, from the command line."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import override

from weicheng.cli.load_standard import standard
from weicheng.intake import batches, blanks, kinds, layouts
from weicheng.intake.districts import districts_for
from weicheng.intake.error_sheets import error_sheet
from weicheng.intake.gist import Gist
from weicheng.intake.models import Batch, BatchKind
from weicheng.intake.receiving import PICTURE_ENDINGS, Arrived, receive
from weicheng.intake.sentences import file_sentence
from weicheng.intake.showing import Shown, grouped, headline, shown
from weicheng.people.models import User
from weicheng.people.roles import Role
from weicheng.places.models import Region
from weicheng.sheets.errors import SheetError
from weicheng.sheets.workbook import Table, read_tables

#: What a kind is called here, and in the tables' own code.
KINDS = {
    "places": "places", "people": "people", "regions": "regions", "duty-sheet": "duty",
    "duties": "duties",
    "problems": "ledger", "messages": "messages",
}  # fmt: skip
HELP = {
    "places": "装入点位表。", "people": "装入人员表。", "regions": "装入区划表。",
    "duty-sheet": "装入包保分工表：区划、点位、单位、人员和责任关系一次登记。",
    "duties": "装入责任分工表（Word 或 Excel）：每条标准由谁牵头、负责、配合；相同的不重复。",
    "problems": "装入问题台账（编号相同的不重复）。", "messages": "把群众留言收进线索池。",
}  # fmt: skip
REFUSED, NOT_TAKEN = 2, 3


@click.group("load")
def command() -> None:
    """把表装进来。退出码：0 全部装入，1 文件读不了，2 有行没有装入，3 一行也没有装入。"""


command.add_command(standard)


def _person(username: str) -> User:
    """The account that loads: the one named, else the first of the office."""
    found = User.objects.filter(is_active=True)
    found = found.filter(username=username) if username else found.filter(role=Role.OFFICE)
    user: User | None = found.order_by("pk").first()
    if user is None:
        raise click.ClickException("没有可用的创卫办账号。请先建账号，或用 --as 指定用户名。")
    return user


def _district(user: User, name: str) -> Region:
    found = [r for r in districts_for(user) if not name or name in {r.name, r.code}]
    if not found or (len(found) > 1 and not name):
        names = "、".join(r.name for r in districts_for(user)) or "没有"
        raise click.ClickException(f"请用 --district 指明区县。可选：{names}。")
    return found[0]


@contextmanager
def _bar(total: int, quiet: bool) -> Iterator[Any]:
    """A progress bar on the terminal's error stream; calls with how many are done."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label="进度", file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _tables(path: Path, kind: str, sheet: str) -> list[tuple[Table, Any]]:
    """The first table of the kind; of a paper with duties every one, each under its own head."""
    tables = [t for t in read_tables(path) if not sheet or t.sheet == sheet]
    if not tables:
        raise click.ClickException(f"没有叫“{sheet}”的工作表。")
    failed: SheetError | None = None
    found: list[tuple[Table, Any]] = []
    for table in tables:
        try:
            found.append((table, layouts.layout_of(table, kind)))
        except SheetError as error:
            failed = failed or error
        if found and kind != BatchKind.DUTIES:
            break
    if not found and failed is not None:
        raise failed
    return found


def _load(name: str, path: Path, options: dict[str, Any]) -> None:
    kind, quiet = KINDS[name], options["as_json"]
    user = _person(options["username"])
    district = _district(user, options["district"])
    try:
        tables = _tables(path, kind, options["sheet"])
    except SheetError as error:
        raise click.ClickException(file_sentence(error.code, error.params)) from error
    work = kinds.rehearse if options["dry_run"] else kinds.take
    gists = []
    for table, layout in tables:
        job = kinds.Job(
            kind=kind, table=table, layout=layout, district=district, by=user,
            now=timezone.now(), op_id=uuid.uuid4(), source=path.name,
        )  # fmt: skip
        with _bar(len(table.rows), quiet) as progress:
            gists.append(work(job, progress))
    gist = gists[0].with_others(gists[1:])
    if options["errors"] and gist.refused:
        data = error_sheet(table, gist.refused, kind=kind, labels=layout.labels)
        options["errors"].write_bytes(data)
    _tell(kind, gist, dry_run=options["dry_run"], as_json=quiet)
    blocked = gist.whole and bool(gist.refused)
    raise SystemExit(NOT_TAKEN if blocked else REFUSED if gist.refused else 0)


def _tell(kind: str, gist: Gist, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        data = replace(gist, shown=[], head=[]).as_json()
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    verb = "将新增" if dry_run else "新增"
    click.echo(headline(kind, gist, verb, len({note.row for note in gist.refused})))
    for line in grouped(kind, gist.refused):
        click.echo(f"没有装入　{line.rows}　{line.words}", err=True)
    for line in grouped(kind, gist.notices):
        click.echo(f"请看一眼　{line.rows}　{line.words}", err=True)


def _options(function: Any) -> Any:
    for option in (
        click.option("--as", "username", default="", help="用哪个账号装，默认第一个创卫办账号"),
        click.option("--district", default="", help="装进哪个区县（名称或代码）"),
        click.option("--json", "as_json", is_flag=True, help="结果写成 JSON"),
        click.option("--dry-run", is_flag=True, help="只看会怎样，不存"),
    ):
        function = option(function)
    return function


def _table_command(name: str) -> click.Command:
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--sheet", default="", help="哪张工作表，默认第一张认得出的")
    @click.option(
        "--errors",
        type=click.Path(dir_okay=False, path_type=Path),
        help="没有装入的行写到这个 xlsx",
    )
    @_options
    def load(file: Path, **options: Any) -> None:
        with override("zh-hans"):
            _load(name, file, options)

    return click.command(name, help=HELP[name])(load)


for _name in KINDS:
    command.add_command(_table_command(_name))


@command.command("chat")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--photos", type=click.Path(exists=True, file_okay=False, path_type=Path), help="照片文件夹"
)
@_options
def chat(file: Path, photos: Path | None, **options: Any) -> None:
    """把微信群聊天记录（和照片）收进收件箱。"""
    user = _person(options["username"])
    district = _district(user, options["district"])
    pictures = sorted(photos.rglob("*")) if photos else []
    files = [
        Arrived(p.name, p.read_bytes())
        for p in (file, *pictures)
        if p == file or p.suffix.lower() in PICTURE_ENDINGS
    ]
    with override("zh-hans"):
        _take_chat(_heard(files, district, user), options)


def _heard(files: Sequence[Arrived], district: Region, user: User) -> Batch:
    found = [b for b in receive(files, district=district, by=user) if b.kind == "chat"]
    if not found:
        raise click.ClickException("看不出这是群聊天记录。")
    batches.read(found[0])
    if error := found[0].report.get("error"):
        raise click.ClickException(file_sentence(*error))
    return found[0]


def _take_chat(batch: Batch, options: dict[str, Any]) -> None:
    if options["dry_run"]:
        page: Shown = shown(batch)
        report = {k: v for k, v in batch.report.items() if k != "shown"}
        batches.discard(batch)
    else:
        batches.start(batch)
        batches.take(batch)
        page, report = shown(batch), batch.report["result"]
    click.echo(json.dumps(report, ensure_ascii=False) if options["as_json"] else page.headline)
    for line in page.refused:
        click.echo(f"没有收下　{line.words}", err=True)
    raise SystemExit(REFUSED if page.refused else 0)


@command.command("template")
@click.argument("kind", type=click.Choice(list(blanks.BLANKS)))
def template(kind: str) -> None:
    """空表写到标准输出：weicheng load template places > 点位.xlsx"""
    click.echo(blanks.blank(kind), nl=False)
