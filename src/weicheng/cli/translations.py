"""`weicheng translations [--check]`: brings the message catalogues up to date, or judges them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from weicheng.cli.faults import faults
from weicheng.cli.messages import Message, messages
from weicheng.cli.untranslated import untranslated

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE, ENGLISH = "zh_Hans", "en"
PLURALS = {SOURCE: "nplurals=1; plural=0;", ENGLISH: "nplurals=2; plural=(n != 1);"}


@click.command("translations")
@click.option(
    "--check", is_flag=True, help="只检查，不改文件；有缺漏或不合规矩的就列出来（退出码 1）。"
)
def command(check: bool) -> None:
    """从程序和页面收集所有文字，更新中英文目录 locale/*/LC_MESSAGES/django.po。"""
    wanted = messages(PACKAGE)
    if not check:
        for language in PLURALS:
            keep(language, wanted)
    found = [
        fault
        for language in PLURALS
        for fault in faults(catalogue(language), wanted, translated=language == ENGLISH)
    ]
    found += untranslated(PACKAGE)
    for fault in found:
        click.echo(fault)
    click.echo(
        f"共 {len(wanted)} 条文字，" + (f"{len(found)} 处要改。" if found else "中英文齐全。")
    )
    if check and found:
        raise SystemExit(1)


def catalogue(language: str) -> Catalog:
    """What stands in the catalogue now; empty when there is none."""
    path = place(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as read:
        return read_po(read, locale=language)


def place(language: str) -> Path:
    """The catalogue's file."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def keep(language: str, wanted: dict[Message, Path]) -> None:
    """Writes the catalogue anew: what is said now, with the translations that there are."""
    before, after = catalogue(language), Catalog(locale=language)
    for message in sorted(wanted):
        one = (message.text, message.plural) if message.plural else message.text
        known = before.get(one, message.context or None)
        said = known.string if known is not None else ""
        if language == SOURCE:
            said = (message.text,) if message.plural else message.text
        after.add(one, said, context=message.context or None)
    path = place(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(after, language))


def _written(made: Catalog, language: str) -> bytes:
    """The file's bytes: a header without dates, then the messages sorted, without places."""
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, made, width=0, no_location=True, omit_header=True, sort_output=True)
    return head.encode() + body.getvalue()
