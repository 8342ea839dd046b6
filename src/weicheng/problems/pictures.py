"""Who may see the pictures of a problem: whoever may see the problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.problems.models import Obligation, Photo, Problem

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether a problem that this user may see shows the attachment, as a photo or as a proof."""
    photos = Photo.objects.filter(attachment=attachment).values_list("problem", flat=True)
    proofs = Obligation.objects.filter(proof=attachment).values_list("problem", flat=True)
    shown = {*photos, *proofs}
    return bool(shown) and Problem.objects.visible_to(user).filter(pk__in=shown).exists()
