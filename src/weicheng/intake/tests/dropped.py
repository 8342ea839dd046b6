"""Small files as an office drops them, made for the tests of intake."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from weicheng.intake.models import Batch
from weicheng.sheets.tests.makers import picture, xlsx

DUTY = [
    ["凤凰区创建国家卫生城市包保分工表", "", "", "", "", "", ""],
    ["序号", "镇街", "社区", "小区", "包保领导", "包保单位", "联系电话"],
    [1, "红叶镇", "张家沟社区", "张家沟小区", "李一（副区长）", "区档案局", "13800000001"],
    [2, "红叶镇", "张家沟社区", "幸福小区", "李一（副区长）", "区妇联", ""],
    [3, "石桥镇", "南门社区", "金桥小区", "王二（副区长）", "区教体局", "13800000003"],
    ["注：名单如有变动请及时报创卫办。", "", "", "", "", "", ""],
]
LEDGER_HEAD = ["编号", "检查时间", "点位", "存在问题", "数量", "责任单位", "整改时限", "整改情况"]
LEDGER = [
    LEDGER_HEAD,
    ["T-2026-001", "2026.11.02", "红叶镇张家沟社区", "垃圾桶满溢", "3处", "环卫局", "11月20日前",
     "已整改"],
    ["T-2026-002", "11月3日", "石桥镇", "蜘蛛网", "12处", "经信局", "长期", "整改中"],
    ["T-2026-003", "11月4日", "石桥镇", "", "", "环卫局", "", ""],
]  # fmt: skip
MESSAGES_HEAD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
CHAT = """红叶张三 2026-11-20 08:30:11
@所有人

红叶张三 2026-11-20 08:31:00
张家沟小区垃圾桶满溢

红叶张三 2026-11-20 08:31:04
[图片]

红叶张三 2026-11-20 08:31:06
[图片]

石桥李四 2026-11-20 08:52:10
[图片]

石桥李四 2026-11-20 08:52:20
金桥路口暴露垃圾

红叶王五 2026-11-20 08:55:00
收到
"""
PHOTOS = ("20261120083104", "20261120083106", "20261120085210")


def messages(*rows: list[Any]) -> bytes:
    """A file of residents' messages with these rows."""
    return xlsx([MESSAGES_HEAD, *rows])


def message(number: float, text: str, at: Any = "2019/2/28 11:25:05") -> list[Any]:
    """One message as the city's platform exports it: its number is a float."""
    return [number, f"A{number:.0f}", f"反映{text}", at, f"\n\t\t{text}，请处理。\n", 0.0, 1.0]


def chat_photos() -> list[SimpleUploadedFile]:
    """Three photos named as WeChat names them."""
    colours = ("red", "green", "blue")
    return [
        upload(f"微信图片_{at}.jpg", picture(colour).getvalue())
        for at, colour in zip(PHOTOS, colours, strict=True)
    ]


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def drop(client: Client, *files: SimpleUploadedFile, text: str = "") -> Any:
    """Drop files on the import page."""
    return client.post(reverse("intake:import"), {"files": list(files), "text": text})


def dropped(client: Client, name: str, data: bytes) -> Batch:
    """The batch that one file became."""
    answer = drop(client, upload(name, data))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return Batch.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def page(client: Client, batch: Batch) -> str:
    """The words of a batch's page."""
    answer = client.get(reverse("intake:batch", args=[batch.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def taken(client: Client, batch: Batch) -> Batch:
    """The batch after 导入 was pressed."""
    assert client.post(reverse("intake:take", args=[batch.pk])).status_code == 303
    batch.refresh_from_db()
    return batch


def photo_bytes(colour: str = "red") -> io.BytesIO:
    """A small picture for a cell."""
    return picture(colour)
