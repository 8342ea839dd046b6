"""The endpoints that phones send to: photos in pieces, acts, and the asking for lost answers.

Open to everybody signed in: of who does other work by now the office decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from weicheng.fieldwork import acts, reading
from weicheng.fieldwork.acts.importing import announced
from weicheng.fieldwork.acts.uploading import PURPOSES, OutOfOrder
from weicheng.fieldwork.models import Upload
from weicheng.fieldwork.refusals import Malformed
from weicheng.fieldwork.views.answering import json_door, say
from weicheng.frame.audience import audience

MOST_ASKED = 500


@require_POST
@json_door
@audience("signed_in")
def photo(request: HttpRequest) -> HttpResponseBase:
    """POST /field/photos: a photo will come; answers how much of it is here."""
    found = reading.document(request.body)
    if found.get("purpose") not in PURPOSES:
        raise Malformed("wrong_field", field="purpose")
    user: Any = request.user
    upload = acts.announce(by=user, photo=announced(found, timezone.now()))
    _settle(upload)
    return say(shown(upload))


@require_http_methods(["PUT"])
@json_door
@audience("signed_in")
def chunk(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """PUT /field/photos/<sha256>?from=<offset>: the next piece; 409 with the state when it does
    not begin where the others end."""
    given = request.GET.get("from", "")
    if not reading.is_hash(sha256):
        raise Malformed("wrong_hash")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Malformed("wrong_field", field="from")
    user: Any = request.user
    try:
        upload = acts.add_piece(by=user, sha256=sha256, offset=int(given), data=request.body)
    except OutOfOrder as wrong:
        return say(shown(wrong.upload), status=409)
    _settle(upload)
    return say(shown(upload))


def _settle(upload: Upload) -> None:
    """Give a photo that is whole now to the acts that wait for it."""
    if upload.received_at is not None:
        acts.settle_waiting(upload.user_id, sha256=upload.sha256)


def shown(upload: Upload) -> dict[str, Any]:
    """How far a photo is."""
    received = upload.received_at
    return {
        "sha256": upload.sha256, "have": upload.have, "state": upload.state,
        "received_at": received.isoformat() if received else None, "sentence": upload.refused,
    }  # fmt: skip


@require_POST
@json_door
@audience("signed_in")
def take_acts(request: HttpRequest) -> HttpResponseBase:
    """POST /field/acts: up to 50 acts, each in its own transaction, answered in order."""
    listed = reading.listed(reading.document(request.body))
    user: Any = request.user
    results = [acts.replay(by=user, raw=raw) for raw in listed]
    found = {"server_now": timezone.now().isoformat(), "results": [told(r) for r in results]}
    return say(found, status=_status(results))


def _status(results: list[acts.Result]) -> int:
    """503 where something passes by itself and is sent again (every act is known by its operation);
    412 where all there is are edits of what others changed meanwhile."""
    if any(one.retry for one in results):
        return 503
    return 412 if results and all(one.conflict for one in results) else 200


def told(result: acts.Result) -> dict[str, Any]:
    """What became of an act, for the phone."""
    found: dict[str, Any] = {
        "op_id": result.op_id, "state": result.state, "missing": result.missing,
        "received_at": result.received_at.isoformat() if result.received_at else None,
        "sentence": result.sentence,
    }  # fmt: skip
    if result.problem is not None:
        found |= {"problem": str(result.problem), "number": result.number}
    if result.retry:
        found["retry"] = True
    if result.conflict:
        found |= {"conflict": result.conflict, "version": result.conflict["version"]}
    return found


@require_POST
@json_door
@audience("signed_in")
def receipts(request: HttpRequest) -> HttpResponseBase:
    """POST /field/receipts: what became of acts and photos whose answer was lost. What is not in
    the answer never came."""
    found = reading.document(request.body)
    wanted, hashes = found.get("op_ids") or [], found.get("photos") or []
    if not (isinstance(wanted, list) and isinstance(hashes, list)):
        raise Malformed("wrong_field", field="op_ids")
    ids = [reading.uuid_in({"op_id": one}, "op_id") for one in wanted[:MOST_ASKED]]
    known = acts.results_of(request.user, [one for one in ids if one is not None])
    uploads = Upload.objects.filter(
        user=request.user.pk, sha256__in=[h for h in hashes[:MOST_ASKED] if reading.is_hash(h)]
    )
    return say(
        {
            "server_now": timezone.now().isoformat(),
            "results": [told(result) for result in known],
            "photos": [shown(upload) for upload in uploads],
        }
    )
