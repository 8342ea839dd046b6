"""Who an undercover check concerns, and is therefore hidden from until it is released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from uuid import UUID


def concerned_units(user: Any) -> list[UUID]:
    """Every unit this person belongs to, by 原单位 or 工作单位, with the units above them.

    The office's own unit is no party to a site, so belonging to it conceals nothing.
    """
    found: list[UUID] = []
    for post in user.posts_on(timezone.localdate()):
        found.append(post.unit_id)
        if post.unit.parent_id is not None:
            found.append(post.unit.parent_id)
    return list(dict.fromkeys(found))
