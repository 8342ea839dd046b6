"""What to fix first: which open works regain the most expected points before the gate.

Pure functions without tables or clock: `choose` for the best set within capacity, `ranked` for
the plain list. The points come from the forecast's closed form.
"""

from weicheng.scoring.fixing.choosing import choose
from weicheng.scoring.fixing.ledger import shared_out
from weicheng.scoring.fixing.ranking import Row, ranked
from weicheng.scoring.fixing.works import (
    NANO_PER_MILLI,
    BadInput,
    Choice,
    Gains,
    LeftOut,
    Pair,
    Part,
    UnitUse,
    Work,
)

__all__ = [
    "NANO_PER_MILLI",
    "BadInput",
    "Choice",
    "Gains",
    "LeftOut",
    "Pair",
    "Part",
    "Row",
    "UnitUse",
    "Work",
    "choose",
    "ranked",
    "shared_out",
]
