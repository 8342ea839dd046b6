"""Who may see the pictures of visits and findings: whoever may see the visit or the finding.

What became a problem is seen by the rule of problems; here only what is still sealed, or not filed,
and what was spoken at a finding: it is heard by whoever sees its problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q

from weicheng.inspections.history import told
from weicheng.inspections.models import Found, Visit
from weicheng.inspections.words import late_words
from weicheng.problems.models import Problem
from weicheng.problems.on_the_spot import OnTheSpot

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from weicheng.evidence.models import Attachment


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether a finding without a problem, or a visit, that this user may see shows it."""
    found = Found.objects.visible_to(user).filter(problem=None)
    if found.filter(Q(photos=attachment) | Q(voice=attachment)).exists():
        return True
    if _heard(user, attachment):
        return True
    visits = cast("QuerySet[Visit]", Visit.objects.visible_to(user))
    return told(visits, user).filter(photos=attachment).exists()


def _heard(user: Any, attachment: Attachment) -> bool:
    """Whether it was spoken at a finding whose problem this user may see."""
    filed = Found.objects.filter(voice=attachment, problem__isnull=False).values("problem")
    return Problem.objects.visible_to(user).filter(pk__in=filed).exists()


def found_on_the_spot(problem: Problem) -> list[OnTheSpot]:
    """What was spoken at the findings that became this problem, and which of them came late."""
    rows = Found.objects.filter(problem=problem)
    rows = rows.filter(Q(voice__isnull=False) | Q(late=True, on_paper=False))
    found = []
    for row in rows.select_related("voice").order_by("received_at"):
        voice = row.voice if row.voice is not None and row.voice.erased_at is None else None
        late = row.late and not row.on_paper
        found.append(OnTheSpot(voice, late_words(row.received_at) if late else ""))
    return found
