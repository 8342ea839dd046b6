"""One's own account: password, authenticator, running sessions."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import SECOND_FACTOR, audience
from weicheng.people import codes, passwords, sessions, tries
from weicheng.people.login_forms import CodeForm, PasswordForm
from weicheng.people.login_views import ENROLLING, secret_of, too_many
from weicheng.people.models import User


@audience("signed_in")
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, and the doors to my account."""
    user = cast(User, request.user)
    context = {
        "units": user.working_units(),
        "enrolled": codes.is_enrolled(user),
        "sessions": sessions.of(user),
        "this_session": request.session.session_key,
    }
    return render(request, "people/me.html", context)


@audience("signed_in")
@sensitive_post_parameters("old", "new", "again")
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other sessions end with the old one."""
    user = cast(User, request.user)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and _old_is_right(user, form):
        passwords.take(user, form.cleaned_data["new"])
        update_session_auth_hash(request, user)
        sessions.end_others(user, request.session.session_key)
        if "old" not in form.fields:  # the first password: on to the work
            return HttpResponseRedirect("/")
        toasts.leave(request, _("密码已更换，其他设备上的登录已退出"))
        return HttpResponseRedirect(reverse("people:me"))
    return render(request, "people/me_password.html", {"form": form})


def _old_is_right(user: User, form: PasswordForm) -> bool:
    if "old" not in form.fields:
        return True
    wait = tries.admit("account", user.username, tries.PER_ACCOUNT)
    if wait:
        form.add_error("old", too_many(wait))
        return False
    if not user.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("现在的密码不对"))
        return False
    tries.forgive("account", user.username)
    return True


@audience("signed_in")
@sensitive_post_parameters("code", "current")
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator; where one is in use, its code is asked first."""
    user = cast(User, request.user)
    if codes.is_enrolled(user) and not request.session.get(_MAY_RENEW):
        return _ask_current(request, user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sealed = request.session.get(ENROLLING)
        shown = (
            codes.enrol(user, codes.unseal(sealed), form.cleaned_data["code"]) if sealed else None
        )
        if shown:
            for key in (ENROLLING, _MAY_RENEW):
                request.session.pop(key, None)
            request.session[SECOND_FACTOR] = "totp"
            context = {"codes": shown, "next": reverse("people:me")}
            return render(request, "people/login_recovery.html", context)
        form.add_error("code", _("验证码不对或已用过，请等下一个再填"))
    return render(request, "people/login_enrol.html", {"form": form, **secret_of(request, user)})


_MAY_RENEW = "may_renew"


def _ask_current(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wait = tries.admit("code", str(user.pk), tries.PER_CODE)
        if not wait and codes.accept(user, form.cleaned_data["code"]):
            tries.forgive("code", str(user.pk))
            request.session[_MAY_RENEW] = True
            return HttpResponseRedirect(reverse("people:second_factor"))
        words = too_many(wait) if wait else _("验证码不对或已用过，请等下一个再填")
        form.add_error("code", words)
    return render(request, "people/login_code.html", {"form": form, "renewing": True})


@audience("signed_in")
@require_POST
def end_session(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End one of my sessions."""
    if not sessions.end(request.user, public_id):
        raise Http404
    toasts.leave(request, _("那台设备上的登录已退出"))
    return HttpResponseRedirect(reverse("people:me"))


@audience("signed_in")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    sessions.end_others(request.user, request.session.session_key)
    toasts.leave(request, _("其他设备上的登录已全部退出"))
    return HttpResponseRedirect(reverse("people:me"))
