"""Editing units, persons, posts, site parties and regions: the office's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.people import unit_acts, unit_forms
from weicheng.people.models import Person, Post, Unit
from weicheng.people.permissions import may_edit_unit, may_name_head
from weicheng.places.models import Region, Site
from weicheng.places.permissions import may_edit_in


@audience("office")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    return _unit(request, None)


@audience("office")
def unit_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a unit."""
    return _unit(request, _own_unit(request, pk))


def _own_unit(request: HttpRequest, pk: UUID) -> Unit:
    rows = Unit.objects.visible_to(request.user).select_related("region", "parent")
    unit = get_object_or_404(rows, pk=pk)
    if not may_edit_unit(request.user, unit):
        raise Http404
    return unit


def _unit(request: HttpRequest, unit: Unit | None) -> HttpResponse:
    form = unit_forms.UnitForm(request.POST or None, user=request.user, unit=unit)
    if request.method == "POST" and form.is_valid():
        return _saved(request, str(form.save()), _page("command:unit", form_unit(form)))
    title = _("修改单位") if unit else _("加单位")
    back = _page("command:unit", unit.pk) if unit else _page("command:units")
    return _ask(request, form, title=title, back=back)


def form_unit(form: unit_forms.UnitForm) -> UUID:
    """The id of the unit that a form has just written."""
    found = Unit.objects.get(name=form.cleaned_data["name"], region=form.cleaned_data["region"])
    return found.pk


@audience("office")
def post_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add somebody to a unit."""
    unit = _own_unit(request, pk)
    form = unit_forms.PersonForm(request.POST or None, user=request.user)
    if not may_name_head(request.user, unit):
        del form.fields["is_head"]
    back = _page("command:unit", unit.pk)
    if request.method == "POST" and form.is_valid():
        return _saved(request, str(form.save(unit)), back)
    title = _("给%(unit)s加人") % {"unit": unit}
    return _ask(request, form, title=title, back=back)


def _own_person(request: HttpRequest, pk: UUID) -> Person:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not unit_acts.may_edit_person(request.user, person):
        raise Http404
    return person


@audience("office")
def person_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a person; the posts stand below with their ends."""
    person = _own_person(request, pk)
    first = {"name": person.name, "phone": person.phone, "title": person.title}
    form = unit_forms.PersonEdit(request.POST or None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        return _saved(request, str(form.save(person)), request.path)
    return _person(request, person, form, unit_forms.PostForm(user=request.user))


@audience("office")
@require_POST
def post_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Post a person to one more unit."""
    person = _own_person(request, pk)
    form = unit_forms.PostForm(request.POST, user=request.user)
    if form.is_valid() and may_edit_unit(request.user, form.cleaned_data["unit"]):
        form.save(person)
        return _saved(request, str(person), reverse("people:person_edit", args=[pk]))
    first = {"name": person.name, "phone": person.phone, "title": person.title}
    return _person(request, person, unit_forms.PersonEdit(user=request.user, initial=first), form)


def _person(request: HttpRequest, person: Person, form: Any, post_form: Any) -> HttpResponse:
    units = Unit.objects.visible_to(request.user)
    posts = person.posts.filter(unit__in=units).select_related("unit__region")
    context = {
        "person": person, "form": form, "post_form": post_form,
        "posts": posts.order_by("until", "sort"), "units": form.units,
    }  # fmt: skip
    return render(request, "people/units_person.html", context)


@audience("office")
@require_POST
def post_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A post ends today."""
    units = Unit.objects.visible_to(request.user)
    rows = Post.objects.filter(unit__in=units, until=None).select_related("unit__region", "person")
    post = get_object_or_404(rows, pk=pk)
    if not may_edit_unit(request.user, post.unit):
        raise Http404
    unit_acts.end_post(by=request.user, post=post)
    toasts.leave(request, _("%(person)s 在%(unit)s的任职已结束") % {
        "person": post.person, "unit": post.unit,
    })  # fmt: skip
    return HttpResponseRedirect(_page("command:unit", post.unit_id))


@audience("office")
def site_parties(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who answers for a site."""
    rows = Site.objects.visible_to(request.user).select_related("region")
    site = get_object_or_404(rows, pk=pk)
    if not may_edit_in(request.user, site.region):
        raise Http404
    form = unit_forms.PartiesForm(request.POST or None, user=request.user, site=site)
    back = _page("command:site", site.pk)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _saved(request, site.name, back)
    context = {"form": form, "site": site, "back": back, "units": form.units}
    return render(request, "people/units_parties.html", context)


@audience("office")
@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """The regions of the office, as a tree of codes."""
    rows = Region.objects.visible_to(request.user).defer("polygon").order_by("code")
    return render(request, "people/units_regions.html", {"regions": rows})


@audience("office")
def region_new(request: HttpRequest) -> HttpResponse:
    """Add a region."""
    return _region(request, None)


@audience("office")
def region_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a region."""
    region = get_object_or_404(Region.objects.visible_to(request.user), pk=pk)
    if not may_edit_in(request.user, region):
        raise Http404
    return _region(request, region)


def _region(request: HttpRequest, region: Region | None) -> HttpResponse:
    form = unit_forms.RegionForm(request.POST or None, user=request.user, region=region)
    back = reverse("people:regions")
    if request.method == "POST" and form.is_valid():
        return _saved(request, str(form.save()), back)
    return _ask(request, form, title=_("修改辖区") if region else _("加辖区"), back=back)


def _ask(request: HttpRequest, form: Any, *, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "units": form.units}
    return render(request, "people/units_form.html", context)


def _saved(request: HttpRequest, name: str, where: str) -> HttpResponse:
    toasts.leave(request, _("%(name)s 已保存") % {"name": name})
    return HttpResponseRedirect(where)


def _page(name: str, *args: Any) -> str:
    """A page of a room above this one; the list of regions where it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse("people:regions")
