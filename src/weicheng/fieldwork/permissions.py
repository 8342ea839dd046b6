"""Who does field work: opens its page, and has acts of the phone carried out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weicheng.inspections.permissions import CHECKERS

if TYPE_CHECKING:
    from weicheng.people.models import User

FIELD = tuple(sorted(CHECKERS))


def hindrance(user: User) -> str:
    """Why acts of this person's phone wait for the office by now, empty when they do not. What was
    done while it was this person's work is never turned away."""
    if not user.is_active:
        return "disabled"
    return "" if user.role in FIELD else "no_field_work"
