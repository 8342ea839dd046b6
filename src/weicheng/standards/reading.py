"""Reads a YAML file of standards content and says what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

DATA = Path(__file__).resolve().parent / "data"
SHIPPED = (
    DATA / "standard_2021.yaml",
    DATA / "site_types.yaml",
    DATA / "problem_kinds.yaml",
)
#: Sections a file may hold; at least one of them must be there.
SECTIONS = ("standard", "site_types", "problem_kinds", "local_targets")

#: The C reader is ten times faster where libyaml is at hand.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Document = dict[str, Any]
Row = dict[str, Any]


class Unreadable(Exception):
    """The file is no content of a standard; the message is a sentence for the reader."""


def read(path: Path) -> Document:
    """The document in a YAML file, merged from nothing else; raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as wrong:
        raise Unreadable(_("找不到文件“%(name)s”。") % {"name": path.name}) from wrong
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable(
            _("文件“%(name)s”读不出来，请存成UTF-8编码的文本。") % {"name": path.name}
        ) from wrong
    try:
        found = yaml.load(text, Loader=LOADER)  # noqa: S506 (both loaders are safe ones)
    except yaml.YAMLError as wrong:
        raise Unreadable(
            _("文件“%(name)s”第%(line)s行格式有误，不是有效的YAML。")
            % {"name": path.name, "line": _line(wrong)}
        ) from wrong
    if not isinstance(found, dict) or not any(section in found for section in SECTIONS):
        raise Unreadable(
            _("文件“%(name)s”里没有标准、点位类型、问题类别或本地目标。") % {"name": path.name}
        )
    return found


def rows(document: Document, section: str) -> list[Row]:
    """The rows of a section; an absent or malformed section has none."""
    found = document.get(section) or []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def mapping(row: Row, name: str) -> Row:
    """The mapping under a name; an absent or malformed one is empty."""
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def words(row: Row, name: str) -> list[str]:
    """The list of words under a name; a single word is a list of one."""
    found = row.get(name)
    if isinstance(found, list):
        return [str(word) for word in found]
    return [str(found)] if found not in (None, "", {}) else []


def _line(wrong: yaml.YAMLError) -> int:
    mark = getattr(wrong, "problem_mark", None)
    return int(mark.line) + 1 if mark is not None else 1
