"""Names of people, units and places: splitting cells, phones, and keys under which names are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .cells import Cell, half_width, text_of, tidy, tidy_lines

_SEPARATORS = re.compile(r"\s*[、,，;；/|\n＋+]\s*|\s{2,}|\s+(?=\d{1,2}[.、](?!\d))")
_BRACKETS = re.compile(r"[(（\[【〔](?P<inner>[^()（）\[\]【】〔〕]*)[)）\]】〕]")
_MOBILE = re.compile(
    r"(?<![\d])(?:(?:\+?86|0086)[-\s]?)?(1[3-9]\d[-\s.]?\d{4}[-\s.]?\d{4})(?:\.0+)?(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d])(?:[(（]?(0\d{2,3})[)）]?[-\s]?)?([2-8]\d{2,3}[-\s]?\d{4})"
    r"(?:\s*(?:转|-|ext\.?)\s*(\d{1,5}))?(?!\d)"
)
_HOTLINE = re.compile(r"(?<!\d)(1[0-2]\d{3}|400-?\d{3}-?\d{4})(?!\d)")
_TITLE = re.compile(
    r"(?:党委|党组|党支部|支部|党工委|纪委|政法|常务|区委|区政府|县委|县政府|市委|原|第一|常委|人大|政协|工会)*"
    r"(?:副?书记|副?区长|副?县长|副?市长|副?镇长|副?乡长|副?主任|副?局长|副?部长|副?主席|副?院长|副?校长|"
    r"副?队长|副?大队长|副?中队长|副?所长|副?站长|副?处长|副?科长|副?股长|副?组长|副?总?经理|副?董事长|"
    r"副?会长|副?秘书长|副?馆长|副?行长|副?总监|副?指挥长|[一二三四]级(?:主任科员|调研员)|副?调研员|"
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
    bracket = _BRACKETS.search(text)
    if bracket:
        title = bracket["inner"].strip()
        text = (text[: bracket.start()] + " " + text[bracket.end() :]).strip()
    text = re.sub(r"^(?:联系人|负责人|姓名|责任人|包保领导)\s*[:：]\s*", "", text.strip(" :：、,，-"))
    name, written = _parted(text)
    if title and not written and re.fullmatch(_NAME, title) and _TITLE.fullmatch(name):
        name, title = title, name
    return Name(re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", name), title or written, (phones or [""])[0])


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
    if len(words) > 1 and all(re.fullmatch(r"[㐀-鿿]{2,4}", word) for word in words):
        if not any(_TITLES.fullmatch(word) for word in words):
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
    masked = _BRACKETS.sub(lambda m: "\x01" * len(m[0]), text)
    start = 0
    for match in _SEPARATORS.finditer(masked):
        kept.append(text[start : match.start()])
        start = match.end()
    kept.append(text[start:])
    return [part.strip() for part in kept if part.strip()]


_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_BUREAU = (
    ("市场监督管理", "市场监管"),
    ("综合行政执法", "综合执法"),
    ("城市管理综合执法", "综合执法"),
    ("城市管理执法", "综合执法"),
    ("城市综合执法", "综合执法"),
    ("城市管理", "城管"),
    ("卫生健康", "卫健"),
    ("卫生和计划生育", "卫健"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("教育体育", "教体"),
    ("教育和体育", "教体"),
    ("教育科技体育", "教体"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("交通运输", "交通"),
    ("工业和信息化", "工信"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("自然资源和规划", "资规"),
    ("自然资源", "资规"),
    ("农业农村和水利", "农水"),
    ("农业农村", "农业"),
    ("医疗保障", "医保"),
    ("退役军人事务", "退役军人"),
    ("应急管理", "应急"),
    ("生态环境", "环保"),
    ("环境保护", "环保"),
    ("环境卫生", "环卫"),
    ("园林绿化", "园林"),
    ("疾病预防控制", "疾控"),
    ("交通警察", "交警"),
    ("食品药品监督管理", "食药监"),
    ("妇女联合会", "妇联"),
    ("残疾人联合会", "残联"),
    ("工商业联合会", "工商联"),
    ("总工会", "工会"),
    ("供销合作", "供销"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
    ("人民武装", "人武"),
    ("人民政府", ""),
    ("街道办事处", "街道"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "居委会"),
    ("办事处", ""),
    ("水利局", "水务局"),
)
_COMPANY = re.compile(r"(?:中国)?(电信|移动|联通|铁塔|广电)(?:网络)?(?:集团)?(?:股份|有限|责任)*(?:分|支)?公司")


_TELLING = re.compile(r"[(\[]([^()\[\]]*(?:[区期院栋楼门]|\d号?|[东南西北]))[)\]]")
"""Brackets that tell two places apart: (东区), (二期)."""
_ABOVE = re.compile(
    r"^(?:[^市区县]{2,4}(?:[市县]|(?<![小社片园校厂景库东西南北新老])区))+(?=[^市区县\d].+)(?!域|民|政|场|容)"
)
_PREFIX = re.compile(r"^(?:区|县|市(?![场民政容郊])|本区)(?=[^\d域]{2,})")


def same_name_key(text: Cell | None) -> str:
    """A key that is equal for the usual spellings of one place or one unit of a district.

    凤凰区住房和城乡建设局, 区住建局（本级）, 住建局 → 住建局. Keys serve to propose, not to decide.
    """
    plain = unicodedata.normalize("NFKC", tidy(text)).lower()
    key = _BRACKETS.sub("", _TELLING.sub(r"\1", plain)) or plain
    key = re.sub(r"[\s·,.、。:;'\"“”‘’\-—_*]", "", key)
    for long, short in _BUREAU:
        key = key.replace(long, short)
    company = _COMPANY.search(key)
    if company:
        return company[1] + "公司"
    bare = _PREFIX.sub("", _ABOVE.sub("", key))
    key = bare if len(bare) > 1 else key or plain
    key = re.sub(r"(?<=[^\W\d_]{2})管理局$", "局", key)
    return key.translate(_NUMERALS) if re.search(r"[号栋楼院期]", key) else key


def split_place(
    value: Cell | None, towns: Sequence[str] = (), communities: Sequence[str] = ()
) -> tuple[str, str, str]:
    """'石桥镇南门社区金桥小区' → ('石桥镇', '南门社区', '金桥小区'); what is not there is ''.

    Known names win; without lists the suffixes 镇/乡/街道/办 and 社区/村/居委会 decide.
    """
    text = tidy(value)
    town, text = _known(text, towns)
    if not town:
        town, text = _by_suffix(text, r"^(?:.{2,6}?[区县市])?([㐀-鿿]{1,6}?(?:街道办事处|街道办|街道|镇|乡))")
    community, text = _known(text, communities)
    if not community:
        community, text = _by_suffix(text, r"^([㐀-鿿]{1,8}?(?:社区居委会|社区|居委会|村委会|村(?!\d|小区)))")
    return town, community, text.strip(" ,，、/-—:：·")


def _known(text: str, names: Sequence[str]) -> tuple[str, str]:
    """The known name nearest to the beginning (the longest there), and the text without it."""
    best: tuple[int, int, str, str] | None = None
    for name in names:
        for shape in dict.fromkeys((name, _short(name))):
            at = text.find(shape) if len(shape) > 1 else -1
            if at < 0 or (shape != name and not _ends_name(text[at + len(shape) :], at)):
                continue
            rank = (at, -len(shape), name, shape)
            best = min(best, rank) if best else rank
    if best is None or best[0] > 8:
        return "", text
    at, _, name, shape = best
    return name, text[at + len(shape) :]


def _short(name: str) -> str:
    return re.sub(r"(?:街道办事处|街道办|街道|社区居委会|社区)$", "", name)


def _ends_name(rest: str, at: int) -> bool:
    """Whether a short form (南门 for 南门社区) may end here: at a break, not inside 南门路."""
    return at == 0 and bool(re.match(r"$|[\s,，、/\-—:：·]|办(?!公)", rest))


def _by_suffix(text: str, pattern: str) -> tuple[str, str]:
    match = re.match(pattern, text)
    if not match:
        return "", text
    name = re.sub(r"街道办事处$|街道办$", "街道", match[1])
    return re.sub(r"社区居委会$", "社区", name), text[match.end() :]


def town_kind(name: str) -> str:
    """'street' (街道), 'town' (镇), 'township' (乡) or '' by the name's suffix."""
    for suffix, kind in (("街道", "street"), ("街道办", "street"), ("街道办事处", "street")):
        if name.endswith(suffix):
            return kind
    return {"镇": "town", "乡": "township", "办": "street"}.get(name[-1:], "")
