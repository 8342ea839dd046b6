"""Who may read the catalogues: everybody who is signed in, nobody else."""

from __future__ import annotations

from typing import Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

M = TypeVar("M", bound=models.Model)


class Shelf(models.QuerySet[M]):
    """Rows of a catalogue; the standard is no secret inside the campaign."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All rows for a signed-in user, none for a stranger."""
        return self.all() if user.is_authenticated else self.none()
