"""Who may see an attachment: upper apps say so here; without a word from them nobody may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from weicheng.evidence.models import Attachment

Rule = Callable[[Any, Attachment], bool]
FRESH = timedelta(hours=24)
_rules: list[Rule] = []


def register(rule: Rule) -> Rule:
    """Add a rule `(user, attachment) -> bool`; one rule that agrees is enough.

    Call it from the upper app's AppConfig.ready. Registering a rule again changes nothing."""
    if rule not in _rules:
        _rules.append(rule)
    return rule


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether any rule lets this user see the attachment. Erased ones are seen by nobody."""
    if attachment.erased_at is not None or not user.is_authenticated or not user.is_active:
        return False
    return own_and_fresh(user, attachment) or any(rule(user, attachment) for rule in _rules)


def own_and_fresh(user: Any, attachment: Attachment) -> bool:
    """Whoever uploaded a file sees it for a day, so that a form can show it before it is filed."""
    mine = attachment.uploaded_by_id is not None and attachment.uploaded_by_id == user.pk
    return mine and timezone.now() - attachment.created_at < FRESH


def visible(user: Any, pk: UUID) -> Attachment | None:
    """The attachment if this user may see it, else None, as if it did not exist."""
    found = Attachment.objects.select_related("blob").filter(pk=pk).first()
    return found if found is not None and may_see(user, found) else None
