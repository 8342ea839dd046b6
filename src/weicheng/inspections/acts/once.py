"""Each act on checks happens once: the operation is claimed, or the earlier answer stands."""

from __future__ import annotations

from functools import partial

from weicheng.inspections.refusals import Refused
from weicheng.journal import once

#: See journal.once.claim.
claim = partial(once.claim, Refused)

#: See journal.once.refusing_when_busy.
refusing_when_busy = partial(once.refusing_when_busy, Refused)
