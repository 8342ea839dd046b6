"""What is to be looked at in a table, row by row, as sentences that a clerk understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from weicheng.intake.fields import NEEDED, field_name

LONGEST = 30

SENTENCES = {
    # whole files
    "file.empty": _("这个文件里没有内容。请换一个文件。"),
    "file.unsupported": _(
        "认不出这种文件。请用 Excel（xlsx、xls）、WPS 或 LibreOffice 表格（ods）、csv、"
        "Word（docx）、聊天记录（txt）或照片。"
    ),
    "file.broken": _("这个文件打不开，可能没有传完整。请在电脑上打开另存一次再传。"),
    "file.password": _("这个文件加了密码。请去掉密码后再传。"),
    "file.too_large": _("这个文件太大。请删去不用的工作表和大图片后再传。"),
    "file.bomb": _("这个文件展开后太大，为安全起见没有打开。"),
    "file.entities": _("这个文件里有不安全的内容，没有打开。请另存为新的 xlsx 后再传。"),
    "file.too_many_rows": _("这张表有%(rows)s行，一次最多%(limit)s行。请分成几个文件。"),
    "file.too_many_cells": _("这张表有%(rows)s行%(columns)s列，太大了。请删去空行空列再传。"),
    "file.encoding": _("这个文件的文字编码认不出。请用记事本打开，另存为 UTF-8 后再传。"),
    "file.no_header": _("找不到“%(missing)s”这一列。请在下面选一选，或换一种表。"),
    "file.no_text": _("没有读到聊天文字，也没有照片。"),
    "file.failed": _("导入中途停了，已导入的不会重复。请再按一次“导入”。"),
    # duty sheets
    "town_missing": _("没有写镇街"),
    "community_missing": _("没有写社区"),
    "place_missing": _("没有写小区或街巷，只登记社区"),
    "unit_missing": _("没有写包保单位"),
    "leader_missing": _("没有写包保领导"),
    "contact_missing": _("没有写联系人"),
    "phone_missing": _("没有写电话"),
    "phone_unreadable": _("电话“%(value)s”认不出，先不登记"),
    "carried": _("“%(field)s”一列有%(count)s个空格，按上一行的内容补"),
    "carried_over_gap": _("隔着空行，“%(field)s”按上面的“%(value)s”补"),
    "row_unread": _("看不出是哪个小区，没有读：%(text)s"),
    "heading": _("当作小标题：%(text)s"),
    "repeated_place": _("“%(place)s”在第%(first_row)s行已有，两个单位都登记"),
    # duty tables
    "clause_missing": _("看不出是标准里的哪一条，先留着，没有登记责任"),
    "units_missing": _("没有读到责任单位"),
    "provisional": _("有%(count)s条责任先按暂定登记，请指挥长或创卫办明确"),
    "duties_ended": _("有%(count)s条以前的责任和这张表不一样，到昨天为止"),
    "task_gone": _("上次的表里有，这次没有，没有改动：%(value)s"),
    # ledgers
    "description_missing": _("没有写存在问题，这一行不能导入"),
    "found_at_unreadable": _("发现时间“%(value)s”认不出，按今天登记"),
    "found_at_future": _("发现时间“%(value)s”在今天以后，按今天登记"),
    "found_at_doubtful": _("发现时间“%(value)s”没有写全，请看读得对不对"),
    "deadline_unreadable": _("时限“%(value)s”认不出，先空着"),
    "deadline_doubtful": _("时限“%(value)s”没有写全，请看读得对不对"),
    "deadline_before_found": _("时限“%(value)s”早于发现时间"),
    "closed_at_unreadable": _("销号时间“%(value)s”认不出"),
    "closed_at_future": _("销号时间“%(value)s”在今天以后，按今天登记"),
    "closed_at_doubtful": _("销号时间“%(value)s”没有写全，请看读得对不对"),
    "closed_before_found": _("销号时间“%(value)s”早于发现时间"),
    "quantity_unreadable": _("数量“%(value)s”认不出"),
    "quantity_differs": _("数量写的是 %(written)s，问题里说的是 %(described)s，按数量列登记"),
    "status_unknown": _("整改情况“%(value)s”认不出，按还没改登记"),
    "done_without_date": _("写了已整改，没有写销号时间，按时限登记"),
    "id_digits_lost": _("编号“%(value)s”太长，Excel 已丢掉后几位，请把这一列设为文本"),
    "id_repeated": _("编号“%(value)s”与第%(first_row)s行相同，这一行没有导入"),
    # messages
    "at_unreadable": _("时间认不出，按导入时间登记"),
    "at_missing": _("没有写时间，按导入时间登记"),
    "text_missing": _("没有内容"),
    "id_missing": _("没有编号，按内容查重"),
    # spreadsheets of places, regions and people
    "name_missing": _("没有写名称"),
    "code_wrong": _("代码“%(value)s”不是 6、9 或 12 位数字"),
    "level_unknown": _("看不出“%(value)s”是镇街还是社区，请填级别"),
    "other_district": _("“%(value)s”不是本区，本区是“%(here)s”"),
    "regions.town_missing": _("没有写“%(value)s”属于哪个镇街"),
    "type_unknown": _("没有“%(value)s”这种点位类型，可在“标准与责任”里看全部类型"),
    "position_wrong": _("经纬度不对，应先经度后纬度，例如 113.6521，34.7652"),
    "people.unit_missing": _("没有写“%(value)s”在哪个单位"),
    # leads out of a chat: why to look twice
    "no_text": _("只有照片，没有文字"),
    "no_photo": _("没有照片"),
    "photo_missing": _("聊天里的照片比传上来的多"),
    "photo_by_order": _("照片只按先后顺序对上"),
    "photo_by_time": _("照片按时间相近归到这里"),
    "no_sender": _("看不出是谁发的"),
    "says_fixed": _("说的像是已经整改"),
    "shared_pictures": _("照片夹在两段话中间，请看归得对不对"),
    "region_by_sender": _("镇街按发送人的名字推断"),
}

#: One sentence for many rows of a code whose sentences differ only in what the cells say.
GENERAL = {
    "repeated_place": _("同一个地方写了几次，各个单位都登记"),
    "phone_unreadable": _("电话认不出，先不登记"),
    "row_unread": _("看不出是哪个小区，没有读"),
    "heading": _("当作小标题，不是点位"),
    "found_at_unreadable": _("发现时间认不出，按今天登记"),
    "found_at_future": _("发现时间在今天以后，按今天登记"),
    "found_at_doubtful": _("发现时间没有写全，请看读得对不对"),
    "deadline_unreadable": _("时限认不出，先空着"),
    "deadline_doubtful": _("时限没有写全，请看读得对不对"),
    "deadline_before_found": _("时限早于发现时间"),
    "closed_at_unreadable": _("销号时间认不出"),
    "closed_at_future": _("销号时间在今天以后，按今天登记"),
    "closed_before_found": _("销号时间早于发现时间"),
    "quantity_unreadable": _("数量认不出"),
    "quantity_differs": _("数量列和问题里说的不一样，按数量列登记"),
    "status_unknown": _("整改情况认不出，按还没改登记"),
    "id_repeated": _("编号和前面的行相同，没有导入"),
    "id_digits_lost": _("编号太长，Excel 已丢掉后几位，请把这一列设为文本"),
    "code_wrong": _("代码不是 6、9 或 12 位数字"),
    "type_unknown": _("没有这种点位类型，可在“标准与责任”里看全部类型"),
    "regions.town_missing": _("没有写属于哪个镇街"),
    "people.unit_missing": _("没有写在哪个单位"),
}


def general(code: str, *, kind: str = "") -> str:
    """The sentence of a code without what the cells say; '' where there is none."""
    text = GENERAL.get(f"{kind}.{code}") or GENERAL.get(code)
    return gettext(text) if text else ""


def sentence(code: str, params: Mapping[str, Any] | None = None, *, kind: str = "") -> str:
    """The sentence of a code, as this kind of table needs it, in the active language."""
    shown = {name: _short(value) for name, value in (params or {}).items()}
    if "field" in shown:
        shown["field"] = field_name(kind, shown["field"])
    if code == "phone_unreadable":
        shown.setdefault("value", shown.get("phone", ""))
    text = SENTENCES.get(f"{kind}.{code}") or SENTENCES.get(code)
    return gettext(text) % shown if text else code


def file_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """Why a whole file cannot be taken, with what to do."""
    shown = {name: _short(value) for name, value in (params or {}).items()}
    if code == "no_header":
        missing = (params or {}).get("missing") or []
        shown["missing"] = gettext("、").join(str(NEEDED.get(m, m)) for m in missing)
    text = SENTENCES.get(f"file.{code}", SENTENCES["file.broken"])
    return gettext(text) % shown


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def rows_words(rows: list[int], beyond: int = 0, most: int = 8) -> str:
    """“第3、5、9行”, “第3、5、9…行，共57行”; nothing for the whole sheet.

    ``beyond``: further rows whose numbers are not told.
    """
    numbers = [n for n in dict.fromkeys(rows) if n]
    if not numbers:
        return ""
    listed = gettext("、").join(str(n) for n in numbers[:most])
    if len(numbers) + beyond > most:
        n = len(numbers) + beyond
        return gettext("第%(rows)s…行，共%(n)s行") % {"rows": listed, "n": n}
    return gettext("第%(rows)s行") % {"rows": listed}
