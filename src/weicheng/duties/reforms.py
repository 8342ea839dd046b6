"""Old names of bureaus and what the institutional reforms made of them; a district may differ.

The reforms of 2018 and 2023 went alike nearly everywhere, but names differ from place to place.
What is not certain is only taken when the old name is nobody's, and is then marked 暂定.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reform:
    """Old names, the names that the work may bear now (usual first), whether that is certain."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    certain: bool = True


def _r(old: str, new: str, certain: bool = True) -> Reform:
    return Reform(tuple(old.split()), tuple(new.split()), certain)


REFORMS: tuple[Reform, ...] = (
    _r("工商局 工商行政管理局 工商分局 质监局 质量技术监督局 技术监督局 "
        "食药监局 食品药品监督管理局 食药局 药监局 工商质监局 "
        "市场和质量监督管理局 市场局 市监局", "市场监管局 市场监督管理局"),
    _r("卫计局 卫计委 卫生局 卫生和计划生育局 卫生计生委 卫生计生局 "
        "计生局 计生委 人口计生局",
       "卫健局 卫健委 卫健体局"),
    _r("国土局 国土资源局 国土分局", "自然资源局 自然资源和规划局 自然资源规划局"),
    _r("规划局 城乡规划局 国土规划局", "自然资源和规划局 自然资源局", False),
    _r("环保局 环境保护局 环保分局", "生态环境局 生态环境分局"),
    _r("城管局 城市管理局 城管执法局 城市管理行政执法局 行政执法局 "
        "城管委 城市执法局 城管大队",
       "综合执法局 综合行政执法局 城市管理综合执法局 城管局 城管执法局", False),
    _r("综合执法局 综合行政执法局", "城管局 城市管理局 城管执法局", False),
    _r("建设局 城建局 建委 住房和城乡规划建设局 规划建设局 "
        "住房城乡规划建设局 城乡建设局",
       "住建局 住房和城乡建设局"),
    _r("房管局 房产局 房产管理局 房地产管理局 住房保障局", "住建局 房管中心 住房服务中心", False),
    _r("文广新局 文化局 文体局 文广局 旅游局 文体广电局 文化体育局 "
        "文体广新局 文广体局 文体广电新闻出版局 旅发委",
       "文旅局 文化广电和旅游局 文化和旅游局 文体旅局 文旅体局 文体广旅局"),
    _r("教育局", "教体局 教育体育局 教科体局 教科局", False),
    _r("教体局", "教育局", False),
    _r("体育局", "教体局 文旅体局 文体旅局", False),
    _r("农业局 农委 农牧局 畜牧局 畜牧兽医局 农机局 农工委 农业畜牧局 "
        "畜牧水产局", "农业农村局 农业农村和水利局"),
    _r("扶贫办 乡村振兴局", "农业农村局"),
    _r("安监局 安全生产监督管理局", "应急局 应急管理局"),
    _r("消防大队 公安消防大队 消防队", "消防救援大队"),
    _r("国税局 地税局", "税务局"),
    _r("法制办 法制局", "司法局"),
    _r("经信局 经信委 经贸局 经委 工信委 经济和信息化局 工业局 科工局",
       "工信局 工业和信息化局 科工信局 经信局", False),
    _r("工信局", "经信局 经济和信息化局 科工信局", False),
    _r("商务局", "商务和粮食局 商粮局 经信商务局 招商局", False),
    _r("政务中心 政务服务中心 行政服务中心 审批局",
       "行政审批局 政务服务局 政务服务和大数据局 数据局", False),
    _r("民宗局 民族宗教局 民宗委 宗教局", "民宗局 民族宗教事务局 统战部", False),
    _r("环卫处 环卫所 环卫大队 环卫局 环境卫生管理处",
       "环卫中心 环卫局 环境卫生服务中心 环卫处", False),
    _r("园林处 园林所 园林局 园林绿化局 绿化办", "园林中心 园林局 园林绿化服务中心 林业局", False),
    _r("电视台 广播电视台 广电台 新闻中心 报社 网信中心", "融媒体中心"),
    _r("民政和人社局 劳动局 人事局 劳动和社会保障局", "人社局"),
    _r("水利局 水务局", "水务局 农业农村和水利局", False),
    _r("卫生监督所 卫生监督局", "卫健综合执法大队 疾控中心 卫健局", False),
    _r("爱卫办", "创卫办 卫健局", False),
    _r("运管所 运管局 公路局", "交通局 交通运输局", False),
)  # fmt: skip
