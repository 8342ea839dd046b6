"""Pages refuse by default, send the signed-out to the log-in and hide from the wrong role."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from weicheng.frame.audience import admits, audience, declared


def person(role: str, needs_more: bool = False) -> Any:
    return SimpleNamespace(is_authenticated=True, role=role, second_factor_required=needs_more)


def asked(path: str, user: Any, session: dict[str, Any] | None = None, **extra: Any) -> HttpRequest:
    request = RequestFactory().get(path, **extra)
    request.user = user
    request.session = session or {}  # type: ignore[assignment]
    return request


@audience("office", "leader")
def ledger(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ledger")


@audience("public")
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def test_a_declared_role_comes_in() -> None:
    assert ledger(asked("/x/", person("office"))).content == b"ledger"  # type: ignore[attr-defined]


def test_a_wrong_role_finds_nothing() -> None:
    with pytest.raises(Http404):
        ledger(asked("/x/", person("unit")))


def test_the_signed_out_go_to_the_log_in_and_come_back() -> None:
    answer = ledger(asked("/x/?a=1", AnonymousUser()))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=%2Fx%2F%3Fa%3D1"


def test_a_fragment_of_the_signed_out_reloads_the_whole_page() -> None:
    answer = ledger(asked("/x/", AnonymousUser(), headers={"HX-Request": "true"}))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login/")


def test_a_signer_without_the_second_factor_is_sent_to_show_it() -> None:
    answer = ledger(asked("/x/", person("leader", needs_more=True)))
    assert answer.headers["Location"].startswith("/login/code/")


def test_a_signer_with_the_second_factor_comes_in() -> None:
    request = asked("/x/", person("leader", needs_more=True), {"second_factor": "totp"})
    assert ledger(request).status_code == 200


def test_a_public_page_asks_nothing() -> None:
    assert open_page(asked("/x/", AnonymousUser())).status_code == 200


def test_a_wrong_role_at_the_root_is_led_to_its_own_first_page() -> None:
    answer = ledger(asked("/", person("admin")))
    assert answer.status_code == 302
    assert answer.headers["Location"] != "/"


def test_the_audience_survives_other_decorators() -> None:
    from django.views.decorators.cache import never_cache

    assert declared(never_cache(ledger)) == {"office", "leader"}


def test_an_unknown_word_is_no_audience() -> None:
    with pytest.raises(ValueError, match="unknown audience"):
        audience("everybody")


def test_no_words_are_no_audience() -> None:
    with pytest.raises(ValueError, match="unknown audience"):
        audience()


def test_rights_are_those_of_this_moment() -> None:
    user = person("office")
    assert admits(declared(ledger), user)
    user.role = "unit"
    assert not admits(declared(ledger), user)
