"""Words of leads: when something was said, by which words a kind was told, what a photo shows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.intake import guesses
from weicheng.triage.outside import where_outside
from weicheng.triage.words import how_sure

if TYPE_CHECKING:
    from weicheng.intake.models import Lead

register = template.Library()


@register.filter
def said(at: datetime) -> str:
    """The original day, short: 11月20日 08:30 this year, 2019年2月28日 before."""
    local = timezone.localtime(at)
    if local.year == timezone.localdate().year:
        values = {"m": local.month, "d": local.day, "t": f"{local:%H:%M}"}
        return gettext("%(m)s月%(d)s日 %(t)s") % values
    values = {"y": local.year, "m": local.month, "d": local.day}
    return gettext("%(y)s年%(m)s月%(d)s日") % values


@register.filter
def said_exactly(at: datetime) -> str:
    """The original moment with its year."""
    local = timezone.localtime(at)
    values = {"y": local.year, "m": local.month, "d": local.day, "t": f"{local:%H:%M}"}
    return gettext("%(y)s年%(m)s月%(d)s日 %(t)s") % values


@register.filter
def own_id(key: str) -> str:
    """The number that the sender's system gave, nothing for our fingerprints."""
    return "" if key.startswith("#") or len(key) == 32 else key


@register.filter
def said_words(words: list[str]) -> str:
    """“垃圾、楼道”."""
    return gettext("、").join(word.replace("+", gettext("和")) for word in words[:4])


@register.filter
def sure_words(confidence: float) -> str:
    """很像, 可能 or 不确定."""
    return how_sure(confidence)


@register.filter
def guess(lead: Lead) -> str:
    """What a lead seems to be, in a line."""
    return guesses.line(guesses.code(vars(lead)))


@register.filter
def where_to(lead: Lead) -> str:
    """“住建部门”: who deals with what is not the campaign's matter; empty for what is."""
    return "" if lead.outside is None else str(where_outside(lead.outside))


@register.simple_tag
def photo_words(lead: Lead, number: int) -> str:
    """“照片2：楼道堆放杂物（张×，11月20日 08:30）”."""
    values = {"n": number, "words": str(lead)[:30], "who": lead.author, "at": said(lead.said_at)}
    return gettext("照片%(n)s：%(words)s（%(who)s %(at)s）") % values
