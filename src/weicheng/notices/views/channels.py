"""The page of channels: group robots, private hosts that two approve, what did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal import outbox
from weicheng.journal.ids import uuid7
from weicheng.notices import acts, jobs, mail, permissions, pushing
from weicheng.notices.forms import ChannelForm, HostForm
from weicheng.notices.models import Channel, Delivery, PrivateHost
from weicheng.notices.reasons import words
from weicheng.notices.words import DeliveryState
from weicheng.people.models import Person

KEEPERS = ("office", "admin")


@audience(*KEEPERS)
@sensitive_post_parameters("url", "secret")
def page(request: HttpRequest) -> HttpResponse:
    """All channels of the district; a new one by POST."""
    form = ChannelForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and form.made is not None:
        toasts.leave(request, _("已接通道“%(name)s”，请发一条测试消息") % {"name": form.made})
        return _back()
    now = timezone.now()
    shown = permissions.channels_of(request.user).select_related("unit", "region")
    return render(
        request,
        "notices/channels.html",
        {
            "form": form, "host_form": HostForm(), "channels": [_row(c, now) for c in shown],
            "hosts": [_host(request.user, h) for h in _hosts()],
            "lost": _lost(request.user, now), "stuck": outbox.stuck(), "fresh_id": uuid7(),
            "mail": mail.is_set_up(),
        },
    )  # fmt: skip


def _row(channel: Channel, now: datetime) -> dict[str, Any]:
    tests = Delivery.objects.filter(channel=channel, kind=Delivery.Kind.TEST)
    test = tests.order_by("-planned_at").first()
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
    return {
        "channel": channel, "test": test, "waiting": waiting.count(),
        "why": words(test.error) if test and test.error else "",
        "trouble": words(channel.error) if channel.fails else "",
        "is_open": channel.fails >= pushing.FAILS_THAT_OPEN,
    }  # fmt: skip


def _hosts() -> Any:
    return PrivateHost.objects.select_related("proposed_by__person", "approved_by__person")


def _host(user: Any, entry: PrivateHost) -> tuple[PrivateHost, bool]:
    return entry, permissions.may_approve(user, entry)


def _lost(user: Any, now: datetime) -> list[tuple[Delivery, Person | None, str, str]]:
    """未送达 of this keeper's regions, each with somebody to call and why."""
    regions = set(permissions.regions_of(user).values_list("pk", flat=True))
    found = []
    for row in pushing.undelivered(now=now):
        if row.channel.region_id not in regions:
            continue
        unit = row.channel.unit
        person = row.channel.person or (unit and (unit.contact or unit.head))
        phone = (person.phone if person else "") or (unit.phone if unit else "")
        found.append((row, person or None, phone, words(row.error)))
    return found


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("notices:channels"))


@audience(*KEEPERS)
@require_POST
def act(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Test, pause, resume or remove one channel."""
    channel = get_object_or_404(permissions.channels_of(request.user), pk=pk)
    deed = ACTS.get(what)
    if deed is None:
        raise Http404
    toasts.leave(request, deed(request, channel))
    return _back()


def _test(request: HttpRequest, channel: Channel) -> str:
    try:
        key = UUID(request.POST.get("op_id", ""))
    except ValueError:
        key = uuid7()
    acts.test(channel, key=key, now=timezone.now())
    jobs.defer(channel.pk)
    return _("测试消息已交出，几秒后刷新看结果")


def _pause(_request: HttpRequest, channel: Channel) -> str:
    acts.switch(channel, active=False)
    return _("通道已停用")


def _resume(_request: HttpRequest, channel: Channel) -> str:
    acts.switch(channel, active=True)
    return _("通道已启用")


def _remove(_request: HttpRequest, channel: Channel) -> str:
    channel.delete()
    return _("通道已删除，地址一并销毁")


ACTS: dict[str, Callable[[HttpRequest, Channel], str]] = {
    "test": _test, "pause": _pause, "resume": _resume, "remove": _remove,
}  # fmt: skip


@audience(*KEEPERS)
@require_POST
def host_new(request: HttpRequest) -> HttpResponse:
    """Propose a private host."""
    form = HostForm(request.POST)
    made = form.is_valid() and acts.propose(
        host=form.cleaned_data["host"].strip().lower(), port=form.cleaned_data["port"],
        note=form.cleaned_data["note"], by=request.user, now=timezone.now(),
    )  # fmt: skip
    said = _("已登记，等另一个人批准") if made else _("主机名写法不对或已登记过，没有保存")
    toasts.leave(request, said)
    return _back()


@audience(*KEEPERS)
@require_POST
def host_act(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Approve a private host as the second person, or take it off the list."""
    entry = get_object_or_404(_hosts(), pk=pk)
    if what == "approve":
        done = acts.approve(entry, by=request.user)
        toasts.leave(request, _("已批准") if done else _("要由另一个人批准"))
    elif what == "remove":
        entry.delete()
        toasts.leave(request, _("已撤下，发往那里的消息会停下"))
    else:
        raise Http404
    return _back()
