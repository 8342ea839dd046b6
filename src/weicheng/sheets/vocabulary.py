"""The words that stand over columns: for each kind of table, its fields and their usual names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .cells import half_width, tidy

_NOISE = re.compile(r"[\s*＊★▲#:：、,，.。/\\|\-—_·'\"“”‘’]+")
_BRACKET = re.compile(r"[(\[【〔<《][^()\[\]【】〔〕<>《》]*[)\]】〕>》]")


@dataclass(frozen=True)
class Vocabulary:
    """`words`: field → usual names, the most usual first. `needed`: groups of fields of which a
    table of this kind has at least one each. `never`: fields that a fuzzy match must not give."""

    kind: str
    words: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...]
    exact_only: frozenset[str] = frozenset()


def plain(value: object) -> str:
    """A header cell as compared: no spaces, signs or brackets, half-width, lower case."""
    text = half_width(tidy(str(value))).lower()
    return _NOISE.sub("", _BRACKET.sub("", text)) or _NOISE.sub("", text).strip("()[]")


def _words(**fields: str) -> dict[str, tuple[str, ...]]:
    return {name.rstrip("_"): tuple(words.split()) for name, words in fields.items()}


_SERIAL = "序号 编号 序 号 顺序号 序列 no no. №"
_TOWN = (
    "镇街 镇街道 镇 街道 乡镇 乡镇街道 所属镇街 属地镇街 所属街道 所在街道 街镇 "
    "镇办 街办 办事处 街道办 街道办事处 镇乡街道 所属乡镇 辖区 所属辖区 属地 "
    "所属区域 区域 片区街道 镇街名称 街道名称 属地街道 责任镇街 所在镇街"
)
_COMMUNITY = (
    "社区 村社区 社区村 所属社区 所在社区 社区名称 村居 社区居委会 居委会 村 "
    "村委会 村名 社区片区 属地社区 责任社区 网格社区"
)
_PHONE = (
    "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 联系人电话 联系号码 "
    "联络方式 办公电话 固定电话 移动电话 责任人电话 联系手机 联系人及电话号码 "
    "tel phone"
)
_CONTACT = (
    "联系人 联络员 联络人 责任人 具体责任人 责任联系人 直接责任人 负责人 "
    "包保责任人 经办人 包联责任人 包抓责任人 具体负责人 联系人姓名 单位联系人 "
    "分管负责人 包保干部 包联干部 包抓干部 网格员 具体联系人 对接人 联系人及电话 "
    "联系人及联系方式"
)
_SPONSOR = (
    "包保单位 包联单位 包抓单位 包干单位 包街单位 包联部门 包保部门 帮扶单位 "
    "包帮单位 帮包单位 包靠单位 挂包单位 联系单位 包片单位 包巷单位 包小区单位 "
    "区级包保单位 区直包保单位 区级包联单位 包扶单位 共建单位 结对单位 挂联单位 "
    "包点单位 包挂单位 帮联单位 责任包保单位 包抓部门 区直包联单位 包保责任单位 "
    "包联责任单位 包抓责任单位 区级部门 挂钩单位"
)
_LEADER = (
    "包保领导 包联领导 包抓领导 包片领导 包街领导 区级领导 县级领导 区级包保领导 "
    "区级包联领导 包保区领导 牵头领导 责任领导 分管领导 挂包领导 包干领导 "
    "联系领导 区领导 县领导 领导 包联区级领导 包抓区级领导 包靠领导 包挂领导 "
    "挂点领导 总牵头领导 处级领导 帮包领导 挂联领导 市级领导 包保县领导 "
    "包联县级领导"
)
_REMARK = "备注 说明 备考 其他 其它 附注 注 备注说明"

LEDGER = Vocabulary(
    "ledger",
    _words(
        external_id=(
            "问题编号 编号 案卷号 案件编号 工单编号 工单号 问题序号 台账编号 任务编号 "
            "案件号 唯一编号 流水号 单号 id"
        ),
        serial="序号 序 号 顺序号 序列 no no.",
        found_at=(
            "检查时间 发现时间 检查日期 发现日期 巡查时间 巡查日期 督查时间 督查日期 "
            "上报时间 上报日期 交办时间 交办日期 排查时间 排查日期 日期 时间 登记时间 "
            "登记日期 问题时间 反馈时间 暗访时间 问题发现时间 检查日 录入时间 采集时间 "
            "发生时间 派发时间"
        ),
        town=_TOWN,
        community=_COMMUNITY,
        place=(
            "点位 点位名称 地点 位置 具体点位 具体位置 点位地址 地址 详细地址 问题地点 "
            "问题位置 检查点位 场所 检查地点 发生地点 具体地点 问题点位 路段 道路名称 "
            "街巷 街巷名称 小区 小区名称 小区巷道 检查点 检查对象 案发位置 点位位置 "
            "区域位置 所在位置 地段 事发地点 单位名称"
        ),
        site_type="点位类型 点位类别 场所类型 场所类别 检查类型 单位类型",
        description=(
            "存在问题 问题描述 问题 问题内容 主要问题 具体问题 发现问题 检查发现问题 "
            "问题情况 存在的问题 问题详情 问题及描述 情况描述 反馈问题 现场问题 "
            "存在问题描述 具体问题描述 问题现状 问题事项 交办问题 描述 督查发现问题 "
            "整改问题 问题清单 现状 存在不足"
        ),
        quantity="数量 问题数量 处数 个数 数量单位 规模 问题数 工程量 处",
        unit="单位 计量单位 数量单位",
        before=(
            "整改前照片 整改前 问题照片 现场照片 整改前图片 照片 图片 问题图片 现场图片 "
            "发现照片 前照片 整改前影像 检查照片 整改前后照片 整改前现场照片 "
            "问题现场照片 相关照片"
        ),
        during="整改中照片 整改中 整改中图片",
        after=(
            "整改后照片 整改后 整改后图片 完成照片 后照片 整改照片 整改图片 整改完成照片 "
            "整改后影像 整改后现场照片 反馈照片 处置照片 处置后照片"
        ),
        lead=(
            "牵头单位 牵头部门 主责单位 主办单位 牵头责任单位 主管部门 行业主管部门 "
            "行业主管 主管单位 行业主管单位 牵头整改单位 督办单位"
        ),
        responsible=(
            "责任单位 整改责任单位 承办单位 责任部门 整改单位 问题整改责任单位 处置单位 "
            "责任主体 落实单位 承办部门 整改责任部门 责任单位名称 整改主体 处置部门 "
            "权属单位 交办单位 整改落实单位 主体责任单位 办理单位 责任科室"
        ),
        supporting=("配合单位 协办单位 配合部门 协助单位 配合责任单位 协同单位 协办部门"),
        sponsor=_SPONSOR,
        leader=_LEADER,
        contact=_CONTACT + " 整改责任人 整改负责人",
        phone=_PHONE,
        deadline=(
            "整改时限 完成时限 整改期限 时限 整改完成时限 限期 要求完成时间 办理时限 "
            "整改截止时间 截止时间 截止日期 完成期限 拟完成时间 计划完成时间 整改时间 "
            "时限要求 整改要求时限 办结时限 期限 预计完成时间 规定完成时间 限时 限改时间 "
            "整改截止日期 处置时限 要求整改时间 应完成时间"
        ),
        requirement=("整改要求 工作要求 处理要求 交办要求 整改意见 整改建议 交办意见 处置要求"),
        measure=(
            "整改措施 措施 整改办法 整改方案 处理措施 处置措施 采取措施 整改落实措施 "
            "处理方式 长效措施"
        ),
        status=(
            "整改情况 状态 整改状态 完成情况 是否整改 办理情况 整改进度 进展 整改结果 "
            "是否完成 处置情况 是否销号 整改进展 销号情况 办理状态 进展情况 问题状态 "
            "整改完成情况 是否整改到位 整改落实情况 处理情况 落实情况 办结情况 销号状态 "
            "处理结果 当前状态 是否办结 整改反馈 反馈情况"
        ),
        closed_at=(
            "销号时间 完成时间 整改完成时间 销号日期 完成日期 办结时间 办结日期 "
            "实际完成时间 整改完成日期 验收时间 结案时间 完成整改时间 整改日期"
        ),
        source=(
            "来源 问题来源 信息来源 检查来源 交办来源 事项来源 案件来源 发现渠道 "
            "发现方式 来源渠道 问题渠道"
        ),
        finder=(
            "检查人 发现人 巡查人 检查人员 上报人 督查人员 填报人 采集人 巡查人员 检查组 "
            "登记人 检查单位 督查组"
        ),
        standard=(
            "对应标准 标准条款 对应条款 标准 考核标准 对应指标 指标 条款 对应标准条款 "
            "评分标准 测评标准 标准依据 扣分标准 对应项目 检查标准"
        ),
        kind=(
            "问题类别 问题类型 类别 类型 问题分类 分类 事项类别 案件类别 大类 小类 "
            "事项分类 隐患类别 标项 病害类型 问题种类 项目"
        ),
        severity="严重程度 等级 问题等级 紧急程度 问题性质 轻重",
        verifier="验收人 核查人 复核人 复查人 销号人 验收人员 核验人",
        remark=_REMARK,
    ),
    (("description", "before"), ("found_at", "place", "responsible", "deadline", "status", "town")),
    frozenset({"serial", "unit", "kind", "before"}),
)

DUTY = Vocabulary(
    "duty",
    _words(
        serial=_SERIAL,
        town=_TOWN + " 包保镇街 包联镇街 镇街区域 包抓街道",
        community=_COMMUNITY + " 包保社区 包联社区",
        place=(
            "小区巷道 小区 巷道 小区名称 小区街巷 街巷 背街小巷 街巷名称 包保小区 "
            "包联小区 包抓小区 老旧小区 院落 楼院 居民小区 网格 包保点位 点位 点位名称 "
            "小区院落 街巷小区 小区街巷名称 包保区域 包联区域 责任区域 包保街巷 路段 "
            "责任路段 包联街巷 包保对象 小区巷道名称 巷道名称 包抓点位 无物业小区 "
            "包保范围 责任范围 包联点位 包抓区域 片区 包保地点 楼栋 责任区 街巷院落 "
            "家属院 道路 道路名称 街路 包保路段 地点 位置"
        ),
        address="地址 详细地址 具体地址 小区地址 四至 具体位置 坐落",
        leader=_LEADER,
        leader_title="领导职务 职务 包保领导职务 区级领导职务 责任领导职务",
        unit=_SPONSOR + " 责任单位 单位 单位名称 牵头单位 责任部门 部门",
        unit_leader=(
            "单位负责人 包保单位负责人 主要负责人 单位主要负责人 第一责任人 单位一把手 "
            "包联单位负责人 主要领导 包保单位领导 单位领导"
        ),
        contact=_CONTACT,
        contact_title="联系人职务 责任人职务",
        phone=_PHONE + " 联系人联系电话 责任人联系电话",
        leader_phone="领导电话 包保领导电话 领导联系电话 单位负责人电话",
        territory=(
            "社区责任人 社区联系人 社区负责人 社区书记 属地责任人 责任社区干部 "
            "社区包保人 社区干部 街道责任人 属地联系人 社区支书"
        ),
        territory_phone=("社区联系电话 社区电话 社区责任人电话 属地联系电话 社区联系人电话"),
        manager="物业 物业公司 物业服务企业 物业名称 管理单位 物业单位",
        households="户数 住户 居民户数 总户数",
        remark=_REMARK,
    ),
    (("unit", "leader"), ("place", "community", "town")),
    frozenset({"serial", "manager"}),
)

MESSAGES = Vocabulary(
    "messages",
    _words(
        external_id=(
            "留言编号 工单编号 工单号 编号 受理编号 信件编号 来信编号 案件编号 受理号 "
            "工单流水号 诉求编号 单号 流水号 热线编号 业务编号 信访编号 序号 id"
        ),
        author=(
            "留言用户 用户 留言人 来电人 联系人 诉求人 反映人 姓名 投诉人 网友 昵称 "
            "来电人姓名 市民 信访人 来信人 举报人 网名 留言者 发帖人 用户名"
        ),
        title=(
            "留言主题 主题 标题 诉求标题 工单标题 事项标题 来信标题 问题标题 诉求主题 "
            "留言标题 信件标题 概要 帖子标题 诉求概要"
        ),
        text=(
            "留言详情 详情 留言内容 来电内容 诉求内容 内容 反映内容 问题描述 工单内容 "
            "投诉内容 事项内容 反映问题 信件内容 来信内容 主要内容 诉求描述 描述 "
            "反映事项 受理内容 举报内容 具体内容 诉求事项 问题内容 正文 留言 诉求"
        ),
        at=(
            "留言时间 时间 反映时间 来电时间 受理时间 诉求时间 提交时间 登记时间 日期 "
            "投诉时间 创建时间 发布时间 来信时间 接听时间 留言日期 受理日期 反映日期 "
            "发帖时间 来电日期 举报时间 工单时间 派单时间 登记日期 办理开始时间"
        ),
        phone=_PHONE + " 来电号码 主叫号码 来电电话",
        place=(
            "地址 诉求地址 事发地址 事发地点 地点 发生地点 位置 反映地址 问题地址 "
            "涉及地点 诉求地点 详细地址 案发地址 涉事地点"
        ),
        town=_TOWN,
        community=_COMMUNITY,
        channel=("来源 渠道 诉求来源 受理渠道 留言来源 反映渠道 信息来源 工单来源 来电渠道"),
        category=(
            "一级标签 一级分类 分类 类别 诉求类别 问题类别 类型 诉求类型 工单类型 "
            "问题分类 标签 内容分类 事项分类 归口类别"
        ),
        unit=("承办单位 责任单位 主办单位 办理单位 处理单位 转办单位 答复单位 牵头单位"),
        deadline="办理时限 截止时间 办结时限 时限 要求办结时间",
        reply=(
            "答复意见 答复内容 回复内容 办理结果 回复 答复 处理结果 办理情况 反馈内容 "
            "处理意见 回复意见"
        ),
        replied_at="答复时间 回复时间 办结时间 办结日期 答复日期",
        status="状态 办理状态 工单状态 是否办结",
        likes="点赞数 点赞 赞成数 支持数 赞数",
        dislikes="反对数 反对 踩数",
        remark=_REMARK,
    ),
    (("text", "title"), ("author", "at", "external_id", "phone")),
    frozenset({"remark"}),
)

PLACES = Vocabulary(
    "places",
    _words(
        serial="序号 序 号",
        code="点位编码 点位编号 编码 编号 代码 场所编号",
        name=(
            "点位名称 名称 场所名称 单位名称 门店名称 小区名称 点位 市场名称 场所 "
            "机构名称 企业名称 店名 招牌名称 学校名称"
        ),
        type=("类型 点位类型 类别 点位类别 场所类型 场所类别 行业类别 业态 行业 经营类别 分类"),
        town=_TOWN,
        community=_COMMUNITY,
        region="所属区划 行政区划 区划代码 所属区划代码",
        address=("地址 详细地址 具体地址 位置 坐落 经营地址 具体位置 地理位置 地点 所在地址"),
        longitude="经度 lng lon longitude 经度坐标 x坐标 x",
        latitude="纬度 lat latitude 纬度坐标 y坐标 y",
        position="经纬度 坐标 定位 位置坐标",
        built_up=("建成区 是否建成区 建成区内外 建成区内 是否在建成区 区内区外 是否建成区内"),
        keeper=("管理单位 责任单位 主管单位 经营者 产权单位 物业 物业公司 管养单位 运营单位 主体"),
        bureau="行业主管 行业主管部门 主管部门 行业主管单位",
        contact=_CONTACT + " 法人 法定代表人 经营者姓名",
        phone=_PHONE,
        remark=_REMARK,
    ),
    (("name",), ("type", "address", "longitude", "position", "built_up")),
    frozenset({"serial", "code"}),
)

PEOPLE = Vocabulary(
    "people",
    _words(
        serial=_SERIAL,
        name="姓名 人员姓名 名字 人员 成员 工作人员",
        unit=(
            "单位 工作单位 现单位 所在单位 单位名称 所属单位 部门 现工作单位 抽调到单位 "
            "科室 工作组 所在组 专责组 小组 组别"
        ),
        home_unit=(
            "原单位 抽调单位 派出单位 编制单位 原工作单位 来自单位 人事关系所在单位 "
            "原所在单位 派出部门"
        ),
        title="职务 岗位 职位 单位及职务 职称 单位职务 现任职务 工作职务",
        role=("角色 分工 职责 工作分工 承担工作 创卫职务 组内职务 担任职务 职责分工"),
        phone=_PHONE,
        gender="性别",
        username="用户名 账号 登录名 帐号",
        since="抽调时间 到岗时间 开始时间 起始时间 任职时间",
        until="结束时间 离岗时间 截止时间",
        remark=_REMARK,
    ),
    (("name",), ("unit", "home_unit", "title", "phone")),
    frozenset({"serial", "unit"}),
)

REGIONS = Vocabulary(
    "regions",
    _words(
        serial="序号 序 号",
        code=("代码 区划代码 行政区划代码 编码 区划编码 统计用区划代码 地区代码 行政代码"),
        name=("名称 区划名称 行政区划名称 地区名称 单位名称 区域名称 行政区名称"),
        level="级别 层级 区划级别 行政级别 类型 等级",
        parent=(
            "上级 上级区划 上级名称 所属上级 上级代码 父级 父级代码 上级区划代码 "
            "所属镇街 所属区划 隶属"
        ),
        letters="首字母 简拼 拼音首字母 字母代码 字母 简称字母 缩写 编号前缀",
        short="简称",
        longitude="经度 lng lon",
        latitude="纬度 lat",
        remark=_REMARK,
    ),
    (("name",), ("code", "level", "parent")),
    frozenset({"serial", "short"}),
)

DUTIES = Vocabulary(
    "duties",
    _words(
        serial=_SERIAL,
        aspect=(
            "类别 项目类别 任务类别 指标类别 一级指标 大类 方面 板块 分类 类型 专项 所属方面 "
            "指标分类 项目分类 标准类别"
        ),
        task=(
            "工作任务 任务 任务内容 主要任务 重点任务 具体任务 任务分解 工作内容 工作事项 重点工作 "
            "指标 指标内容 考核指标 二级指标 三级指标 具体指标 指标名称 项目 工作项目 任务名称 "
            "内容 标准内容 标准 创建标准 国家卫生城市标准 国家标准 标准条款 标准要求 创建指标 "
            "创建任务 创建内容 测评内容 考核内容 任务指标 "
            "目标任务 工作目标 条款 条款内容 任务事项 事项"
        ),
        demand=(
            "工作要求 任务要求 具体要求 达标要求 目标要求 工作措施 具体措施 主要措施 工作标准 "
            "目标值 要求"
        ),
        assignment=(
            "责任分工 任务分工 职责分工 分工 单位分工 责任单位及分工 责任单位分工 责任分解 "
            "责任单位及责任分工 牵头及配合单位 责任部门分工 工作分工 分工情况 责任划分"
        ),
        lead=(
            "牵头单位 牵头部门 主责单位 主办单位 牵头责任单位 总牵头单位 主责部门 主体责任单位 "
            "主要责任单位"
        ),
        responsible=(
            "责任单位 责任部门 承办单位 落实单位 实施单位 责任主体 承担单位 负责单位 具体责任单位 "
            "承办部门 责任单位名称"
        ),
        supporting="配合单位 协办单位 配合部门 协助单位 配合责任单位 参与单位 协同单位 协办部门",
        supervising="督导单位 督办单位 督查单位 监督单位 督促单位 考核单位",
        leader=(
            "牵头领导 分管领导 责任领导 区级领导 县级领导 市级领导 牵头区领导 包抓领导 主管领导 "
            "分管区领导 区领导 县领导 负责领导 总负责 总牵头领导 领导"
        ),
        section="责任科室 科室 责任股室 股室 承办科室 具体科室 责任处室 处室",
        person="责任人 具体责任人 直接责任人 负责人 经办人 主要责任人",
        contact="联系人 联络员 联络人 单位联系人 工作联系人",
        phone=_PHONE,
        deadline=(
            "完成时限 时限 完成时间 时限要求 完成期限 工作时限 达标时限 达标时间 进度要求 期限 "
            "完成日期 截止时间 时间节点 时间要求 时间安排"
        ),
        remark=_REMARK,
    ),
    (("task",), ("assignment", "lead", "responsible")),
    frozenset({"serial", "aspect", "remark", "demand"}),
)

VOCABULARIES = (DUTY, LEDGER, MESSAGES, PLACES, PEOPLE, REGIONS, DUTIES)
