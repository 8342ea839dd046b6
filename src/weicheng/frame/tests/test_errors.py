"""When something fails, the page says what happened, what was done and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from weicheng.frame.audience import audience


@audience("public")
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret cause")


@audience("public")
def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("the secret cause")


@audience("public")
def doubts(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("the secret cause")


urlpatterns = [
    path("500/", breaks),
    path("403/", refuses),
    path("400/", doubts),
    path("", include("weicheng.frame.urls")),
]


@pytest.fixture(autouse=True)
def failing_pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "系统没有改动任何数据"),
        (403, "也没有改动任何数据"),
        (404, "请核对编号"),
        (500, "故障已记录"),
    ],
)
def test_a_failure_is_told_in_plain_words(code: int, words: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/{code}/")
    page = answer.content.decode()
    assert answer.status_code == code
    assert words in page
    assert "secret cause" not in page
    assert "回到首页" in page
