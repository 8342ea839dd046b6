"""What in a group chat is no finding: receipts, thanks, calls to all; and reports of a fix."""

from __future__ import annotations

import re

from .cells import half_width, tidy

_MENTION = re.compile(r"[@＠](?:所有人|全体成员|[^\s@＠,，。:：]{1,20}?(?=[\s,，。:：]|$))")
_EMOTICON = re.compile(r"\[[㐀-鿿A-Za-z]{1,8}\]")
_NOT_TEXT = re.compile(r"[^㐀-鿿A-Za-z0-9]+")
_WHO = (
    r"(?:各|相关|有关|责任|属地|镇街|街道|乡镇|社区|单位|部门|各位|包保|牵头|行业|主管|"
    r"同志|领导|组|科室|所|和|及|负责人|大家|网格员|的|们)*"
)
_HASTE = (
    r"(?:抓紧|尽快|立即|马上|及时|迅速|速|赶紧|务必|认真|现场|安排|组织|派人|时间|再|全部|先|"
    r"今天|今日|第一)*"
)
_DO = (
    r"(?:处理|整改|落实|核实|跟进|办理|反馈|回复|查看|知悉|关注|对接|解决|到位|清理|认领|签收|"
    r"传达|报送|上报|协调|配合|执行|汇总|转发|核查|去看|看看|一下|情况|高度|重视|"
    r"人员|联系|通知|办|掉|好|完|并|及|和|结果|下|下去|了)+"
)
_WORDS = (
    r"收到|已收到|收悉|好的?|好嘞|好滴|好哒|嗯+|哦+|噢|行|可以|没问题|明白|知道了?|知悉|了解|"
    r"遵命|照办|是的?|对的?|ok|okay|okk|yes|1|"
    r"辛苦(?:了|啦|大家|各位|领导)*|谢谢(?:了|大家|各位|领导|支持|配合)*|感谢(?:支持|配合|领导|大家)*|多谢|麻烦了?|请|"
    r"早上好|上午好|中午好|下午好|晚上好|大家好|各位好|领导好|您好|你好|早安?|晚安|在吗?|"
    r"哈+|呵+|赞|棒|厉害|给力|加油|点赞|"
    r"(?:我们?|这边|现在|就|这就|已经?|正在|在|去|会|将)*"
    r"(?:马上|立即|立刻|尽快|抓紧|及时|赶紧|这就|安排|派人|通知|联系|转|组织|督促)+"
    r"(?:人员?|他们|物业|环卫|工人|相关|有关|单位|社区|去|到|现场|时间|并|进行)*"
    r"(?:处理|整改|落实|安排|过去|核实|清理|办理|办|到位|解决|跟进|查看|转达|通知|联系|反馈)*"
    r"(?:中|了|的|下去)?|"
    r"(?:正在|在|已在)(?:处理|整改|清理|办理|核实|路上|现场)(?:中|了)?|"
    rf"请?{_WHO}{_HASTE}{_DO}|请?{_WHO}(?:注意|留意)(?:查收|安全)?|{_WHO}"
)
_CHATTER = re.compile(rf"(?:(?:{_WORDS})(?:了|的|啊|呀|哈|吧|哦|嘞|啦|噢)?)+", re.I)
_FIXED = re.compile(
    r"(?:已经?|现已|现)(?:全部|完成|及时|立即|清|处理|整|修|拆|补|更|规|解|安排人?)*"
    r"(?:整改|处理|清理|清运|清除|清扫|修复|修好|拆除|解决|完成|更换|规范|到位|完毕|补种|归整|"
    r"粉刷|覆盖|转运|疏通)|"
    r"整改(?:后|完毕|完成|到位)|(?:处理|清理)(?:完毕|完成|完了|好了|干净了)"
)
_OPEN = re.compile(r"未|没有?|不|请|问题|仍|还|又|需|建议|存在")


def is_chatter(text: str) -> bool:
    """Whether a message says nothing of a place: '收到', '@所有人 请抓紧处理', '👍', '辛苦了'.

    A mention before a real finding ('@李四 人民路52号垃圾桶满溢') is not chatter."""
    plain = _EMOTICON.sub("", _MENTION.sub(" ", half_width(tidy(text)).replace("@", "@")))
    bare = _NOT_TEXT.sub("", plain)
    if not bare or bare.isdigit():
        return True
    if re.search(r"\d", bare) and bare != "1":
        return False
    return len(bare) <= 40 and bool(_CHATTER.fullmatch(bare))


def says_fixed(text: str) -> bool:
    """Whether a message reports a fix rather than a finding: '已清理', '整改完毕'."""
    plain = tidy(text)
    return bool(_FIXED.search(plain)) and not _OPEN.search(_FIXED.sub("", plain))
