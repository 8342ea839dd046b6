"""Names of people and units: splitting cells, phones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .cells import Cell, half_width, text_of, tidy, tidy_lines

_SEPARATORS = re.compile(r"\s*[、,，;；/|\n＋+]\s*|\s{2,}|\s+(?=\d{1,2}[.、](?!\d))")
BRACKETS = re.compile(r"[(（\[【〔](?P<inner>[^()（）\[\]【】〔〕]*)[)）\]】〕]")
_MOBILE = re.compile(
    r"(?<![\d])(?:(?:\+?86|0086)[-\s]?)?(1[3-9]\d[-\s.]?\d{4}[-\s.]?\d{4})(?:\.0+)?(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d])(?:[(（]?(0\d{2,3})[)）]?[-\s]?)?([2-8]\d{2,3}[-\s]?\d{4})"
    r"(?:\s*(?:转|-|ext\.?)\s*(\d{1,5}))?(?!\d)"
)
_HOTLINE = re.compile(r"(?<!\d)(1[0-2]\d{3}|400-?\d{3}-?\d{4})(?!\d)")
_TITLE = re.compile(
    r"(?:党委|党组|党支部|支部|党工委|纪委|政法|常务|区委|区政府|县委|县政府|市委|原|第一|常委|"
    r"人大|政协|工会)*"
    r"(?:副?书记|副?区长|副?县长|副?市长|副?镇长|副?乡长|副?主任|副?局长|副?部长|副?主席|"
    r"副?院长|副?校长|"
    r"副?队长|副?大队长|副?中队长|副?所长|副?站长|副?处长|副?科长|副?股长|副?组长|副?总?经理|"
    r"副?董事长|"
    r"副?会长|副?秘书长|副?馆长|副?行长|副?总监|副?指挥长|"
    r"[一二三四]级(?:主任科员|调研员)|副?调研员|"
    r"科员|干事|干部|专干|网格[员长]|联络员|负责人|委员|常委|党工委书记|教导员|政委|总工程师|总工|工作人员)"
)
_TITLES = re.compile(rf"(?:{_TITLE.pattern})(?:[兼、，,及和]*(?:{_TITLE.pattern}))*")
_NAME = r"[㐀-鿿]·?[㐀-鿿]{1,3}(?:·[㐀-鿿]{1,8})?"


@dataclass(frozen=True)
class Name:
    """One person as written: name, title ('' if none), phone ('' if none)."""

    name: str
    title: str = ""
    phone: str = ""


def read_phones(value: Cell | None) -> list[str]:
    """The phone numbers in a cell, digits only (landlines '0912-8280001', '…转123'), in order."""
    text = half_width(text_of(value)).replace("—", "-").replace("－", "-")
    found: list[tuple[int, str]] = []
    for match in _MOBILE.finditer(text):
        found.append((match.start(), re.sub(r"\D", "", match[1])))
    rest = _MOBILE.sub(lambda m: " " * len(m[0]), text)
    for match in _LANDLINE.finditer(rest):
        number = re.sub(r"\D", "", match[2])
        number = f"{match[1]}-{number}" if match[1] else number
        found.append((match.start(), number + (f"转{match[3]}" if match[3] else "")))
    rest = _LANDLINE.sub(lambda m: " " * len(m[0]), rest)
    found += [(match.start(), match[1].replace("-", "")) for match in _HOTLINE.finditer(rest)]
    return list(dict.fromkeys(phone for _, phone in sorted(found)))


def split_name(value: Cell | None) -> Name:
    """'马桂英（副区长）' or '副区长 马桂英 13800000000' → name, title, phone."""
    text = tidy(value)
    phones = read_phones(text)
    if phones:
        text = _without_phones(text)
    title = ""
    bracket = BRACKETS.search(text)
    if bracket:
        title = bracket["inner"].strip()
        text = (text[: bracket.start()] + " " + text[bracket.end() :]).strip()
    text = re.sub(
        r"^(?:联系人|负责人|姓名|责任人|包保领导)\s*[:：]\s*", "", text.strip(" :：、,，-")
    )
    name, written = _parted(text)
    if title and not written and re.fullmatch(_NAME, title) and _TITLE.fullmatch(name):
        name, title = title, name
    name = re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", name)
    return Name(name, title or written, (phones or [""])[0])


def _parted(text: str) -> tuple[str, str]:
    """(name, title) of '副区长马桂英', '马桂英副区长', '马桂英 副区长', '马 英'."""
    if re.fullmatch(rf"{_NAME}|[㐀-鿿]\s+[㐀-鿿]", text) and not _TITLES.search(text):
        return text, ""
    before = re.fullmatch(rf"(?P<title>.*?{_TITLES.pattern})\s*[:：]?\s*(?P<name>{_NAME})", text)
    after = re.fullmatch(
        rf"(?P<name>{_NAME}|[㐀-鿿]\s[㐀-鿿])\s*[,，:：\-]?\s*(?P<title>{_TITLES.pattern})", text
    )
    match = after or before
    if match and not _TITLE.fullmatch(match["name"]):
        return match["name"], match["title"].strip()
    return text, ""


def _without_phones(text: str) -> str:
    plain = half_width(text)
    for pattern in (_MOBILE, _LANDLINE, _HOTLINE):
        plain = pattern.sub(" ", plain)
    return re.sub(r"(?:联系)?(?:电话|手机|号码|Tel)\s*[:：]?\s*$", "", plain.strip(), flags=re.I)


def split_names(value: Cell | None) -> list[Name]:
    """Every person in a cell: '张三 13800000000、李四（主任）' → two names."""
    text = tidy_lines(value)
    parts = _apart(text)
    found: list[Name] = []
    for part in parts:
        phones = read_phones(part)
        if phones and found and not _without_phones(part).strip(" :：()（）"):
            last = found[-1]
            found[-1] = Name(last.name, last.title, last.phone or phones[0])
        elif found and _TITLES.fullmatch(part) and not found[-1].title:
            found[-1] = Name(found[-1].name, part, found[-1].phone)
        else:
            found += _several(part, phones)
    return [name for name in found if name.name]


def _several(part: str, phones: list[str]) -> list[Name]:
    words = part.split()
    if len(phones) > 1 and len(words) == 2 * len(phones):
        pairs = zip(words[::2], words[1::2], strict=True)
        return [split_name(f"{name} {phone}") for name, phone in pairs]
    bare = all(re.fullmatch(r"[㐀-鿿]{2,4}", word) for word in words)
    if len(words) > 1 and bare and not any(_TITLES.fullmatch(word) for word in words):
        return [Name(word) for word in words]
    return [split_name(part)]


def split_units(value: Cell | None) -> list[str]:
    """The units of one cell, in order, without repeats: '区住建局、各镇街' → two."""
    parts = (tidy(part) for part in _apart(tidy_lines(value)))
    cleaned = (re.sub(r"^\s*(?:\d{1,2}[.、)）]|[①-⑳])\s*", "", part) for part in parts)
    return list(dict.fromkeys(part.strip("。.:： ") for part in cleaned if part.strip("。.:： ")))


def _apart(text: str) -> list[str]:
    """Cut at separators outside brackets."""
    kept: list[str] = []
    masked = BRACKETS.sub(lambda m: "\x01" * len(m[0]), text)
    start = 0
    for match in _SEPARATORS.finditer(masked):
        kept.append(text[start : match.start()])
        start = match.end()
    kept.append(text[start:])
    return [part.strip() for part in kept if part.strip()]
