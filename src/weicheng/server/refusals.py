"""Why an installation cannot start or a backup cannot be taken, as one sentence for its keeper."""

from __future__ import annotations


class CannotRun(Exception):
    """Carries one sentence for the person at the console; never a stack trace."""
