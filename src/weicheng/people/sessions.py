"""Sessions in the database: how long they live idle, whose they are, and how they are ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import router
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.people.roles import Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.sessions.backends.base import SessionBase
    from django.db.models import QuerySet

    from weicheng.people.credentials import Session

IDLE_DESKTOP = 30 * 60
IDLE_ADMIN = 15 * 60
IDLE_PHONE = 12 * 3600
LONGEST = timedelta(hours=12)
TOUCH_SECONDS = 60  # the idle clock is written at most once a minute
ADMINS = frozenset({Role.ADMIN, Role.SECURITY})
FIELD = frozenset({Role.INSPECTOR, Role.TOWN, Role.COMMUNITY, Role.SPONSOR, Role.UNIT, Role.AREA})
_SEEN, _OPENED, _DEVICE, _PUBLIC = "seen", "opened", "device", "public_id"


class SessionStore(DatabaseStore):
    """Django's database sessions with the owner beside them."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of sessions."""
        from weicheng.people.credentials import Session

        return Session

    def save(self, must_create: bool = False) -> None:
        """A running session is written by one statement, which needs no transaction around it."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        row = self.create_model_instance(dict(self.items()))
        columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields[1:]}
        kept = self.model.objects.using(router.db_for_write(self.model, instance=row))
        if not kept.filter(pk=row.pk).update(**columns):
            raise UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for these data."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get("_auth_user_id")
        row.device = data.get(_DEVICE, "")
        row.opened_at = _moment(data.get(_OPENED))
        row.public_id = data.get(_PUBLIC) or row.public_id
        return row


def device_of(agent: str) -> str:
    """phone or desktop, and whether it is WeChat, from a User-Agent; nothing finer is kept."""
    kind = "phone" if "Mobile" in agent or "Android" in agent else "desktop"
    return f"{kind}:wechat" if "MicroMessenger" in agent else kind


def opened(session: SessionBase, user: Any, agent: str) -> None:
    """Start the clocks of a session that has just logged in."""
    now, device = timezone.now().isoformat(), device_of(agent)
    session[_OPENED] = session[_SEEN] = now
    session[_DEVICE], session[_PUBLIC] = device, str(uuid7())
    session.set_expiry(idle_seconds(user, device))


def wind(session: SessionBase, user: Any, *, now: datetime | None = None) -> bool:
    """Wind the idle clock; False when the session rested or lasted too long and must end."""
    now = now or timezone.now()
    since, seen = _moment(session.get(_OPENED)), _moment(session.get(_SEEN))
    idle = idle_seconds(user, session.get(_DEVICE, ""))
    if since is None or seen is None:
        return False
    if now - since > LONGEST or now - seen > timedelta(seconds=idle):
        return False
    if (now - seen).total_seconds() >= TOUCH_SECONDS:
        session[_SEEN] = now.isoformat()
        session.set_expiry(idle)
    return True


def idle_seconds(user: Any, device: str) -> int:
    """How long this session may rest: 15 min for administrators, 12 h for phones in the field."""
    if user.role in ADMINS:
        return IDLE_ADMIN
    return IDLE_PHONE if device.startswith("phone") and user.role in FIELD else IDLE_DESKTOP


def of(user: Any) -> QuerySet[Session]:
    """The running sessions of a user, newest first."""
    from weicheng.people.credentials import Session

    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-opened_at")


def end(user: Any, public_id: UUID) -> bool:
    """End one of the user's own sessions; False when there is no such session."""
    gone, _by_table = of(user).filter(public_id=public_id).delete()
    return bool(gone)


def end_others(user: Any, session_key: str | None) -> int:
    """End all sessions of the user but this one; how many were ended."""
    gone, _by_table = of(user).exclude(session_key=session_key).delete()
    return gone


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
