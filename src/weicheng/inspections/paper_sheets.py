"""纸质检查表: one printed sheet per site, each with a QR of its own that opens its 代录 form.

A sheet is known by its token: what it is for (a stop or a site), a serial made at printing, and
a seal. The token opens nothing by itself: who may see the stop or site is asked every time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from django.conf import settings

from weicheng.inspections.models import Ruling, Stop
from weicheng.inspections.permissions import may_check_in
from weicheng.inspections.rulebook import rulings_for
from weicheng.journal.ids import derived
from weicheng.places.models import Site
from weicheng.standards.models import Check

MOST = 60
_STOP, _SITE = b"\x01", b"\x02"
_SERIAL, _SEAL = 6, 12


@dataclass(frozen=True)
class SheetKey:
    """Which sheet of paper: for a stop of a plan or for a site beside any plan; ``serial`` parts
    one printing from the next."""

    pk: UUID
    for_stop: bool
    serial: bytes

    @staticmethod
    def fresh(pk: UUID, *, for_stop: bool) -> SheetKey:
        """The key of a sheet that is printed now."""
        return SheetKey(pk, for_stop, secrets.token_bytes(_SERIAL))

    def token(self) -> str:
        """The sealed key as it stands in the address (47 or 48 letters)."""
        body = (_STOP if self.for_stop else _SITE) + self.pk.bytes + self.serial
        return base64.urlsafe_b64encode(body + _seal(body)).decode().rstrip("=")

    def operation(self, part: str) -> UUID:
        """The id of a step of typing this sheet in: the same sheet, the same id."""
        return derived(derived(self.pk, f"paper {self.serial.hex()}"), part)


def read(token: str) -> SheetKey | None:
    """The key of a token, None for anything that we did not seal."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, seal = raw[:-_SEAL], raw[-_SEAL:]
    if len(body) != 17 + _SERIAL or not hmac.compare_digest(seal, _seal(body)):
        return None
    return SheetKey(UUID(bytes=body[1:17]), body[:1] == _STOP, body[17:])


def _seal(body: bytes) -> bytes:
    key = hashlib.sha256(f"paper sheet:{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, body, "sha256")[:_SEAL]


@dataclass(frozen=True)
class Sheet:
    """One sheet as it is printed or typed in."""

    key: SheetKey
    site: Site
    stop: Stop | None
    checks: list[tuple[Check, list[Ruling]]]

    @property
    def token(self) -> str:
        """The sealed key of the sheet."""
        return self.key.token()


@dataclass(frozen=True)
class Printed:
    """A sheet with the QR of its address."""

    sheet: Sheet
    address: str
    qr: str


def sheets_of_stops(stops: Sequence[Stop]) -> list[Sheet]:
    """A fresh sheet for each stop, in the order given. Two queries for any number."""
    return _sheets([(stop.site, stop) for stop in stops])


def sheet_of_site(site: Site) -> Sheet:
    """A fresh sheet for a site beside any plan."""
    return _sheets([(site, None)])[0]


def _sheets(places: Sequence[tuple[Site, Stop | None]]) -> list[Sheet]:
    types = {site.site_type_id for site, _stop in places}
    rows = Check.objects.filter(site_type__in=types).order_by("order", "key")
    by_type: defaultdict[str, list[Check]] = defaultdict(list)
    for check in rows:
        by_type[check.site_type_id].append(check)
    rulings = rulings_for(check.key for checks in by_type.values() for check in checks)
    made = []
    for site, stop in places:
        key = SheetKey.fresh(stop.pk if stop else site.pk, for_stop=stop is not None)
        checks = [(c, rulings.get(c.key, [])) for c in by_type[site.site_type_id]]
        made.append(Sheet(key, site, stop, checks))
    return made


def sheet_for(key: SheetKey, user: Any) -> Sheet | None:
    """The sheet of a key through the eyes of a person; None when it does not exist for them."""
    stop = None
    if key.for_stop:
        stop = (
            Stop.objects.visible_to(user)
            .select_related("site__site_type", "site__region", "plan", "team", "second_team")
            .filter(pk=key.pk)
            .first()
        )
        site = stop.site if stop else None
    else:
        rows = Site.objects.visible_to(user).select_related("site_type", "region")
        site = rows.filter(pk=key.pk).first()
    plan = stop.plan if stop else None
    if site is None or not may_check_in(user, site.region, plan):
        return None
    return Sheet(key, site, stop, _sheets([(site, stop)])[0].checks)


def printed(sheets: Sequence[Sheet], address: Callable[[str], str]) -> list[Printed]:
    """The sheets with their QR; ``address`` makes the full address of a token."""
    made = []
    for sheet in sheets:
        where = address(sheet.token)
        made.append(Printed(sheet, where, qr_of(where)))
    return made


def qr_of(address: str) -> str:
    """The QR of an address as the address of an SVG image (ISO 18004, error level M, without a
    trial of masks)."""
    code = segno.make(address, error="m", micro=False, boost_error=False, mask=3)
    return str(code.svg_data_uri(scale=4, border=2))
