"""外来人员: temporary accounts for one check, ended at their hour whatever happens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import guard
from weicheng.inspections.models import Guest
from weicheng.inspections.refusals import Refused
from weicheng.inspections.rules import GUEST_DAYS_AFTER, WITH_GUESTS
from weicheng.inspections.words import PlanState
from weicheng.people import sessions
from weicheng.people.models import Person, Unit, User
from weicheng.people.roles import Role
from weicheng.places.pinyin import key

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan


@transaction.atomic
def invite_guest(
    *,
    by: User,
    plan: Plan,
    name: str,
    comes_from: str,
    until: datetime,
    op_id: UUID,
    phone: str = "",
    home: Unit | None = None,
    now: datetime | None = None,
) -> Guest:
    """A person from elsewhere with an account that ends. Raises Refused.

    The person holds no post: such an account sees nothing but its plan, and nobody finds the
    person among units and staff before the check is over. ``home``: the 原单位 when it is one of
    ours; it is kept with the guest, and keeps the guest from its sites.
    """
    moment = now or timezone.now()
    row = guard(by, plan)
    body = {"plan": row.pk, "name": name, "from": comes_from, "until": until, "phone": phone}
    if home is not None:
        body["home"] = home.pk
    if not claim(by=by, act="invite_guest", body=body, op_id=op_id, now=moment):
        return Guest.objects.get(operation=op_id)
    if row.state in {PlanState.RELEASED, PlanState.DROPPED}:
        raise Refused("wrong_state", state=row.get_state_display())
    if row.kind not in WITH_GUESTS:
        raise Refused("guest_kind")
    if not name.strip() or not comes_from.strip():
        raise Refused("guest_name")
    last = row.ends_on + timedelta(days=GUEST_DAYS_AFTER)
    if until <= moment or timezone.localdate(until) > last:
        raise Refused("guest_until", n=GUEST_DAYS_AFTER)
    user = _account(name, comes_from, phone, until)
    return Guest.objects.create(
        plan=row, user=user, comes_from=comes_from.strip()[:80], home=home, until=until,
        operation=op_id,
    )  # fmt: skip


def _account(name: str, comes_from: str, phone: str, until: datetime) -> User:
    """A person without a post, and an account that ends."""
    person = Person.objects.create(
        name=name.strip()[:40], title=comes_from.strip()[:40], phone=phone, pinyin=key(name)[:100]
    )
    user = User(
        username=f"guest-{secrets.token_hex(4)}", role=Role.INSPECTOR, person=person, ends_at=until
    )
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def end_guest(*, by: User, guest: Guest, op_id: UUID, now: datetime | None = None) -> Guest:
    """The account ends now; what the guest recorded stays. Raises Refused."""
    moment = now or timezone.now()
    guard(by, guest.plan)
    if claim(by=by, act="end_guest", body={"guest": guest.pk}, op_id=op_id, now=moment):
        guest.until, guest.ended_at = min(guest.until, moment), moment
        guest.save(update_fields=["until", "ended_at"])
        User.objects.filter(pk=guest.user_id).update(ends_at=guest.until)
        sessions.end_others(guest.user, None)
    return guest
