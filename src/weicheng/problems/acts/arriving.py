"""Photos that were announced with an act and arrive after it, because the line was bad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from weicheng.problems.door import MAX_PHOTOS
from weicheng.problems.models import Event, Photo, Problem

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment


@transaction.atomic
def photos_arrive(
    *, problem: Problem, operation: UUID, photos: Sequence[Attachment], stage: str
) -> int:
    """Put late photos to the event that announced them; answers how many are new there.

    They are no act of their own: the act was allowed when it was done, nothing but the picture is
    added, and the version does not move. Equal bytes are put once, and not more than an act may
    have. Call it for photos that the act itself listed, never for others.
    """
    row = Problem.objects.select_for_update().defer("search").get(pk=problem.pk)
    event = Event.objects.filter(problem=row, operation_id=operation).order_by("seq").first()
    if event is None:
        return 0
    shown = set(event.photos.values_list("attachment__blob", flat=True))
    fresh = [p for p in photos if p.blob_id and p.blob_id not in shown]
    fresh = fresh[: max(0, MAX_PHOTOS - len(shown))]
    Photo.objects.bulk_create(
        Photo(problem=row, event=event, attachment=photo, stage=stage) for photo in fresh
    )
    if not fresh:
        return 0
    if stage == Photo.Stage.BEFORE and row.before_photo_id is None:
        Problem.objects.filter(pk=row.pk).update(before_photo=fresh[0])
    if stage == Photo.Stage.AFTER and row.after_photo_id is None:
        Problem.objects.filter(pk=row.pk).update(after_photo=fresh[0])
    return len(fresh)
