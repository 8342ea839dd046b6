"""What may be done with what phones send; each act happens once."""

from .holding import drop, release
from .importing import Imported, import_queue
from .replaying import Result, missing, replay, results_of, settle_waiting
from .uploading import Announced, add_piece, announce, clean

__all__ = [
    "Announced",
    "Imported",
    "Result",
    "add_piece",
    "announce",
    "clean",
    "drop",
    "import_queue",
    "missing",
    "release",
    "replay",
    "results_of",
    "settle_waiting",
]
