"""Tags of problem rows and cards: flags, pictures, and the words that describe a picture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from weicheng.frame.moments import moment
from weicheng.frame.templatetags import frame
from weicheng.problems.flags import MOST, OWN, URGENT, Flag, flags_of
from weicheng.problems.on_the_spot import on_the_spot

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.problems.models import Problem

register = template.Library()


@register.simple_tag
def problem_flags(problem: Problem, now: datetime | None = None, most: int = MOST) -> SafeString:
    """The flags of a problem, at most ``most``, the most urgent first."""
    now = now or timezone.now()
    drawn = [_drawn(f, now) for f in flags_of(problem, now)]
    return format_html_join("", "{}", [(d,) for d in drawn if d][:most])


def _drawn(flag: Flag, now: datetime) -> SafeString | str:
    if flag.kind == "time":
        return frame.time_flag(flag.value, now)
    if flag.is_own():
        sign, word = OWN[flag.kind]
        shape = "flag flag-late" if flag.kind in URGENT else "flag"
        return format_html('<span class="{}">{}{}</span>', shape, frame.icon(sign), word)
    if flag.kind == "leader":
        return format_html(
            '<span class="flag flag-leader">{}{}</span>', frame.icon("pen"), gettext("领导交办")
        )
    return frame.flag(flag.kind, flag.value)


@register.inclusion_tag("problems/on_the_spot.html")
def problem_on_the_spot(problem: Problem) -> dict[str, Any]:
    """What was spoken when it was found, and what is odd about the times."""
    return {"found": on_the_spot(problem)}


@register.simple_tag
def choices(pairs: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """Options of a long list at a tenth of the price of a loop: (value, words), one chosen."""
    known, told = tuple((str(value), str(words)) for value, words in pairs), str(chosen or "")
    at = next((n for n, (value, _words) in enumerate(known) if value == told), None)
    if at is None:
        return _options(known)
    return format_html(
        '{}<option value="{}" selected>{}</option>{}',
        _options(known[:at]), *known[at], _options(known[at + 1 :]),
    )  # fmt: skip


@lru_cache(maxsize=128)
def _options(pairs: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', pairs)


@register.filter
def by_name(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Regions or kinds as pairs for ``choices``."""
    return [(row.pk, str(row)) for row in rows]


@register.filter
def unit_pairs(units: Iterable[Any]) -> list[tuple[str, str]]:
    """Units by their full names, found by short name or pinyin."""
    return [(u.name, f"{u.short_name} {u.pinyin}".strip()) for u in units]


@register.simple_tag
def picture(attachment: Attachment | None, size: str = "thumb", alt: str = "") -> SafeString | str:
    """A served copy of a picture, loaded when it comes into view; nothing for an erased one."""
    if attachment is None or attachment.erased_at is not None or attachment.blob is None:
        return ""
    blob = attachment.blob
    address = reverse("evidence:serve", args=[attachment.pk, size])
    return format_html(
        '<img class="picture" src="{}" alt="{}" loading="lazy" decoding="async"'
        ' width="{}" height="{}">',
        address, alt, blob.width or 4, blob.height or 3,
    )  # fmt: skip


@register.simple_tag
def picture_words(problem: Problem, attachment: Attachment | None, stage: str) -> str:
    """“整改前：张家沟小区 垃圾桶满溢（12月3日 周四 09:41）”."""
    names = {"before": gettext("整改前"), "after": gettext("整改后")}
    taken = (attachment.taken_at or attachment.created_at) if attachment else None
    return gettext("%(stage)s：%(title)s（%(at)s）") % {
        "stage": names.get(stage, gettext("照片")), "title": problem.title(), "at": moment(taken),
    }  # fmt: skip


@register.filter
def day(at: datetime | None) -> str:
    """The local day of a moment."""
    return moment(timezone.localdate(at)) if at else ""


@register.filter
def quantity(problem: Any) -> str:
    """“12处”, or nothing where nothing was counted."""
    if problem.quantity is None:
        return ""
    number = problem.quantity.normalize()
    return f"{number:f}{problem.quantity_unit}"


@register.filter
def dial(phone: str) -> str:
    """A phone number as a tel: link takes it."""
    return "".join(c for c in phone if c.isdigit() or c == "+")
