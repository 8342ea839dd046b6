"""What reads like a unit's name, and which words mean a group of places rather than one unit."""

from __future__ import annotations

import re

#: Rules for words that name no unit: who is meant depends on the place.
TOWN, COMMUNITY, SPONSOR, OPERATORS, KEEPER, MEMBERS = (
    "territory", "community", "sponsor", "operators", "keeper", "members",
)  # fmt: skip

_ENDING = re.compile(
    r"(?:局|委|办|部|中心|大队|支队|中队|公司|街道|镇|乡|社区|院|所|站|联|会|社|处|政府|室|团|队|组|"
    r"集团|学校|小学|中学|大学|医院|企业|单位|部门|银行|馆|台|村|园区|开发区|新区|管委|城投|"
    r"公安|交警|消防|城管|执法|纪委|武装|人大|政协|法院|检察|工会|妇联|物业|服务区|水务|"
    r"运营商|主办方|开办方|经营者|业主|商户)$"
)
_STRONG = re.compile(
    r"(?:局|委|办|部|中心|大队|支队|公司|街道|镇|乡|社区|院|所|站|联|会|社|处|政府|室|队|单位|部门)$"
)
_STEM = re.compile(
    r"(?:[区县市本])?(?:城管|住建|环卫|卫健|卫计|教体|教育|公安|交警|交通|交运|财政|民政|商务|"
    r"工信|经信|发改|文旅|文广|文体|人社|司法|审计|水务|水利|农业|农业农村|林业|园林|环保|"
    r"生态环境|国土|自然资源|规划|资规|市监|市场监管|工商|质监|食药监|药监|疾控|爱卫|应急|"
    r"消防|城投|供销|妇联|残联|团|工会|总工会|宣传|组织|统战|政法|机关事务|房管|房产|税务|"
    r"气象|电力|供电|供水|自来水|燃气|热力|铁塔|邮政|烟草|电信|移动|联通|广电|网通|铁通|"
    r"融媒体|综合执法|行政审批|医保|信访|民宗|体育|科技|统计|档案|总医院|人防|创卫|文明)"
)
_SENTENCE = re.compile(
    r"[的了将把要须应并]|做好|加强|确保|及时|开展|推进|完善|做到|按照|组织(?!部)"
)
_GENERIC = re.compile(r"(?:以上|以下|本|该|其他|其它|上述|相应)?(?:责任)?(?:单位|部门)")
_FLAT = re.compile(r"[\s()（）\[\]、/]")

_EVERY = (
    r"(?:(?:全[区县市]|[区县市]属|[区县市]直|辖区内?|属地|所属|所在地?|各级|各相关|各有关|各自|相关|"
    r"有关|各|所有)的?)*"
)
_TOWNS = (
    r"(?:乡镇|镇街道|镇街|街镇|镇乡|街道办事处|街道办|街道|办事处|镇办|街办|(?:[镇乡])?人民政府|"
    r"镇政府|镇|乡|园区|开发区|管委会)"
)
_COMMUNITIES = (
    r"(?:社区居委会|社区居民委员会|居民委员会|村民委员会|居委会|村委会|行政村|村居|社区|村|居)"
)
_GROUPS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    ((SPONSOR,), re.compile(
        rf"{_EVERY}(?:[区县市]级|[区县市]直)?(?:包保|包联|包抓|包片|包街|包干|包挂|帮扶|挂包|挂联|"
        r"包巷|包小区)(?:责任)?(?:单位|部门)")),
    ((OPERATORS,), re.compile(
        rf"{_EVERY}(?:[三四五几两]大|[三四五几两]家|各大|各家)?(?:(?:通信|通讯|电信|网络|弱电|线缆|"
        r"管线|基础)*运营(?:商|企业|公司|单位)|(?:通信|通讯|弱电|线缆|管线|线路|杆线)+(?:权属|产权|"
        r"管理|经营)?(?:单位|公司|企业))")),
    ((TOWN, COMMUNITY), re.compile(rf"{_EVERY}{_TOWNS}+(?:及|和)?(?:所属|辖区)?{_COMMUNITIES}+")),
    ((TOWN,), re.compile(rf"{_EVERY}{_TOWNS}+|{_EVERY.replace(')*', ')+')}属?地?政府|属地")),
    ((COMMUNITY,), re.compile(rf"{_EVERY}{_COMMUNITIES}+")),
    ((KEEPER,), re.compile(
        r"(?:(?:各|相关|有关|辖区|所有|小区|住宅)+)?(?:小区|住宅|农贸)?(?:物业|市场|学校|中小学校?|医院|"
        r"医疗机构|公园|商场|商超|车站|宾馆|酒店|经营|餐饮|点位|权属|产权|管理|主办|开办|施工|建设|"
        r"养护|工地)(?:服务|管理|权属|主办|开办|经营)?(?:单位|公司|企业|方|者|中心|机构)?")),
    ((MEMBERS,), re.compile(
        rf"(?:{_EVERY.replace(')*', ')+')}(?:创卫|创建|责任|成员|职能|行业|主管|行业主管|行政|"
        r"区直|各|专责|配合|牵头|执法|涉及|企事业|机关)*(?:单位|部门|工作组|专责组|专班|科室|机关))|"
        r"成员单位|(?:行业)?主管(?:单位|部门)|职能部门|行业部门|区直(?:单位|部门|各单位|各部门)")),
)  # fmt: skip
_KEEPER_ENDS = re.compile(r"(?:单位|公司|企业|方|者|中心|机构)$")


def groups_of(text: str) -> tuple[str, ...]:
    """The rules that a text means instead of a unit: 各乡镇（街道） → town; () for a name."""
    flat = _FLAT.sub("", text)
    for rules, pattern in _GROUPS:
        if pattern.fullmatch(flat):
            said = flat.startswith(("各", "相关", "有关", "辖区", "所有"))
            if rules == (KEEPER,) and not (said or _KEEPER_ENDS.search(flat)):
                return ()
            return rules
    return ()


def reads_like_unit(text: str) -> bool:
    """Whether a text reads like the name of one unit or of a group of them."""
    bare = re.sub(r"[(\[（【].*?[)\]）】]", "", text).strip()
    if not 1 < len(bare) <= 24 or _GENERIC.fullmatch(bare):
        return False
    if groups_of(text):
        return True
    if _SENTENCE.search(bare) or re.search(r"[^㐀-鿿A-Za-z0-9·]", bare):
        return False
    return bool(_ENDING.search(bare) or _STEM.fullmatch(bare))


def ends_unit(text: str, joint: str = "") -> bool:
    """Whether a joint (和, 及, a space …) after this text divides two units."""
    bare = text.strip()
    if _STRONG.search(bare) or groups_of(bare):
        return True
    return not joint.strip() and bool(_STEM.fullmatch(bare))
