"""What may be written beside the visits; every act takes ``by`` and an ``op_id``, happens once."""

from .asking import PATIENCE, ask_run, set_strength, state_outlay
from .sending import Sent, dispatch_chosen, plan_sites
from .switching import switch
from .writing import (
    draw_line,
    drop_line,
    estimate_satisfaction,
    mark_documents,
    state_condition,
    state_indicator,
)

__all__ = [
    "PATIENCE",
    "Sent",
    "ask_run",
    "dispatch_chosen",
    "draw_line",
    "drop_line",
    "estimate_satisfaction",
    "mark_documents",
    "plan_sites",
    "set_strength",
    "state_condition",
    "state_indicator",
    "state_outlay",
    "switch",
]
