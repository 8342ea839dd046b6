"""Who is served a picture, and how it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse

from weicheng.evidence import access, store
from weicheng.evidence.models import Attachment
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.tests.drawn import exif, jpeg
from weicheng.evidence.views import refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("weicheng.evidence.tests.addresses")]


class Browser:
    """Asks as one person."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def get(self, address: str, method: str = "GET", **headers: str) -> Any:
        """The answer; 404 also when the view says that there is nothing."""
        request = RequestFactory().generic(method, address, headers=headers)
        request.user = self.user
        found = resolve(address)
        try:
            return found.func(request, *found.args, **found.kwargs)
        except Http404:
            return HttpResponse(status=404)


@pytest.fixture
def clerk() -> Any:
    """Somebody of a unit."""
    return get_user_model().objects.create(username="clerk", role="unit")


@pytest.fixture
def client(clerk: Any) -> Browser:
    """The browser of that person."""
    return Browser(clerk)


@pytest.fixture
def photo() -> Attachment:
    return store.keep(jpeg(800, 600, exif=exif()), filename="楼道.jpg", purpose="before")


@pytest.fixture
def shown(photo: Attachment) -> Iterator[None]:
    """A rule of an upper app that lets everybody see this photo."""

    def rule(_user: Any, attachment: Attachment) -> bool:
        return attachment.pk == photo.pk

    access.register(access.register(rule))
    assert access._rules.count(rule) == 1
    yield
    access._rules.remove(rule)


def address(pk: object, size: str = "thumb") -> str:
    return reverse("evidence:serve", args=[pk, size])


def test_without_a_rule_nobody_sees_a_photo(client: Browser, photo: Attachment) -> None:
    assert client.get(address(photo.pk)).status_code == 404


def test_a_hidden_photo_answers_like_one_that_does_not_exist(
    client: Browser, photo: Attachment
) -> None:
    hidden, absent = client.get(address(photo.pk)), client.get(address(uuid.uuid4()))
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)


def test_who_is_not_signed_in_is_sent_to_the_log_in(photo: Attachment, shown: None) -> None:
    answer = Browser(AnonymousUser()).get(address(photo.pk))
    assert answer.status_code == 302 and "/login" in answer["Location"]


@pytest.mark.parametrize("size", ["thumb", "screen"])
def test_a_small_copy_is_shown_in_place_and_may_be_kept_an_hour(
    client: Browser, photo: Attachment, shown: None, size: str
) -> None:
    answer: Any = client.get(address(photo.pk, size))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == store.picture_bytes(photo, size)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    again = client.get(address(photo.pk, size), **{"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again["Content-Security-Policy"].startswith("sandbox")


def test_the_original_is_sent_as_a_download_and_kept_nowhere(
    client: Browser, photo: Attachment, shown: None
) -> None:
    answer: Any = client.get(address(photo.pk, "original"))
    assert b"".join(answer.streaming_content) == jpeg(800, 600, exif=exif())
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%A5%BC")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("size", ["large", "original.jpg", "Thumb"])
def test_there_are_no_other_sizes(
    client: Browser, photo: Attachment, shown: None, size: str
) -> None:
    assert client.get(address(photo.pk, size)).status_code == 404


def test_nothing_is_changed_by_asking(client: Browser, photo: Attachment, shown: None) -> None:
    assert client.get(address(photo.pk), "POST").status_code == 405
    assert client.get(address(photo.pk), "HEAD").status_code == 200


def test_an_erased_photo_is_gone_at_once(client: Browser, photo: Attachment, shown: None) -> None:
    store.erase(photo)
    assert {client.get(address(photo.pk, size)).status_code for size in ("thumb", "original")} == {
        404
    }


def test_who_uploaded_a_photo_sees_it_for_a_day(client: Browser, clerk: Any) -> None:
    own = store.keep(jpeg(), filename="a.jpg", purpose="before", by=clerk)
    assert client.get(address(own.pk)).status_code == 200
    Attachment.objects.filter(pk=own.pk).update(created_at=own.created_at - timedelta(days=2))
    assert client.get(address(own.pk)).status_code == 404


def test_a_disabled_person_sees_nothing(clerk: Any, photo: Attachment, shown: None) -> None:
    assert access.may_see(clerk, photo)
    clerk.is_active = False
    assert not access.may_see(clerk, photo)


def test_a_refusal_is_answered_with_its_number_and_sentence() -> None:
    answer = refused(EvidenceRefused("disk_full"))
    assert answer.status_code == 507 and "存储已满" in answer.content.decode()
