"""Fixtures: the shipped content, and accounts of the office and of a unit."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from weicheng.people import sessions
from weicheng.people.models import User
from weicheng.people.roles import Role
from weicheng.standards.load import load_standard
from weicheng.standards.models import Standard


@pytest.fixture
def standard(db: None) -> Standard:
    """The shipped 2021 edition with site types and problem kinds."""
    report = load_standard()
    assert report.ok, report.lines
    return Standard.objects.get(edition="2021")


@pytest.fixture
def office(db: None) -> User:
    """An account of the campaign office."""
    return User.objects.create_user("office", role=Role.OFFICE)


@pytest.fixture
def unit(db: None) -> User:
    """An account of a unit that fixes things."""
    return User.objects.create_user("unit", role=Role.UNIT)


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    sessions.opened(session, user, "")
    session.save()
    return client
