"""What the office reads of held acts, and of acts whose photos have not come yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.fieldwork.models import Held, Sent, Upload
from weicheng.fieldwork.refusals import sentence
from weicheng.fieldwork.words import ActType
from weicheng.inspections.models import Found, LookBack, Visit
from weicheng.inspections.words import skew_words
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.standards.models import ProblemKind

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment

MOST = 100
ENDED = 20
RESULTS: dict[str, Promise] = {
    "fixed": _("已改"), "not_fixed": _("未改"), "held": _("保持"), "relapsed": _("反弹"),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One held act as the office reads it."""

    held: Held
    what: str
    words: str
    why: str
    skew: str
    photos: list[Attachment]
    missing: int


@dataclass(frozen=True)
class Unwhole:
    """An act of a phone that was taken and still misses photos (缺 n 张)."""

    sent: Sent
    missing: int
    received_at: datetime


def waiting(user: Any) -> list[Card]:
    """What waits for this office, the oldest first."""
    rows = Held.objects.visible_to(user).filter(ended="").select_related("user__person")
    return _cards(list(rows[:MOST]))


def ended(user: Any) -> list[Card]:
    """What was decided last."""
    rows = Held.objects.visible_to(user).exclude(ended="").order_by("-ended_at")
    return _cards(list(rows.select_related("user__person", "ended_by__person", "problem")[:ENDED]))


def _cards(rows: list[Held]) -> list[Card]:
    names, photos = Names(rows), _photos(rows)
    return [
        Card(
            held=row, what=names.title(row), words=_words(row),
            why=sentence(row.reason, row.params),
            skew=skew_words(row.offset_seconds), photos=photos.get(row.pk, []),
            missing=len(row.photos) - len(photos.get(row.pk, [])),
        )
        for row in rows
    ]  # fmt: skip


def _photos(rows: list[Held]) -> dict[UUID, list[Attachment]]:
    listed = {one for row in rows for one in row.photos}
    uploads = Upload.objects.filter(
        user__in={row.user_id for row in rows}, sha256__in=listed, attachment__isnull=False
    ).select_related("attachment__blob")
    by_key = {(u.user_id, u.sha256): u.attachment for u in uploads if u.attachment is not None}
    return {
        row.pk: [by_key[row.user_id, h] for h in row.photos if (row.user_id, h) in by_key]
        for row in rows
    }


def _words(row: Held) -> str:
    """What the act said, in the words of the page."""
    body = _body(row)
    result = _result(str(body.get("result", "")))
    parts = [result, str(body.get("place") or ""), str(body.get("words") or body.get("note") or "")]
    return " ".join(part for part in parts if part)


def _result(key: str) -> str:
    return str(RESULTS[key]) if key in RESULTS else ""


def _body(row: Held) -> dict[str, Any]:
    body = row.told.get("body")
    return body if isinstance(body, dict) else {}


class Names:
    """The names of what held acts speak of: one query each for sites, problems and kinds."""

    def __init__(self, rows: list[Held]) -> None:
        def ids(name: str) -> set[UUID]:
            found = set()
            for row in rows:
                try:
                    found.add(UUID(str(_body(row).get(name))))
                except ValueError:
                    continue
            return found

        self.sites = {str(s.pk): s.name for s in Site.objects.filter(pk__in=ids("site"))}
        problems = Problem.objects.filter(pk__in=ids("problem")).only("id", "number")
        self.problems = {str(p.pk): p.number for p in problems}
        looks = LookBack.objects.filter(pk__in=ids("look_back")).select_related("problem")
        self.looks = {str(one.pk): one.problem.number for one in looks.defer("problem__search")}
        keys = {str(_body(row).get("kind", ""))[:40] for row in rows}
        self.kinds = {k.pk: str(k) for k in ProblemKind.objects.filter(pk__in=keys)}

    def title(self, row: Held) -> str:
        """ "发现问题 垃圾桶满溢 张家沟小区"."""
        body = _body(row)
        parts = [
            str(ActType(row.sort).label), self.kinds.get(str(body.get("kind")), ""),
            self.sites.get(str(body.get("site")), ""),
            self.problems.get(str(body.get("problem")), ""),
            self.looks.get(str(body.get("look_back")), ""),
        ]  # fmt: skip
        return " ".join(part for part in parts if part)


def unwhole(user: Any) -> list[Unwhole]:
    """Acts whose photos are missing, of what this person may see, the oldest first."""

    def seen(rows: Any) -> Exists:
        return Exists(rows.filter(operation=OuterRef("pk")))

    mine = Problem.objects.visible_to(user).filter(pk=OuterRef("problem"))
    sealed = Found.objects.visible_to(user).filter(operation=OuterRef("pk"))
    rows = (
        Sent.objects.exclude(missing=[]).exclude(state="quarantined")
        .filter(seen(Visit.objects.visible_to(user)) | Exists(sealed) | Exists(mine))
        .select_related("user__person", "problem").order_by("received_at")[:MOST]
    )  # fmt: skip
    return [Unwhole(sent, len(sent.missing), sent.received_at) for sent in rows]


def may_see(user: Any, attachment: Attachment) -> bool:
    """Who may see a photo from the field: who may see the visit, the finding, the second look, or
    decides about what is held."""
    if Visit.objects.visible_to(user).filter(photos=attachment).exists():
        return True
    found = Found.objects.visible_to(user)
    if (found.filter(photos=attachment) | found.filter(voice=attachment)).exists():
        return True
    if LookBack.objects.visible_to(user).filter(photos=attachment).exists():
        return True
    for upload in Upload.objects.filter(attachment=attachment):
        held = Held.objects.visible_to(user)
        if held.filter(user=upload.user_id, photos__contains=[upload.sha256]).exists():
            return True
    return False
