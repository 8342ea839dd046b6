"""A queue file that a phone exported: its photos and acts, as if the phone had sent them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext

from weicheng.evidence.refusals import EvidenceRefused
from weicheng.fieldwork import reading
from weicheng.fieldwork.acts.replaying import Result, replay, settle_waiting
from weicheng.fieldwork.acts.uploading import (
    PIECE_BYTES,
    Announced,
    Full,
    OutOfOrder,
    add_piece,
    announce,
)
from weicheng.fieldwork.refusals import Malformed
from weicheng.inspections.models import Guest
from weicheng.people.models import User as Account
from weicheng.places.models import root_of

if TYPE_CHECKING:
    from weicheng.fieldwork.models import Upload
    from weicheng.people.models import User

log = logging.getLogger(__name__)
FORMAT = "weicheng-queue-1"
MOST_BYTES = 96 * 1024 * 1024
MOST_ACTS = 2000
MOST_PHOTOS = 2000


@dataclass
class Imported:
    """What became of a queue file: each act, how many photos are here, and what went wrong."""

    writer: User
    results: list[Result] = field(default_factory=list)
    photos: int = 0
    errors: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many acts by state."""
        found: dict[str, int] = {}
        for one in self.results:
            found[one.state] = found.get(one.state, 0) + 1
        return found


def import_queue(*, by: User, data: bytes, now: datetime | None = None) -> Imported:
    """Replay a queue file. Acts of the uploader are carried out; those of somebody else of the
    same district wait for the office. Raises Malformed when the file is none of ours."""
    moment = now or timezone.now()
    found = reading.document(data, limit=MOST_BYTES)
    if found.get("format") != FORMAT:
        raise Malformed("not_a_queue")
    acts = reading.listed(found, limit=MOST_ACTS)
    photos = found.get("photos") or []
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS:
        raise Malformed("not_a_queue")
    writer = _writer(found.get("user"), by)
    report = Imported(writer)
    for raw in photos:
        _photo(raw, report, moment)
    hold = "" if writer.pk == by.pk else "other_writer"
    report.results = [replay(by=writer, raw=raw, now=moment, hold=hold) for raw in acts]
    report.errors += [one.sentence for one in report.results if one.state == "refused"]
    if report.photos:
        settle_waiting(writer, now=moment)
    return report


def _writer(told: Any, by: User) -> User:
    """Whose queue it is; somebody of another district does not exist for the uploader."""
    wanted = reading.uuid_in(told, "id") if isinstance(told, Mapping) else None
    if wanted is None or wanted == by.pk:
        return by
    writer = Account.objects.select_related("person").filter(pk=wanted).first()
    if writer is None or writer.person_id is None or not _roots(writer) & _roots(by):
        raise Malformed("writer_unknown")
    return writer


def _roots(user: User) -> set[Any]:
    """The topmost regions where somebody works or worked, or was a guest."""
    if user.person is None:
        return set()
    posts = user.person.posts.select_related("unit__region")
    regions = [post.unit.region for post in posts if post.unit.region is not None]
    invited = Guest.objects.filter(user=user.pk).select_related("plan__region")
    regions += [guest.plan.region for guest in invited]
    return {root_of(region) for region in regions}


def announced(raw: Mapping[str, Any], now: datetime) -> Announced:
    """What a phone says of a photo. Raises Malformed."""
    sha256, size = raw.get("sha256"), raw.get("size")
    if not reading.is_hash(sha256):
        raise Malformed("wrong_hash")
    if isinstance(size, bool) or not isinstance(size, int):
        raise Malformed("wrong_size", limit=15)
    skew = reading.offset(raw.get("offset_seconds"))
    taken = reading.moment(raw["taken_at"]) if raw.get("taken_at") else None
    at = reading.position_in(raw)
    return Announced(
        sha256=str(sha256), size=size, purpose=reading.text_in(raw, "purpose", 8) or "other",
        taken_at=reading.true_time(taken, skew, now) if taken else None, offset_seconds=skew,
        position=(*at, reading.number_in(raw, "accuracy_m", 0, 1e6)) if at else None,
    )  # fmt: skip


def _photo(raw: Any, report: Imported, now: datetime) -> None:
    """One photo of the file, whole at once; what is wrong with it is a sentence of the report."""
    try:
        if not isinstance(raw, dict):
            raise Malformed("wrong_hash")
        try:
            data = base64.b64decode(str(raw.get("data", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Malformed("broken_photo") from error
        photo = announced({**raw, "size": len(data)}, now)
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            raise Malformed("broken_photo")
        upload = announce(by=report.writer, photo=photo, now=now)
        _send(report.writer, upload, data, now)
        report.photos += 1
    except (Malformed, EvidenceRefused) as wrong:
        name = str(raw.get("sha256", ""))[:12] if isinstance(raw, dict) else ""
        report.errors.append(
            gettext("照片%(name)s：%(why)s") % {"name": name, "why": wrong.sentence()}
        )
    except Full:
        report.errors.append(Malformed("full").sentence())
    except Exception:
        log.exception("a photo of a queue file failed")
        report.errors.append(Malformed("busy").sentence())


def _send(writer: User, upload: Upload, data: bytes, now: datetime) -> None:
    """What is missing of a photo; its own phone may be sending it, too."""
    while upload.received_at is None and upload.have < len(data):
        at, sha256 = upload.have, upload.sha256
        piece = data[at : at + PIECE_BYTES]
        try:
            upload = add_piece(by=writer, sha256=sha256, offset=at, data=piece, now=now)
        except OutOfOrder as wrong:
            if wrong.upload.have <= at:
                raise
            upload = wrong.upload
