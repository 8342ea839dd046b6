"""People at their screens: a logged-in browser, a picture to send, an act's form to post."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.district import op
from weicheng.people import sessions
from weicheng.people.models import User
from weicheng.problems.models import Problem


def at_desk(user: User) -> Client:
    """A browser in which this person has logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.opened(session, user, "Chrome")
    session["second_factor"] = "totp"
    session.save()
    return client


def jpeg(name: str = "a.jpg", shade: int = 90) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 30)).save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def do(client: Client, problem: Problem, act: str, **fields: Any) -> Any:
    """Post the form of an act."""
    address = reverse("problems:act", args=[problem.pk, act])
    return client.post(address, {"op_id": str(op()), **fields})


def card(client: Client, problem: Problem) -> str:
    return client.get(reverse("problems:detail", args=[problem.pk])).content.decode()
