"""The tables of checks."""

from .concealment import concerned_units
from .lookback import LookBack
from .observing import PanelSheet
from .plans import Guest, Member, Plan, Stop, Team, YearPlan
from .rulings import Ruling
from .visits import Found, Visit

__all__ = [
    "Found",
    "Guest",
    "LookBack",
    "Member",
    "PanelSheet",
    "Plan",
    "Ruling",
    "Stop",
    "Team",
    "Visit",
    "YearPlan",
    "concerned_units",
]
