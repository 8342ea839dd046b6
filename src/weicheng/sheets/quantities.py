"""Quantities: '12处', '约20 张', '3.5公里', '一处' → number and unit; also inside a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .cells import Cell, half_width, tidy
from .numerals import SIGNS, chinese_number

_SYNONYMS = {
    "平方米": "平方米 平方 平米 ㎡ m² m2 平方m",
    "立方米": "立方米 立方 m³ m3",
    "公里": "公里 千米 km KM Km",
    "米": "米 m M 延米 延长米",
    "吨": "吨 t T",
    "公斤": "公斤 千克 kg KG",
    "户": "户 住户",
    "家": "家 商家 门店 间",
    "处": "处 点 地方 点位 处所",
    "座": "座",
    "个": "个 只",
    "项": "项",
    "件": "件 宗",
    "起": "起 例",
    "张": "张 幅",
    "块": "块 片",
    "条": "条 根 道 股",
    "辆": "辆 台 部 车",
    "盏": "盏",
    "棵": "棵 株 颗",
    "堆": "堆",
    "袋": "袋 包",
    "人": "人 名 位",
    "栋": "栋 幢",
    "次": "次 回",
    "亩": "亩",
}
UNITS = tuple(_SYNONYMS)
"""The units a quantity is given in."""
_UNIT_OF = {word: unit for unit, words in _SYNONYMS.items() for word in words.split()}
_WORDS = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_NUMBER = rf"\d+(?:,\d{{3}})*(?:\.\d+)?|[{SIGNS}]+|半"
_ABOUT = r"(?:约|大约|大概|近|共计?|合计|总计|至少|不少于|超过?|各|计|有|≈|~)*"
_MORE = r"(?P<more>余|多|来|几|左右|以上|\+)?"
_WHOLE = re.compile(
    rf"{_ABOUT}\s*(?P<n>{_NUMBER})\s*(?P<scale>万)?{_MORE}\s*(?P<u>{_WORDS})?\s*"
    r"(?:左右|以上|许|多)?[。.]?"
)
_NOT_WORD = (
    r"(?<!家(?=属|沟|庄|村|园|湾|具|电))(?<!张(?=家|村|庄|湾|贴|挂))(?<!人(?=民|才|行|员|大))"
    r"(?<!米(?=兰|粮|厂))(?<!户(?=外|县|籍|口))(?<!个(?=人|体|别))(?<!方(?=便|向|案|面))"
    r"(?<!台(?=阶|账))(?<!部(?=门|分))(?<!包(?=保|联|抓|括|装))(?<!片(?=区|长))(?<!点(?=位))"
    r"(?<!次(?=干|要))(?<!道(?=路|闸))(?<!车(?=辆|棚|位|道|库))(?<!位(?=置|于))(?<!项(?=目))"
    r"(?<!名(?=单|称))(?<!堆(?=放|积))(?<!条(?=例|款))(?<!起(?=来|码|到))(?<!处(?=理|置|于|罚))"
    r"(?<!栋(?=\d))(?<!幢(?=\d))(?<!片(?=面))(?<!件(?=套))(?<=[^A-Za-z]|[A-Za-z](?![A-Za-z0-9]))"
)
"""After a unit: it must not be the beginning of another word."""
_INSIDE = re.compile(rf"(?P<n>{_NUMBER})\s*(?P<scale>万)?{_MORE}\s*(?P<u>{_WORDS}){_NOT_WORD}")


@dataclass(frozen=True)
class Quantity:
    """`number` ≥ 0; `unit` one of UNITS, or '' if none is written; `about`: a round one."""

    number: Decimal
    unit: str
    about: bool = False


def read_quantity(value: Cell | None, *, unit: str = "") -> Quantity | None:
    """The quantity of a cell that holds nothing else; `unit` is used if none is written."""
    text = half_width(tidy(value))
    match = _WHOLE.fullmatch(text)
    if not match:
        return None
    return _quantity(match, unit, bool(re.search(r"约|近|左右|以上|超|至少|许|≈|~", text)))


def find_quantities(sentence: str) -> list[Quantity]:
    """Every quantity in a sentence, in order: '防护栏凸出38户未拆除' → 38 户.

    House numbers (57号楼, 15号门前), floors and clock times are not quantities."""
    text = half_width(sentence)
    found = []
    for match in _INSIDE.finditer(text):
        before, word = text[max(0, match.start() - 2) : match.start()], match["u"]
        if before.endswith(("第", ".", "-")) or (before and before[-1] in SIGNS + "0123456789"):
            continue
        if word == "点" and re.match(r"\d|半|钟|整|左右|[)）]", text[match.end() :]):
            continue
        if not match["n"][0].isdigit() and _idiom(text, match):
            continue
        quantity = _quantity(match, "", bool(re.search(r"约|近|超$", before)))
        if quantity:
            found.append(quantity)
    return found


def _idiom(text: str, match: re.Match[str]) -> bool:
    """一起, 一片, 一个 … are seldom counts; 一处, 三户, 两座 are."""
    loose = {"一": "起片道条包位回次点部方平", "千": "家户人", "万": "家户人"}
    return match["u"] in loose.get(match["n"], "") or match["n"] in ("百", "千", "万", "零")


def _quantity(match: re.Match[str], unit: str, about: bool) -> Quantity | None:
    digits = match["n"].replace(",", "")
    try:
        number = Decimal(digits) if digits[0].isdigit() else chinese_number(digits)
    except InvalidOperation:
        return None
    if number is None:
        return None
    if match["scale"]:
        number *= 10_000
    return Quantity(number, _UNIT_OF.get(match["u"] or "", unit), about or bool(match["more"]))
