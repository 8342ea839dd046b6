"""Pages that show duties: the tree of items, one item row by row, the areas, and the gaps."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.duties import browsing
from weicheng.duties.book import book
from weicheng.duties.permissions import READERS, WATCHERS, may_settle, may_write
from weicheng.duties.vacancies import vacancies
from weicheng.frame.audience import audience
from weicheng.places.models import Region
from weicheng.standards.models import Item


def address(name: str, *args: Any) -> str:
    """A page of this or another room; nothing where it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _root(request: HttpRequest) -> Region:
    root = browsing.root_for(request.user, request.GET.get("region", ""))
    if root is None:
        raise Http404
    return root


def _frame(request: HttpRequest, root: Region) -> dict[str, Any]:
    """What every page of duties shows above its rows."""
    user: Any = request.user
    return {
        "root": root, "roots": browsing.root_choices(user), "today": timezone.localdate(),
        "may_edit": may_write(user, root), "may_watch": user.role in WATCHERS,
        "import_url": address("intake:import") if user.role == "office" else "",
    }  # fmt: skip


@audience(*READERS)
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """责任分解: the 45 items with lead, leader, person, exceptions and marks."""
    root = _root(request)
    page = browsing.tree(book(), request.user, root, timezone.localdate())
    context = {**_frame(request, root), "tree": page}
    return render(request, "duties/tree.html", context)


@audience(*READERS)
@require_safe
def item(request: HttpRequest, key: str) -> HttpResponse:
    """One item: who leads, answers, helps and presses, by area, with the history below."""
    row = next((i for i in browsing.items_for(request.user) if i.key == key), None)
    if row is None:
        raise Http404
    return _rows(request, browsing.clauses_of_item(book(), key), row)


@audience(*READERS)
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Duties for everything at a place: 包街巷, 包小区, 包片, 项目包保, and by site type."""
    return _rows(request, {("", ""), ("type", "*")}, None)


def _rows(request: HttpRequest, clauses: set[tuple[str, str]], row: Item | None) -> HttpResponse:
    root, day = _root(request), timezone.localdate()
    page = browsing.item_page(book(), request.user, root, clauses, day)
    context = {
        **_frame(request, root), "item": row, "page": page,
        "standard_url": address("standards:item", row.key) if row else "",
        "charges": browsing.charges(book(), root, day) if row is None else [],
    }  # fmt: skip
    return render(request, "duties/item.html", context)


@audience(*WATCHERS)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """责任空档: where nobody answers, and what to do about it."""
    root = _root(request)
    found = vacancies(book(), request.user, root, timezone.localdate())
    may = may_settle(request.user, root)
    context = {**_frame(request, root), "found": found, "may_settle": may}
    return render(request, "duties/gaps.html", context)
