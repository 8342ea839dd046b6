"""Who may see the pictures of visits and findings: whoever may see the visit or the finding.

What became a problem is seen by the rule of problems; here only what is still sealed, or not filed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q

from weicheng.inspections.history import told
from weicheng.inspections.models import Found, Visit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from weicheng.evidence.models import Attachment


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether a finding without a problem, or a visit, that this user may see shows it."""
    found = Found.objects.visible_to(user).filter(problem=None)
    if found.filter(Q(photos=attachment) | Q(voice=attachment)).exists():
        return True
    visits = cast("QuerySet[Visit]", Visit.objects.visible_to(user))
    return told(visits, user).filter(photos=attachment).exists()
