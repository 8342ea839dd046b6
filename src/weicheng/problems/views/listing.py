"""The list of problems: filters read as a sentence, the address is the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.people.directory import directory
from weicheng.problems import catalogue, lists
from weicheng.problems.choosing import region_id, regions_for, unit_id, units_for
from weicheng.problems.flags import FILTERS
from weicheng.problems.lists import Page, Wanted
from weicheng.problems.views.asking import BUSINESS
from weicheng.problems.words import Status

#: Filters whose unknown values must not be left out: the list would be longer than asked.
STRICT = ("status", "flag", "kind", "region", "unit")


@require_safe
@audience(*BUSINESS)
def index(request: HttpRequest) -> HttpResponse:
    """GET /problems/?status&flag&kind&region&unit&q&after|before."""
    user: Any = request.user
    wanted = wanted_of(request.GET, user)
    now = timezone.now()
    found = lists.page(
        user, wanted, now=now,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    return render(
        request,
        "problems/list.html",
        {
            "page": found, "wanted": wanted, "now": now, "sentence": sentence(wanted),
            "total": total_words(found), "chips": chips(request.GET, wanted),
            **_choices(user, wanted),
        },
    )  # fmt: skip


def wanted_of(query: QueryDict, user: Any) -> Wanted:
    """The filters that an address asks for; what nobody knows is 404, never all."""
    status, flag = query.get("status", ""), query.get("flag", "")
    kind = query.get("kind", "")
    wanted = Wanted(
        status=status if status in {"open", *Status.values} else "",
        flag=flag if flag in FILTERS else "",
        kind=kind if kind in catalogue.kinds() else "",
        region=region_id(user, query.get("region", "")),
        unit=unit_id(user, query.get("unit", "")),
        words=query.get("q", "").strip()[:60],
        oldest=query.get("order") == "oldest",
    )
    if any(query.get(name) and not getattr(wanted, name) for name in STRICT):
        raise Http404
    return wanted


def _choices(user: Any, wanted: Wanted) -> dict[str, Any]:
    book = directory()
    return {
        "statuses": [("open", gettext("未销号")), *Status.choices],
        "flags": list(FILTERS.items()),
        "kinds": list(catalogue.kinds().values()),
        "regions": regions_for(user),
        "units": units_for(user),
        "unit": book.units.get(wanted.unit) if wanted.unit else None,
    }


def sentence(wanted: Wanted) -> str:
    """The filters as the reader would say them: “红叶镇的超期垃圾桶满溢问题”."""
    book = directory()
    region = book.regions[wanted.region].name if wanted.region else ""
    unit = str(book.units[wanted.unit]) if wanted.unit else ""
    said = gettext("%(region)s%(unit)s%(status)s%(flag)s%(kind)s问题%(words)s") % {
        "region": gettext("%(name)s的") % {"name": region} if region else "",
        "unit": gettext("%(name)s的") % {"name": unit} if unit else "",
        "flag": FILTERS[wanted.flag] if wanted.flag else "",
        "status": _status_word(wanted.status),
        "kind": catalogue.name(wanted.kind) if wanted.kind else "",
        "words": gettext("，含“%(words)s”") % {"words": wanted.words} if wanted.words else "",
    }
    return gettext("全部问题") if wanted.is_all() else said


def _status_word(status: str) -> str:
    if status == "open":
        return gettext("未销号")
    return str(Status(status).label) if status else ""


def total_words(page: Page) -> str:
    """“214件”, “1000+件”, or nothing on a later piece."""
    if page.is_many():
        return gettext("%(n)s+件") % {"n": page.bound}
    return gettext("%(n)s件") % {"n": page.total} if page.total else ""


@dataclass(frozen=True)
class Chip:
    """One filter in force, and the address without it."""

    words: str
    without: str


def chips(query: QueryDict, wanted: Wanted) -> list[Chip]:
    """The filters in force, each to be taken away by one tap."""
    book = directory()
    words = {
        "region": book.regions[wanted.region].name if wanted.region else "",
        "unit": str(book.units[wanted.unit]) if wanted.unit else "",
        "flag": str(FILTERS[wanted.flag]) if wanted.flag else "",
        "status": _status_word(wanted.status),
        "kind": catalogue.name(wanted.kind) if wanted.kind else "",
        "q": wanted.words,
    }
    return [Chip(text, _without(query, name)) for name, text in words.items() if text]


def _without(query: QueryDict, name: str) -> str:
    kept = query.copy()
    for gone in (name, "after", "before"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"
