"""What may be done to checks; every act takes ``by`` and an ``op_id`` and happens once."""

from .many import Given, Kept, Tie, record_visits, tie_problems
from .visiting import Finding, Look, Reported, file_found, record_finding, record_visit

__all__ = [
    "Finding",
    "Given",
    "Kept",
    "Look",
    "Reported",
    "Tie",
    "file_found",
    "record_finding",
    "record_visit",
    "record_visits",
    "tie_problems",
]
