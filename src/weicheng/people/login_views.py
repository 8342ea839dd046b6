"""Log-in by password, second factor or one-time link, and log-out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from weicheng.frame import moments
from weicheng.frame.audience import SECOND_FACTOR, audience, lacks_second_factor
from weicheng.frame.navigation import home
from weicheng.people import codes, links, passwords, sessions, tries
from weicheng.people.login_forms import CodeForm, LoginForm
from weicheng.people.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING_MINUTES = 10
ENROLLING = "enrolling"  # session key: the sealed secret being set up
_PENDING = "pending"
#: Tells pages that a browser kept who signed in last, and when (ms): a kept page may be another's.
SIGNED_IN = "weicheng_signed_in"
YEAR = timedelta(days=365)


@audience("public")
@sensitive_post_parameters("password")
@never_cache
def login_page(request: HttpRequest) -> HttpResponse:
    """Account and password."""
    if request.user.is_authenticated and not lacks_second_factor(request):
        return HttpResponseRedirect(_back(request))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _checked(request, form)
        if user is not None:
            return _go_on(request, user, _back(request))
    next_page = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "next": next_page, "ended": "ended" in request.GET}
    return render(request, "people/login.html", context)


def _checked(request: HttpRequest, form: LoginForm) -> User | None:
    """The account, or None with the reason in the form: the same for known and unknown names."""
    name, address = form.cleaned_data["username"], _address(request)
    wait = tries.admit("address", address, tries.PER_ADDRESS)
    wait = wait or tries.admit("account", name, tries.PER_ACCOUNT)
    if wait:
        form.add_error(None, too_many(wait))
        return None
    user = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        form.add_error(None, _ended(form) or _("账号或密码不对，请核对后再试"))
        return None
    tries.forgive("account", name)
    tries.take_back("address", address)
    return user


def _ended(form: LoginForm) -> str:
    """The sentence for a temporary account that has ended, only for who knows its password."""
    user = User.objects.filter(username=form.cleaned_data["username"]).first()
    if user is None or not user.has_ended:
        return ""
    if not user.check_password(form.cleaned_data["password"]):
        return ""
    return ended_words(user)


def ended_words(user: User) -> str:
    """“这个临时账号已于12月3日 18:00到期。”"""
    at = moments.moment(user.ends_at)
    return _("这个临时账号已于%(at)s到期，没有改动任何数据。还要用的，请找创卫办。") % {"at": at}


def _go_on(request: HttpRequest, user: User, back: str) -> HttpResponse:
    """After the password: to the second factor where one is due, else in."""
    if passwords.is_due(user) and not user.must_change_password:
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
    if not (user.second_factor_required or codes.is_enrolled(user)):
        return _enter(request, user, back=back)
    until = timezone.now() + timedelta(minutes=PENDING_MINUTES)
    request.session.cycle_key()
    request.session[_PENDING] = {"user": str(user.pk), "back": back, "until": until.isoformat()}
    return HttpResponseRedirect(settings.SECOND_FACTOR_URL)


def _enter(request: HttpRequest, user: User, *, back: str, factor: str = "") -> HttpResponse:
    """Log in with a new session id and start its clocks."""
    login(request, user, backend=BACKEND)
    for left in (_PENDING, ENROLLING):
        request.session.pop(left, None)
    request.session[SECOND_FACTOR] = factor
    sessions.opened(request.session, user, request.headers.get("User-Agent", ""))
    answer = HttpResponseRedirect(back if back != "/" else home(user))
    note_signed_in(answer, user)
    return answer


def note_signed_in(answer: HttpResponse, user: User) -> None:
    """Leave in the browser whose it is from now on; no right hangs on it."""
    told = f"{user.pk}.{int(timezone.now().timestamp() * 1000)}"
    answer.set_cookie(
        SIGNED_IN, told, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


@audience("public")
@sensitive_post_parameters("code")
@never_cache
def code_page(request: HttpRequest) -> HttpResponse:
    """The second factor: its code, or its first set-up where the role asks for one."""
    user, back = _pending(request)
    if user is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    form, enrolled = CodeForm(request.POST or None), codes.is_enrolled(user)
    if request.method == "POST" and form.is_valid():
        wait = tries.admit("code", str(user.pk), tries.PER_CODE)
        if wait:
            form.add_error("code", too_many(wait))
        elif enrolled and codes.accept(user, form.cleaned_data["code"]):
            tries.forgive("code", str(user.pk))
            return _enter(request, user, back=back, factor="totp")
        elif not enrolled and (shown := _enrolled(request, user, form.cleaned_data["code"])):
            tries.forgive("code", str(user.pk))
            answer = _enter(request, user, back=back, factor="totp")
            context = {"codes": shown, "next": answer["Location"]}
            return render(request, "people/login_recovery.html", context)
        else:
            form.add_error("code", _("验证码不对或已用过，请等下一个再填"))
    template = "people/login_code.html" if enrolled else "people/login_enrol.html"
    shown_secret = {} if enrolled else secret_of(request, user)
    return render(request, template, {"form": form, **shown_secret})


def secret_of(request: HttpRequest, user: User) -> dict[str, str]:
    """The secret being set up in this session, as letters in groups and as a picture."""
    if ENROLLING not in request.session:
        request.session[ENROLLING] = codes.seal(codes.new_secret())
    secret = codes.unseal(request.session[ENROLLING])
    groups = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return {"secret": groups, "picture": codes.picture(user, secret)}


def _enrolled(request: HttpRequest, user: User, code: str) -> list[str] | None:
    sealed = request.session.get(ENROLLING)
    return codes.enrol(user, codes.unseal(sealed), code) if sealed else None


def _pending(request: HttpRequest) -> tuple[User | None, str]:
    """Who is half-way in: past the password, or signed in when the role began to need more."""
    waiting = request.session.get(_PENDING)
    if waiting and waiting["until"] > timezone.now().isoformat():
        user = User.objects.filter(pk=waiting["user"], is_active=True).first()
        return (user if user is not None and user.is_active else None), waiting["back"]
    if request.user.is_authenticated and lacks_second_factor(request):
        return request.user, "/"
    return None, "/"


@audience("public")
@never_cache
def link_page(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link: looking shows whose it is, only the button takes it."""
    link = links.peek(secret)
    if request.method != "POST":
        context = {"link": link, "label": links.label_of(link.user) if link else ""}
        return render(request, "people/login_link.html", context, status=200 if link else 410)
    user = links.use(secret)
    if user is None:
        return render(request, "people/login_link.html", {"link": None}, status=410)
    if settings.DEMO:
        return _enter(request, user, back="/", factor="link")
    if not user.has_usable_password() and not user.must_change_password:
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
    return _go_on(request, user, "/")


@audience("public")
@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    """End the session here and on the server."""
    logout(request)
    answer = HttpResponseRedirect(settings.LOGIN_URL)
    answer.delete_cookie(SIGNED_IN, samesite="Lax")
    # The browser may hold somebody's unsent work; only the page itself can have looked.
    nothing_waits = bool(request.POST.get("clear_storage"))
    answer["Clear-Site-Data"] = '"cache", "storage"' if nothing_waits else '"cache"'
    return answer


def _address(request: HttpRequest) -> str:
    """The asker's address: the last one our own proxy wrote, or that of the connection."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.split(",")[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _back(request: HttpRequest) -> str:
    """Where to go after log-in: only inside this host."""
    back: Any = request.POST.get("next") or request.GET.get("next") or "/"
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    if inside and back != "/":
        return str(back)
    return home(request.user) if request.user.is_authenticated else "/"


def too_many(wait: timedelta) -> str:
    minutes = max(int(-(-wait.total_seconds() // 60)), 1)
    return _("试的次数太多，请%(minutes)s分钟后再试，或找创卫办要一次性链接") % {"minutes": minutes}
