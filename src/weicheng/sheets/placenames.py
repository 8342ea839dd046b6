"""Keys under which spellings of one name are equal; places split into town and community."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .cells import Cell, tidy
from .names import BRACKETS

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
_COMPANY = re.compile(
    r"(?:中国)?(电信|移动|联通|铁塔|广电)(?:网络)?(?:集团)?(?:股份|有限|责任)*(?:分|支)?公司"
)


_TELLING = re.compile(r"[(\[]([^()\[\]]*(?:[区期院栋楼门]|\d号?|[东南西北]))[)\]]")
"""Brackets that tell two places apart: (东区), (二期)."""
_ABOVE = re.compile(
    r"^(?:[^市区县]{2,4}(?:市(?![场民政容郊])|县|(?<![小社片园校厂景库东西南北新老])区(?!域)))+"
    r"(?=(?:[^市区县\d]|市[场民政容郊]).+)"
)
_PREFIX = re.compile(r"^(?:区|县|市(?![场民政容郊])|本区)(?=[^\d域]{2,})")


def same_name_key(text: Cell | None) -> str:
    """A key that is equal for the usual spellings of one place or one unit of a district.

    凤凰区住房和城乡建设局, 区住建局（本级）, 住建局 → 住建局. Keys serve to propose, not to decide.
    """
    plain = unicodedata.normalize("NFKC", tidy(text)).lower()
    key = BRACKETS.sub("", _TELLING.sub(r"\1", plain)) or plain
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


_MARKS = " ,，、/-—:：·"
_TOWN = r"^(?:.{2,6}?[区县市])?([㐀-鿿]{1,6}?(?:街道办事处|街道办|街道|镇|乡))"
_COMMUNITY = r"^([㐀-鿿]{1,8}?(?:社区居委会|社区|居委会|村委会|村(?!\d|小区)))"


def split_place(
    value: Cell | None, towns: Sequence[str] = (), communities: Sequence[str] = ()
) -> tuple[str, str, str]:
    """'石桥镇南门社区金桥小区' → ('石桥镇', '南门社区', '金桥小区'); what is not there is ''.

    Known names win; without lists the suffixes 镇/乡/街道/办 and 社区/村/居委会 decide.
    """
    text = tidy(value)
    town, text = _known(text, towns)
    if not town:
        town, text = _by_suffix(text, _TOWN)
    text = text.lstrip(_MARKS)
    community, text = _known(text, communities)
    if not community:
        community, text = _by_suffix(text, _COMMUNITY)
    return town, community, text.strip(_MARKS)


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
    rest = text[at + len(shape) :]
    return name, rest.removeprefix("办") if shape != name else rest


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
