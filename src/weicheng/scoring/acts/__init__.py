"""What may be written beside the visits; every act takes ``by`` and an ``op_id``, happens once."""

from .switching import switch
from .writing import (
    draw_line,
    drop_line,
    estimate_satisfaction,
    mark_documents,
    state_indicator,
)

__all__ = [
    "draw_line",
    "drop_line",
    "estimate_satisfaction",
    "mark_documents",
    "state_indicator",
    "switch",
]
