"""What may be done to checks; every act takes ``by`` and an ``op_id`` and happens once."""

from .many import Given, Kept, Tie, record_visits, tie_problems
from .observing import (
    enter_papers,
    number_papers,
    plan_observation,
    publish_observation,
)
from .visiting import Finding, Look, Reported, file_found, record_finding, record_visit

__all__ = [
    "Finding",
    "Given",
    "Kept",
    "Look",
    "Reported",
    "Tie",
    "enter_papers",
    "file_found",
    "number_papers",
    "plan_observation",
    "publish_observation",
    "record_finding",
    "record_visit",
    "record_visits",
    "tie_problems",
]
