"""The address printed on a paper of the panel: it opens that one paper and nothing else.

The token is the paper's id with a seal made from the installation's key: nobody can guess it, the
table does not hold it, and it can be printed again. It says nothing of who holds the paper.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from uuid import UUID

from django.utils.crypto import salted_hmac

from weicheng.inspections.models import PanelSheet

_SEAL = 17  #: 33 bytes in all: no letter of the token has bits to spare


def token_of(sheet: PanelSheet) -> str:
    """The token of a paper (44 letters)."""
    return base64.urlsafe_b64encode(sheet.pk.bytes + _seal(sheet.pk.bytes)).decode()


def sheet_of(token: str) -> PanelSheet | None:
    """The paper of a token with its day, None for anything that we did not seal."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, seal = raw[:16], raw[16:]
    if len(body) != 16 or not hmac.compare_digest(seal, _seal(body)):
        return None
    return PanelSheet.objects.select_related("plan").filter(pk=UUID(bytes=body)).first()


def _seal(body: bytes) -> bytes:
    return salted_hmac("weicheng.panel_sheet", body.hex(), algorithm="sha256").digest()[:_SEAL]
