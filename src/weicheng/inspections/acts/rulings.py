"""口径库: writing down a ruling, once, and replacing it by a later one that leaves it readable."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.models import Ruling
from weicheng.inspections.refusals import Refused
from weicheng.people.roles import Role
from weicheng.places.models import Campaign
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from weicheng.people.models import User

MOST_WORDS = 400
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Said:
    """Who said, on which day and in which words, how a check is judged.

    ``level``: Ruling.Level; ``strictness``: -1 milder, 0 as before, 1 stricter than we judged.
    """

    check_key: str
    words: str
    said_by: str
    level: str
    on: date
    document: str = ""
    strictness: int = 0


def may_write_rulings(user: User) -> bool:
    """The office of the campaign: that of the applicant or of a district that takes part."""
    if user.role != Role.OFFICE or not user.is_active or user.person_id is None:
        return False
    roots = user.region_roots()
    campaign = Campaign.objects.first()
    if roots is None or campaign is None:
        return True
    parts = campaign.participations.values_list("region_id", flat=True)
    return bool(set(roots) & {campaign.applicant_id, *parts})


@transaction.atomic
def write_ruling(
    *,
    said: Said,
    by: User,
    op_id: UUID,
    replaces: Ruling | None = None,
    now: datetime | None = None,
) -> Ruling:
    """Pin a ruling to its check; ``replaces`` an older one of the same check, which stays.

    Raises Refused, journal.once.ForeignOperation. The same ``op_id`` answers with the same ruling.
    """
    moment = now or timezone.now()
    if by.person is None or not may_write_rulings(by):
        raise Refused("not_yours")
    body = {**asdict(said), "on": said.on.isoformat(), "replaces": replaces and replaces.pk}
    if not claim(by=by, act="write_ruling", body=body, op_id=op_id, now=moment):
        return Ruling.objects.get(operation=op_id)
    _check(said, timezone.localdate(moment))
    if replaces is not None:
        replaces = Ruling.objects.select_for_update().get(pk=replaces.pk)
        if replaces.replaced_by_id is not None:
            raise Refused("ruling_replaced")
        if replaces.check_key != said.check_key:
            raise Refused("no_such_check", key=said.check_key)
    row = Ruling.objects.create(
        **{**asdict(said), "words": said.words.strip(), "said_by": said.said_by.strip()},
        written_by=by.person, written_at=moment, operation=op_id,
    )  # fmt: skip
    if replaces is not None:
        replaces.replaced_by = row
        replaces.save(update_fields=["replaced_by"])
    return row


def _check(said: Said, today: date) -> None:
    if not Check.objects.filter(key=said.check_key).exists():
        raise Refused("no_such_check", key=said.check_key)
    if not said.words.strip() or len(said.words) > MOST_WORDS:
        raise Refused("need_ruling_words", n=MOST_WORDS)
    if not said.said_by.strip():
        raise Refused("need_said_by")
    if not FIRST_DAY <= said.on <= today:
        raise Refused("ruling_day")
    if said.level not in Ruling.Level.values or said.strictness not in {-1, 0, 1}:
        raise Refused("ruling_choice")
