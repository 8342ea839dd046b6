"""What may be done to checks; every act takes ``by`` and an ``op_id`` and happens once."""

from .visiting import Finding, Look, Reported, file_found, record_finding, record_visit

__all__ = [
    "Finding",
    "Look",
    "Reported",
    "file_found",
    "record_finding",
    "record_visit",
]
