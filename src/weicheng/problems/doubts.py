"""What makes a photo of a fix doubtful: used before, taken far away, or before it was sent out.

A doubt decides nothing: whoever verifies sees it with the twin beside, and judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, When
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.evidence.twins import alike, alike_to
from weicheng.problems.models import Photo, Problem
from weicheng.problems.words import Status

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment

#: A photo so far from its site (metres, own default), beyond its own accuracy, is told.
FAR = 300
#: Uses of pictures that are read for one page, its own photos first.
MOST = 600
_METRES_PER_DEGREE = 111_195


@dataclass(frozen=True)
class Doubt:
    """One doubt about one photo: ``kind`` twin, far or early, its sentence, and the twin with its
    problem where the reader may see that."""

    kind: str
    words: str
    photo: Attachment
    twin: Attachment | None = None
    problem: Problem | None = None


def doubts_of(problems: Sequence[Problem], user: Any) -> dict[UUID, list[Doubt]]:
    """Problem id -> doubts about its photos after the fix. One query for any number."""
    by_problem = {problem.pk: problem for problem in problems}
    doubts: dict[UUID, list[Doubt]] = {key: [] for key in by_problem}
    uses = _uses(problems, user)
    for use in uses:
        problem = by_problem.get(use.problem_id)
        if problem is None or use.stage != Photo.Stage.AFTER:
            continue
        photo = use.attachment
        found = [_twin(problem, use, uses), far(problem, photo), early(problem, photo)]
        doubts[problem.pk] += [doubt for doubt in found if doubt is not None]
    return doubts


def doubts_about(problem: Problem, user: Any) -> list[Doubt]:
    """The doubts about one problem while it waits to be verified; none at other times."""
    return doubts_of([problem], user)[problem.pk] if problem.status == Status.CHECK else []


def _uses(problems: Sequence[Problem], user: Any) -> list[Photo]:
    """The photos after the fix and the earlier uses of the same pictures, oldest first; each says
    whether the reader may see its problem (``seen``) and which files are ``near``. Of a picture
    that stands everywhere only the first uses are read."""
    own = Photo.objects.filter(problem__in=problems, stage=Photo.Stage.AFTER)
    rows = Photo.objects.filter(attachment__blob__in=alike(own.values("attachment__blob")))
    seen = Problem.objects.visible_to(user).filter(pk=OuterRef("problem"))
    mine = Case(When(problem__in=problems, then=0), default=1)
    found = (
        rows.annotate(seen=Exists(seen), near=alike_to("attachment__blob"), others=mine)
        .select_related("attachment__blob", "problem__kind", "problem__site")
        .defer("problem__search")
        .order_by("others", "attachment__created_at", "attachment", "pk")
    )
    return sorted(found[:MOST], key=lambda use: (use.attachment.created_at, use.attachment_id))


def _twin(problem: Problem, use: Any, uses: Sequence[Any]) -> Doubt | None:
    """The first earlier use of the same picture on a problem."""
    photo = use.attachment
    same = {photo.blob_id, *use.near}
    for then in uses:
        if then.attachment_id == photo.pk:
            return None
        if then.attachment.blob_id in same:
            if not then.seen:
                return Doubt("twin", gettext("这张照片在别的问题里用过"), photo)
            return Doubt("twin", _said(problem, then), photo, then.attachment, then.problem)
    return None


def far(problem: Problem, photo: Attachment) -> Doubt | None:
    """Taken more than 300 m from the place, its accuracy allowed for."""
    at = place_of(problem)
    if at is None or photo.latitude is None or photo.longitude is None:
        return None
    north = (photo.latitude - at[0]) * _METRES_PER_DEGREE
    east = (photo.longitude - at[1]) * _METRES_PER_DEGREE * cos(radians(at[0]))
    metres = hypot(north, east)
    if metres <= FAR + (photo.accuracy_m or 0):
        return None
    words = gettext("照片拍摄位置离现场约%(n)s米") % {"n": int(round(metres, -1))}
    return Doubt("far", words, photo)


def place_of(problem: Problem) -> tuple[float, float] | None:
    """Where it is: the site's place, else where it was found."""
    site = problem.site
    if site is not None and site.latitude is not None and site.longitude is not None:
        return site.latitude, site.longitude
    if problem.latitude is None or problem.longitude is None:
        return None
    return problem.latitude, problem.longitude


def early(problem: Problem, photo: Attachment) -> Doubt | None:
    """Taken before the problem was sent to who fixed it; what was fixed on the spot was not."""
    sent = problem.dispatched_at
    if sent is None or photo.taken_at is None or problem.on_spot or photo.taken_at >= sent:
        return None
    words = gettext("照片拍于%(taken)s，早于派单时间%(sent)s") % {
        "taken": _moment(photo.taken_at), "sent": _moment(sent),
    }  # fmt: skip
    return Doubt("early", words, photo)


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _said(problem: Problem, use: Photo) -> str:
    if use.problem_id != problem.pk:
        return gettext("这张照片在%(number)s用过") % {"number": use.problem.number}
    if use.stage == Photo.Stage.BEFORE:
        return gettext("整改后的照片与整改前是同一张")
    return gettext("这张照片这件上已经交过")
