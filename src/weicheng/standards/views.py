"""Pages of the standard: browse and search for everybody, edit for the office."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.once import ForeignOperation

from . import beside, browsing, edits, permissions
from .forms import ItemForm, KindForm
from .labels import Duty, verification_lines
from .models import CitySize, Item, KindCode, ProblemKind, Proof, Revision, SiteType, Standard
from .refusals import Refused


def _standard(request: HttpRequest) -> Standard:
    found = browsing.current(request.user)
    if found is None:
        raise Http404
    return found


def _revisions(standard: Standard, key: str = "") -> list[Revision]:
    rows = Revision.objects.filter(standard=standard)
    rows = rows.filter(item_key=key) if key else rows
    return list(rows.select_related("operation__actor__person")[:50])


@require_safe
@audience("signed_in")
def index(request: HttpRequest) -> HttpResponse:
    """The tree of aspects and items, a search, and beside it the chosen item."""
    standard = browsing.current(request.user)
    if standard is None:
        return render(request, "standards/none.html")
    text = request.GET.get("q", "").strip()[:40]
    chosen = None
    if key := request.GET.get("item"):
        chosen = get_object_or_404(browsing.items_of(standard), key=key)
    national = standard.indicators.exclude(level="local")
    context = {
        "standard": standard,
        "tree": browsing.tree(standard),
        "sheets": standard.sheets.all(),
        "q": text,
        "found": browsing.search(standard, text) if text else None,
        "chosen": chosen,
        "indicators": national.filter(item=chosen) if chosen else [],
        "targets": standard.indicators.filter(level="local").select_related("target_of"),
        "may_edit": not permissions.refusal(request.user),
    }
    return render(request, "standards/index.html", context)


@require_safe
@audience("signed_in")
def item(request: HttpRequest, key: str) -> HttpResponse:
    """One item whole: demand, sources, data indicators, checks by site type, edits."""
    standard = _standard(request)
    row = get_object_or_404(browsing.items_of(standard), key=key)
    context = {
        "standard": standard,
        "item": row,
        "indicators": row.indicators.exclude(level="local").prefetch_related("local_targets"),
        "checks": row.checks.select_related("site_type").order_by("site_type__order", "order"),
        "kinds": ProblemKind.objects.visible_to(request.user).filter(item_key=key, active=True),
        "revisions": _revisions(standard, key),
        "may_edit": not permissions.refusal(request.user),
        "panels": beside.panels(request.user, key),
    }
    return render(request, "standards/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def item_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The office corrects an item; saving makes a new version of the standard."""
    standard = _standard(request)
    row: Item = get_object_or_404(Item.objects.filter(standard=standard), key=key)
    form = ItemForm(request.POST) if request.method == "POST" else ItemForm.opened(row)
    if request.method == "POST" and form.is_valid() and _saved_item(request, form, standard, key):
        return redirect("standards:item", key=key)
    context = {"form": form, "item": row, "standard": standard}
    return render(request, "standards/item_edit.html", context, status=_status(form))


def _saved_item(request: HttpRequest, form: ItemForm, standard: Standard, key: str) -> bool:
    asked = {"op_id": form.cleaned_data["op_id"], "seen": form.cleaned_data["seen"]}
    try:
        made = edits.revise_item(
            by=_user(request), standard=standard, item_key=key, changes=form.changes(), **asked
        )
    except Refused as wrong:
        form.add_error(None, wrong.sentence())
        return False
    except ForeignOperation as wrong:
        raise Http404 from wrong
    toasts.leave(request, gettext("已保存，标准升到第%(n)s版") % {"n": made.number})
    return True


@require_safe
@audience("signed_in")
def versions(request: HttpRequest) -> HttpResponse:
    """Every office edit of the standard with its diff, newest first."""
    standard = _standard(request)
    names = dict(standard.items.values_list("key", "name_zh"))
    english = dict(standard.items.values_list("key", "name_en"))
    revisions = _revisions(standard)
    for row in revisions:
        vars(row).update(name_zh=names.get(row.item_key), name_en=english.get(row.item_key))
    context = {"standard": standard, "revisions": revisions}
    return render(request, "standards/versions.html", context)


@require_safe
@audience("signed_in")
def site_types(request: HttpRequest) -> HttpResponse:
    """Site types by aspect with the numbers to be drawn."""
    standard = _standard(request)
    rows = browsing.site_types(standard)
    totals = {
        size: sum(row.__dict__["numbers"].get(size, 0) for row in rows) for size in CitySize.values
    }
    sizes = [(value, CitySize(value).label, totals[value]) for value in CitySize.values]
    context = {"standard": standard, "types": rows, "sizes": sizes}
    return render(request, "standards/site_types.html", context)


@require_safe
@audience("signed_in")
def site_type(request: HttpRequest, key: str) -> HttpResponse:
    """The check sheet of a site type."""
    row = get_object_or_404(SiteType.objects.visible_to(request.user), key=key)
    quotas = sorted(row.quotas.all(), key=lambda quota: CitySize.values.index(quota.city_size))
    context = {"type": row, "checks": row.checks.select_related("item"), "quotas": quotas}
    return render(request, "standards/site_type.html", context)


@require_safe
@audience("signed_in")
def kinds(request: HttpRequest) -> HttpResponse:
    """The catalogue of problem kinds by group."""
    rows: QuerySet[ProblemKind] = ProblemKind.objects.visible_to(request.user)
    text = request.GET.get("q", "").strip()[:40]
    if text:
        rows = browsing.kinds_with(rows, text)
    tag = request.GET.get("tag", "")
    if tag in ("净", "序", "证"):
        rows = rows.filter(tag=tag)
    codes = Prefetch("codes", KindCode.objects.filter(code_set__valid_to=None))
    context = {
        "kinds": rows.prefetch_related(codes).order_by("order", "key"),
        "q": text,
        "tag": tag,
        "tags": ProblemKind._meta.get_field("tag").choices,
        "may_edit": not permissions.refusal(request.user),
    }
    return render(request, "standards/kinds.html", context)


@require_safe
@audience("signed_in")
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """One problem kind whole, with its edits."""
    row = get_object_or_404(ProblemKind.objects.visible_to(request.user), key=key)
    context = {
        "kind": row,
        "item": Item.objects.visible_to(request.user).filter(key=row.item_key).first(),
        "codes": row.codes.select_related("code_set"),
        "proofs": [str(Proof(word).label) for word in row.proof],
        "levels": verification_lines(row),
        "duties": [Duty.of(duty) for duty in row.obligations],
        "checks": row.checks.select_related("site_type"),
        "revisions": row.revisions.select_related("operation__actor__person")[:50],
        "may_edit": not permissions.refusal(request.user),
    }
    return render(request, "standards/kind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def kind_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The office changes what a kind suggests."""
    row = get_object_or_404(ProblemKind.objects.visible_to(request.user), key=key)
    form = KindForm(request.POST) if request.method == "POST" else KindForm.opened(row)
    if request.method == "POST" and form.is_valid() and _saved_kind(request, form, row):
        return redirect("standards:kind", key=key)
    context = {"form": form, "kind": row}
    return render(request, "standards/kind_edit.html", context, status=_status(form))


def _saved_kind(request: HttpRequest, form: KindForm, row: ProblemKind) -> bool:
    asked = {"op_id": form.cleaned_data["op_id"], "seen": form.cleaned_data["seen"]}
    try:
        edits.revise_kind(by=_user(request), kind_key=row.key, changes=form.changes(row), **asked)
    except Refused as wrong:
        form.add_error(None, wrong.sentence())
        return False
    except ForeignOperation as wrong:
        raise Http404 from wrong
    toasts.leave(request, gettext("已保存"))
    return True


def _user(request: HttpRequest) -> Any:
    return request.user


def _status(form: ItemForm | KindForm) -> int:
    """422 for a form that came back, so that htmx and tests can tell."""
    return 422 if form.is_bound else 200
