"""Each act on scores happens once: the operation is claimed, or the earlier answer stands."""

from __future__ import annotations

from functools import partial

from weicheng.journal import once
from weicheng.scoring.refusals import Refused

#: See journal.once.claim.
claim = partial(once.claim, Refused)
