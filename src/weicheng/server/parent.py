"""Children that end with their parent, so that a killed starter leaves nothing running."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

from weicheng.server.orphans import MARK

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dying_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program starts: ask for `number` when `parent` dies."""

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_SET_DEATH_SIGNAL, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent dies; only under our own starter."""
    if _libc is not None and MARK in os.environ:
        _libc.prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
