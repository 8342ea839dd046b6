"""The verbs of a duty cell (负责, 牵头, 配合, 督促 …), its labels, and which part they give."""

from __future__ import annotations

import re

LEAD, RESPONSIBLE, SUPPORT, SUPERVISE = "lead", "responsible", "support", "supervise"

_VERB = (
    r"(?:牵头(?!单位|部门|领导|责任|人)|主责(?!单位|部门)|主抓|统筹(?!办|组|局|中心)|主办(?!单位|方|部门)|总负责|负总责|"
    r"负责(?!人|制|同志)|主管(?!单位|部门)|承担|承办(?!单位|部门)|落实|实施|责任(?!单位|部门|人|公司|科室|主体|区|制|领导)|"
    r"配合(?!单位|部门)|协助(?!单位|部门)|协办(?!单位|部门)|协同(?!单位|部门)|参与(?!单位|部门)|参加|支持|"
    r"督促|监督(?!管理|所|站|检|执法|局|中心|大队|支队|员|委|保障)|督办(?!单位|室)|"
    r"督查(?!室|办|局|组|中心|科|考核|单位)|督导(?!组|办|室|单位)|指导(?!中心|站|组|办|委|所)|"
    r"保障(?!局|中心|服务|性|房|办|和)|考核(?!办|中心|组|局)|检查(?!站|组|院)|具体抓|抓好|组织(?=实施))"
)
VERB = re.compile(
    r"(?:按(?:照)?(?:各自)?(?:职责|职能)(?:分工|范围)?(?:分别)?)?(?:(?:共同|联合|分别|具体|主要|全面|积极|"
    r"密切|做好|各自|直接|全力|予以|统一|分工)*"
    + _VERB
    + r"(?:协调|抓总|组织|和|并|、(?="
    + _VERB
    + r"))?)+(?:整改|办理|工作|到位)?"
)
_PARTS = (
    (re.compile(r"牵头|主责|主抓|统筹|主办|总负责|负总责"), LEAD),
    (re.compile(r"督促|监督|督办|督查|督导|考核|检查"), SUPERVISE),
    (re.compile(r"配合|协助|协办|协同|参与|参加|支持|保障"), SUPPORT),
    (re.compile(r"^(?!.*(?:落实|实施|承担|承办)).*指导"), SUPERVISE),
)
LABEL = re.compile(
    r"(?P<what>牵头|总牵头|主责|主办|责任|主要责任|承办|落实|配合|协办|协助|协同|参与|参加|督办|督导|督查|监督|"
    r"督促|负责)(?:责任)?(?:单位|部门)?(?:\s*[:]|(?<=单位)\s+|(?<=部门)\s+|(?<=单位)(?=[区县市各])|"
    r"(?<=部门)(?=[区县市各]))"
)
PERSON_LABEL = re.compile(
    r"(?:第一|直接|具体)?(?:责任人|负责人|联系人|联络员|分管领导|牵头领导|责任领导)\s*[:]?"
    r"\s*[㐀-鿿]{2,4}(?:、[㐀-鿿]{2,4})*(?=$|[,;。\s(])|"
    r"(?:责任|承办|具体)(?:科室|股室)\s*:\s*[㐀-鿿]{2,12}(?=$|[,;。\s])"
)
TOGETHER = re.compile(r"会同|联合(?=[区县市各])|协同(?=[区县市各])|配合单位有|以及配合单位")


def part_of(verb: str) -> str:
    """The part that a verb gives: 牵头负责 → lead, 配合落实 → support, 督促落实 → supervise."""
    for pattern, part in _PARTS:
        if pattern.search(verb):
            return part
    return RESPONSIBLE


def part_of_label(what: str) -> str:
    """The part that a label gives: 牵头 → lead, 责任 → responsible."""
    return part_of(what)
