"""Who may see pictures of leads and sheets of refused rows: the office of their district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.intake.models import WATCHERS, Batch, Lead

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether a lead or a batch that this user may see holds the attachment."""
    if user.role not in WATCHERS:
        return False
    leads = Lead.objects.visible_to(user).filter(photos__attachment=attachment)
    return leads.exists() or Batch.objects.visible_to(user).filter(error_sheet=attachment).exists()
