"""What to fix first: which open works regain the most expected points before the gate.

Pure functions without tables or clock: `choose` takes the best set within capacity. The points
come from the forecast's closed form.
"""

from weicheng.scoring.fixing.choosing import choose
from weicheng.scoring.fixing.ledger import shared_out
from weicheng.scoring.fixing.works import (
    NANO_PER_MILLI,
    BadInput,
    Choice,
    Gains,
    Kind,
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
    "Kind",
    "LeftOut",
    "Pair",
    "Part",
    "UnitUse",
    "Work",
    "choose",
    "shared_out",
]
