"""The tables of checks."""

from .concealment import answered_by, concerned_sites, concerned_units
from .lookback import LookBack
from .observing import PanelSheet
from .plans import DrawnFrom, Guest, Member, Plan, Stop, Team, YearPlan
from .rulings import Ruling
from .visits import Found, Visit

__all__ = [
    "DrawnFrom",
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
    "answered_by",
    "concerned_sites",
    "concerned_units",
]
