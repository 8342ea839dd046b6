"""Codes of refused targets and failed sendings in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

REASONS = {
    "garbled": _("地址写法不对，请从机器人设置里整条复制"),
    "not_https": _("地址必须以https://开头"),
    "foreign_host": _("地址不是这种机器人的官方主机；政务网内的主机要先由两人批准"),
    "odd_port": _("端口不对，官方主机只用443"),
    "not_a_hook": _("这不是群机器人的地址"),
    "inside": _("这个名字指向内部地址，不能发"),
    "unknown_host": _("找不到这个主机"),
    "too_slow": _("对方5秒内没有回应"),
    "certificate": _("对方的证书不可信"),
    "no_connection": _("连不上对方"),
    "garbage": _("对方的回答看不懂"),
    "too_long": _("对方的回答太长"),
    "sealed": _("本机密钥已换，请重新填写地址"),
    "no_mail_server": _("还没有设置邮件服务器"),
    "mail_refused": _("邮件服务器没有接收"),
    "no_answer": _("发出后没有收到回执"),
}


def words(code: str) -> str:
    """What went wrong, for the office."""
    if code in REASONS:
        return gettext(REASONS[code])
    if code.startswith("errcode_"):
        return gettext("对方没有接收，代码%(code)s") % {"code": code.removeprefix("errcode_")}
    return gettext("对方没有接收（%(code)s）") % {"code": code} if code else ""
