"""Finds Chinese that stands outside gettext, where no reader of English could read it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from weicheng.cli.messages import KEYWORDS, sources

# Rooms and modules that do not speak to readers of pages: they read what Chinese offices write,
# hold shipped content with both names, or tell the person at the machine about a start.
NOT_PAGES = ("sheets/", "demo/", "cli/", "server/")
NAMES_OF_ROOMS = "apps.py"
# Modules of words by which tables and names are recognised, or of empty tables to fill: only their
# sentences are looked at.
RECOGNISING = frozenset(
    f"intake/{name}.py" for name in ("blanks", "duty", "ledger", "naming", "register", "tables")
)
RECOGNISING |= {f"duties/tables/{name}.py" for name in ("clauses", "names", "reading", "tokens")}
RECOGNISING |= {"duties/aliases.py", "duties/reforms.py", "duties/tables/rows.py"}
RECOGNISING |= {"duties/tables/verbs.py", "duties/tables/drafting.py", "intake/duty_table.py"}
RECOGNISING |= {"workdays/notice.py", "scoring/pasting.py"}
# Reviewed: Chinese that is data and not a sentence, by module.
DATA: dict[str, frozenset[str]] = {
    "command/bulk.py": frozenset({"。."}),  # ends of a sentence, taken off
    "evidence/names.py": frozenset({"未命名"}),  # a file's name, kept as a name
    "intake/blanks.py": frozenset(
        {  # examples
            "张家沟小区7号楼旁垃圾堆了三天，没人清运。",
            "主次干道路面平整，无乱停乱放",
            "区综合执法局牵头，区交警大队负责，各镇街配合",
        }
    ),
    "intake/batches.py": frozenset({"导入", "-没有导入的行.xlsx"}),  # the name of a Chinese table
    "intake/kinds.py": frozenset("、"),  # several units in one cell, as in the table
    "intake/deciding.py": frozenset({"撤销立案"}),  # kept with the problem, as typed words are
    "orders/word.py": frozenset({"仿宋_GB2312", "方正小标宋简体", "黑体"}),  # fonts
    "people/codes.py": frozenset({"卫城:", "卫城"}),  # the name in an authenticator
    "people/passwords.py": frozenset({"创卫", "卫城"}),  # what a password may not hold
    "places/forms.py": frozenset("，、"),  # what people type between two numbers
    "problems/acts/cables.py": frozenset({"接通"}),  # kept with the obligation
    "problems/acts/verifying.py": frozenset("；"),  # kept with the event, as typed words are
    "problems/acts/waiting.py": frozenset("："),
    "problems/acts/working.py": frozenset({"公安"}),  # looked for in a unit's name
    "problems/duplicates.py": frozenset(  # how people write numbers, buildings and "beside"
        {
            "〇一二三四五六七八九两０１２３４５６７８９",
            "栋幢",
            "号楼",
            "(旁边|旁|附近|门口|门前|对面|[东南西北]侧|[东南西北]边|处|附近处)+$",
        }
    ),
    "problems/forms/fields.py": frozenset({"处米户吨座辆个家平方 "}),  # units cut off a number
    "inspections/observing_forms.py": frozenset(
        {" \t\u3000.、，,;；", "号"}
    ),  # around what is pasted
    "inspections/panel.py": frozenset({"０１２３４５６７８９．。"}),  # how people write marks
    "scoring/acts/sending.py": frozenset({"。."}),  # ends of a sentence, taken off
    "scoring/comparison_page.py": frozenset({"街道", "镇", "乡", "村"}),  # ends of names
    "settings.py": frozenset({"中文"}),  # a language says its own name
    "standards/edition_load.py": frozenset("；"),  # Chinese names of sources, in a Chinese column
    "standards/forms.py": frozenset("、"),  # what people type between words
    "standards/models/kinds.py": frozenset({"部件", "事项"}),  # sorts of the national code sets
    "standards/models/vocabulary.py": frozenset("净序证"),  # marks, stored
    "standards/views.py": frozenset("净序证"),
    "workdays/notice.py": frozenset({"上班。", "放假", "。"}),  # written as the notice is
}
PATTERN = re.compile(r"\\[ds]")  # what has it is a pattern that reads, not a word that speaks

_CHINESE = re.compile(r"[\u4e00-\u9fff，。；：！？（）、《》【】“”]")
_SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。，！？；]")
_SAID = re.compile(r"_\((?:\"[^\"]*\"|'[^']*')\)")
_TAG = re.compile(r"^trans(?:late)?\s+(?:\"[^\"]*\"|'[^']*')")


def untranslated(package: Path) -> Iterator[str]:
    """One sentence for each Chinese text that gettext does not see."""
    for path in sources(package):
        inside = path.relative_to(package).as_posix()
        if inside.startswith(NOT_PAGES) or path.name == NAMES_OF_ROOMS:
            continue
        read = in_module if path.suffix == ".py" else in_page
        allowed = DATA.get(inside, frozenset())
        for line, text in read(path.read_text("utf-8")):
            if inside in RECOGNISING and not _SENTENCE.search(text):
                continue
            if text not in allowed and not PATTERN.search(text):
                yield f"没有用翻译：{inside}:{line} “{text}”"


def in_module(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every Chinese string of a module that is no message and no docstring."""
    tree = ast.parse(source)
    spared = {id(part) for node in ast.walk(tree) for part in _spared(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in spared and _CHINESE.search(text):
            yield getattr(node, "lineno", 0), text


def _spared(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr):
        yield node.value
    if isinstance(node, ast.Call):
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        if name in KEYWORDS:
            yield from (given for given in node.args if isinstance(given, ast.Constant))


def in_page(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of every Chinese piece of a template outside the tags of translation."""
    inside_block = False
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            if word in {"blocktranslate", "blocktrans", "endblocktranslate", "endblocktrans"}:
                inside_block = not word.startswith("end")
        if token.token_type != TokenType.COMMENT:
            rest = "" if inside_block and token.token_type == TokenType.TEXT else _rest(token)
            if found := _CHINESE.search(rest):
                line = (token.lineno or 0) + rest[: found.start()].count("\n")
                yield line, rest.strip()


def _rest(token: Token) -> str:
    rest: str = token.contents
    if token.token_type == TokenType.BLOCK:
        rest = _TAG.sub("", rest)
    return rest if token.token_type == TokenType.TEXT else _SAID.sub("", rest)
