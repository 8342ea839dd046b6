"""What makes a photo of a fix doubtful: used before, taken far away, or before it was sent out.

A doubt decides nothing: whoever verifies sees it with the twin beside, and judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from weicheng.evidence.twins import twins_of
from weicheng.problems.models import Photo, Problem

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment

#: A photo so far from its site (metres, own default), beyond its own accuracy, is told.
FAR = 300
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
    """Problem id -> doubts about its photos after the fix. The number of queries does not grow."""
    shown = Photo.objects.filter(problem__in=problems, stage=Photo.Stage.AFTER)
    by_problem: defaultdict[UUID, list[Attachment]] = defaultdict(list)
    for row in shown.select_related("attachment__blob"):
        by_problem[row.problem_id].append(row.attachment)
    twins = _Twins([one for photos in by_problem.values() for one in photos], user)
    return {
        problem.pk: [
            doubt for photo in by_problem[problem.pk] for doubt in _of(problem, photo, twins)
        ]
        for problem in problems
    }


def _of(problem: Problem, photo: Attachment, twins: _Twins) -> list[Doubt]:
    found = [twins.doubt(problem, photo), far(problem, photo), early(problem, photo)]
    return [doubt for doubt in found if doubt is not None]


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


class _Twins:
    """Earlier uses of the same pictures, and on which problems they stand."""

    def __init__(self, photos: list[Attachment], user: Any) -> None:
        self.found = twins_of(photos)
        earlier = {twin.pk for twins in self.found.values() for twin in twins}
        self.uses: defaultdict[UUID, list[Photo]] = defaultdict(list)
        rows = Photo.objects.filter(attachment__in=earlier) if earlier else Photo.objects.none()
        for row in rows.select_related("problem__kind", "problem__site").defer("problem__search"):
            self.uses[row.attachment_id].append(row)
        ids = {row.problem_id for uses in self.uses.values() for row in uses}
        seen = Problem.objects.visible_to(user).filter(pk__in=ids) if ids else ()
        self.seen = {problem.pk for problem in seen}

    def doubt(self, problem: Problem, photo: Attachment) -> Doubt | None:
        """The first earlier use on a problem."""
        for twin in self.found.get(photo.pk, []):
            for use in self.uses.get(twin.pk, []):
                if use.problem_id in self.seen:
                    return Doubt("twin", _said(problem, use), photo, twin, use.problem)
                return Doubt("twin", gettext("这张照片在别的问题里用过"), photo)
        return None


def _said(problem: Problem, use: Photo) -> str:
    if use.problem_id != problem.pk:
        return gettext("这张照片在%(number)s用过") % {"number": use.problem.number}
    if use.stage == Photo.Stage.BEFORE:
        return gettext("整改后的照片与整改前是同一张")
    return gettext("这张照片这件上已经交过")
