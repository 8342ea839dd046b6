"""The tags of every page: icons, statuses, flags, deadlines, moments, paging, fields and toasts."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from weicheng.frame import moments, toasts
from weicheng.frame.words import CERTAINTIES, FLAGS, STATUSES

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawn sign; it never stands without a word."""
    return _drawn(name, settings.STATIC_URL)


@cache
def _drawn(name: str, _root: str) -> SafeString:
    sheet = static("frame/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        sheet,
        name,
    )


@register.simple_tag
def status(value: str) -> SafeString:
    """One of the five statuses: new, run, check, done, long."""
    return _status(str(value), get_language() or "")


@cache
def _status(value: str, _language: str) -> SafeString:
    sign, word = STATUSES[value]
    return format_html('<span class="status status-{}">{}{}</span>', value, icon(sign), word)


@register.simple_tag
def flag(kind: str, n: Any = "") -> SafeString:
    """An adjective of a problem; the kinds stand in weicheng.frame.words.FLAGS."""
    sign, suffix, word = FLAGS[kind]
    shape = f"flag flag-{suffix}" if suffix else "flag"
    return format_html('<span class="{}">{}{}</span>', shape, icon(sign), str(word) % {"n": n})


@register.simple_tag
def time_flag(due: datetime | None, now: datetime | None = None) -> SafeString | str:
    """The flag about time: 超期2天, 剩6小时, or nothing while there is time."""
    if due is None:
        return ""
    found = moments.left(due, now)
    if not found.kind:
        return ""
    sign = "clock" if found.kind == "late" else "alert"
    words = found.words.replace(" ", "", 1)
    return format_html('<span class="flag flag-{}">{}{}</span>', found.kind, icon(sign), words)


@register.inclusion_tag("frame/deadline.html")
def deadline(
    due: datetime | None, now: datetime | None = None, since: datetime | None = None
) -> dict[str, Any]:
    """What is left, the exact moment and, with `since`, the bar of the time used."""
    return {"left": moments.left(due, now, since) if due else None}


@register.simple_tag
def certainty(value: str) -> SafeString:
    """How sure a figure of the standard is: confirmed, recalled, default."""
    return format_html(
        '<span class="certainty certainty-{}">{}</span>', value, CERTAINTIES[str(value)]
    )


@register.filter
def moment(at: date | datetime | None) -> str:
    """“12月3日 周四 16:00”; today “今天 16:00”."""
    return moments.moment(at)


@register.filter
def left(due: datetime | None) -> moments.Left | None:
    """What is left of a deadline, for pages that draw it themselves (.kind .words .exact)."""
    return moments.left(due) if due else None


@register.filter
def percent(part: float, whole: float) -> int:
    """A whole percentage 0–100, for the width classes w-0 … w-100."""
    return min(max(round(100 * part / whole), 0), 100) if whole else 0


@register.inclusion_tag("frame/keyset.html", takes_context=True)
def keyset(context: template.Context, paging: Any) -> dict[str, Any]:
    """Links to the rows before and after (see weicheng.frame.paging), keeping the filters."""
    kept = context["request"].GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return {"paging": paging, "kept": kept.urlencode()}


@register.inclusion_tag("frame/wrong_box.html")
def wrong_box(form: BaseForm) -> dict[str, Any]:
    """The box above a form: how many places need a change, each a link to its field."""
    wrong = [(field.id_for_label or field.auto_id, field.errors) for field in form if field.errors]
    general = form.non_field_errors()
    return {"wrong": wrong, "general": general, "count": len(wrong) + len(general)}


@register.inclusion_tag("frame/field.html")
def field(bound: BoundField, **attrs: str) -> dict[str, Any]:
    """One field: label, hint, error; extra attributes go to the control (data_x: data-x)."""
    named = {name.replace("_", "-"): value for name, value in attrs.items()}
    return {"field": bound, "attrs": named}


@register.simple_tag
def control(bound: BoundField, attrs: dict[str, str] | None = None) -> SafeString:
    """The control of a field, tied to its hint and its error for screen readers."""
    found: dict[str, str | bool] = dict(attrs or {})
    if getattr(bound.field.widget, "input_type", "") not in {"radio", "checkbox", "hidden"}:
        own = (str(a.get("class", "")) for a in (found, bound.field.widget.attrs))
        found["class"] = " ".join(["input", *filter(None, own)])
    named = [f"{bound.id_for_label}_hint"] if bound.help_text else []
    if bound.errors:
        named.append(f"{bound.id_for_label}_error")
        found["aria-invalid"] = "true"
    if named:
        found["aria-describedby"] = " ".join(named)
    return bound.as_widget(attrs=found)


@register.filter
def is_choice(bound: BoundField) -> bool:
    """Whether the field is a set of picks (radios or several check boxes)."""
    return bool(bound.use_fieldset)


@register.filter
def is_tick(bound: BoundField) -> bool:
    """Whether the field is a single check box."""
    return isinstance(bound.field.widget, CheckboxInput)


@register.inclusion_tag("frame/toasts.html", takes_context=True)
def toast_place(context: template.Context, oob: bool = False) -> dict[str, Any]:
    """The notes left by the last act; with oob=True also fit for an htmx fragment."""
    request = context["request"]
    return {"toasts": toasts.take(request), "oob": oob, "csrf_token": context.get("csrf_token")}
