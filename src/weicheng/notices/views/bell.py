"""The bell's page: one's notices, worst first; opening one marks it as read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.notices import acts, bell, cards
from weicheng.notices.forms import MailForm
from weicheng.notices.models import Channel
from weicheng.notices.words import ChannelSort
from weicheng.people.roles import BLIND, Role

READERS = tuple(str(r) for r in Role if r not in BLIND)
ORDER = ("-unread", "level", "-at", "-id")


@audience(*READERS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What waits for this person, unread and worst first."""
    user: Any = request.user
    now = timezone.now()
    rows = bell.notices_of(user).select_related("problem__kind").defer("problem__search")
    paging = page_of(rows, order=ORDER, query=request.GET)
    told = [(n, cards.sentence(n.sort, n.due_at, now)) for n in paging.rows]
    return render(
        request,
        "notices/bell.html",
        {
            "rows": told, "paging": paging, "unread": bell.unread(user), "now": now,
            "mail": settings.MAIL["host"], "box": _box(user), "mail_form": MailForm(),
        },
    )  # fmt: skip


@audience(*READERS)
@require_POST
def open_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and go to its problem."""
    found = bell.read(request.user, pk)
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("problems:detail", args=[found.problem_id]))


@audience(*READERS)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed; what came later stays unread."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = timezone.now()
    bell.read_all(request.user, until=until if until.tzinfo else timezone.make_aware(until))
    return HttpResponseRedirect(reverse("notices:bell"))


@audience(*READERS)
@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Set or drop one's own mail box."""
    user: Any = request.user
    form = MailForm(request.POST)
    back = HttpResponseRedirect(reverse("notices:bell"))
    unit = next((u for u in user.working_units() if u.region), None)
    if user.person is None or unit is None:
        raise Http404
    if request.POST.get("do") == "drop":
        acts.drop_mail(user.person)
        toasts.leave(request, _("不再发邮件"))
    elif form.is_valid():
        acts.keep_mail(user.person, form.cleaned_data["address"], unit.region)
        toasts.leave(request, _("邮箱已保存"))
    else:
        toasts.leave(request, _("邮箱写法不对，没有保存"))
    return back


def _box(user: Any) -> Channel | None:
    return Channel.objects.filter(sort=ChannelSort.MAIL, person=user.person_id).first()
